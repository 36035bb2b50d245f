"""What the cache keeps, drops and protects."""

import numpy as np
import pytest

from Backtest.data_manager import load_bars
from Backtest.indicators.arrays import compute
from Backtest.indicators.indicator_registry import find
from Backtest.kernel.columns import IndicatorColumn, PriceColumn, column_array
from Backtest.kernel.indicator_cache import ArrayCache

KIB = 1024


def arrays_of(kib: int):
    return lambda: (np.ones(kib * KIB // 8),)


def test_a_key_is_computed_once() -> None:
    asked: list[str] = []

    def compute_once() -> tuple[np.ndarray, ...]:
        asked.append("")
        return (np.arange(3.0),)

    cache = ArrayCache()
    first = cache.get("a", compute_once)
    assert cache.get("a", compute_once) is first
    assert len(asked) == 1


def test_the_longest_unasked_goes_first_and_the_bound_holds() -> None:
    cache = ArrayCache(max_bytes=3 * KIB)
    for key in ("a", "b", "c"):
        cache.get(key, arrays_of(1))
    a = cache.get("a", arrays_of(1))
    cache.get("d", arrays_of(1))
    assert (cache.bytes_kept, len(cache)) == (3 * KIB, 3)
    assert cache.get("a", arrays_of(1)) is a
    recomputed: list[int] = []
    cache.get("b", lambda: recomputed.append(1) or (np.ones(1),))
    assert recomputed == [1]


def test_what_is_larger_than_the_cache_is_answered_and_not_kept() -> None:
    cache = ArrayCache(max_bytes=KIB)
    assert cache.get("a", arrays_of(2))[0].nbytes == 2 * KIB
    assert cache.bytes_kept == 0


def test_what_is_kept_cant_be_written_to() -> None:
    (array,) = ArrayCache().get("a", arrays_of(1))
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 2.0


def test_bars_of_other_content_have_arrays_of_their_own() -> None:
    cache, goog = ArrayCache(), load_bars(symbol="GOOG")
    shorter = goog.window(None, "2010-01-04").bars
    close = PriceColumn("Close")
    assert len(column_array(close, goog, "1d", cache)) == len(goog)
    assert len(column_array(close, shorter, "1d", cache)) == len(shorter)


def test_an_indicators_array_is_the_registrys() -> None:
    goog = load_bars(symbol="GOOG")
    bands = find("BBANDS")
    params = {parameter.name: parameter.default for parameter in bands.parameters}
    column = IndicatorColumn("BBANDS", tuple(params.items()), "High", None, 2)
    wanted = compute(bands, params, goog.frame, "High")[2]
    np.testing.assert_array_equal(column_array(column, goog, "1d", ArrayCache()), wanted)
