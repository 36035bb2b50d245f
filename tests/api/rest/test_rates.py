"""How often someone may ask: rates as they are written, and how requests are counted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rest.models import ThrottleWindow
from rest.throttles import Rate, count_request, parse_rate

UNIT_S = {"s": 1, "min": 60, "h": 3600, "d": 86_400}


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("20/min", Rate(20, 60)),
        ("100/5min", Rate(100, 300)),
        ("1000/h", Rate(1000, 3600)),
        ("1/s", Rate(1, 1)),
        ("7/2d", Rate(7, 172_800)),
        ("off", None),
    ],
)
def test_a_rate_is_so_many_in_so_long(text: str, rate: Rate | None) -> None:
    assert parse_rate(text) == rate


@given(most=st.integers(1, 10**6), times=st.integers(1, 999), unit=st.sampled_from(sorted(UNIT_S)))
def test_every_rate_is_read_as_it_is_written(most: int, times: int, unit: str) -> None:
    assert parse_rate(f"{most}/{times}{unit}") == Rate(most, times * UNIT_S[unit])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "20",
        "20/",
        "/min",
        "0/min",
        "-1/min",
        "20/0min",
        "20/minute",
        "20 / min",
        "20/min ",
        "OFF",
        "1.5/s",
        "٣/min",
    ],
)
def test_anything_else_is_no_rate(text: str) -> None:
    with pytest.raises(ValueError, match="is no rate"):
        parse_rate(text)


@pytest.mark.django_db
def test_a_window_takes_as_many_as_the_rate_says_and_then_tells_the_wait() -> None:
    rate = Rate(2, 60)
    assert [count_request("k", rate, now_s) for now_s in (120.0, 130.9, 131.0, 179.9)] == [None, None, 49, 1]


@pytest.mark.django_db
def test_the_next_window_begins_anew() -> None:
    rate = Rate(1, 60)
    assert [count_request("k", rate, now_s) for now_s in (120.0, 179.0, 180.0)] == [None, 1, None]


@pytest.mark.django_db
def test_everyone_is_counted_alone() -> None:
    rate = Rate(1, 60)
    assert [count_request(key, rate, 0.0) for key in ("a", "b", "a")] == [None, None, 60]


@pytest.mark.django_db
def test_windows_long_past_are_forgotten() -> None:
    rate = Rate(1, 60)
    count_request("old", rate, 0.0)
    count_request("yesterday", rate, 3 * 86_400.0)
    count_request("today", rate, 4 * 86_400.0)
    assert set(ThrottleWindow.objects.values_list("key", flat=True)) == {"yesterday", "today"}
