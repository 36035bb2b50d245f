"""How an entry of the catalogue is written down."""

from collections.abc import Mapping

from Backtest.indicators.definitions import Argument, Call, Indicator, Number, Output, Parameter, Warmup

LONGEST_PERIOD = 10_000
PRICE_COLUMNS = ("Open", "High", "Low", "Close", "Volume")

SOURCE = ("source",)
HLC = ("High", "Low", "Close")
PERCENT = (0.0, 100.0)


def period(
    default: int, *, minimum: int = 2, name: str = "timeperiod", required: bool = False, description: str = "bars"
) -> Parameter:
    return Parameter(name, default, minimum, LONGEST_PERIOD, integer=True, description=description, required=required)


def real(name: str, default: float, minimum: float, maximum: float, description: str) -> Parameter:
    return Parameter(name, default, minimum, maximum, integer=False, description=description)


def sum_of(*terms: str, plus: int = 0) -> Warmup:
    """The warm-up that is the sum of the named parameters plus a constant."""

    def warmup(params: Mapping[str, Number]) -> int:
        return sum(int(params[term]) for term in terms) + plus

    return warmup


def _arguments(
    inputs: tuple[str, ...], keywords: Mapping[str, str | Number], parameters: tuple[Parameter, ...]
) -> tuple[Argument, ...]:
    """Inputs by position, then keywords: a string is a parameter's name, a number a constant.

    Without `keywords`, the parameters by their own names.
    """
    named = keywords or {parameter.name: parameter.name for parameter in parameters}
    return (
        *(Argument("input", column) for column in inputs),
        *(Argument("parameter" if isinstance(value, str) else "constant", value, key) for key, value in named.items()),
    )


def indicator(
    name: str,
    title: str,
    description: str,
    *,
    inputs: tuple[str, ...],
    warmup: Warmup,
    parameters: tuple[Parameter, ...] = (),
    function: str = "",
    keywords: Mapping[str, str | Number] | None = None,
    outputs: tuple[Output, ...] = (),
    picks: tuple[int, ...] = (),
    bounds: tuple[float, float] | None = None,
    aliases: tuple[str, ...] = (),
    source: str | None = None,
    stem: str = "",
    price_like: bool = False,
) -> Indicator:
    return Indicator(
        name=name,
        title=title,
        description=description,
        aliases=aliases,
        column_stem=stem or name,
        parameters=parameters,
        inputs=inputs,
        default_source=source or ("Close" if "source" in inputs else None),
        outputs=outputs or (Output(None, stem or name, description, bounds),),
        call=Call(
            function or f"talib.{name}",
            _arguments(inputs, keywords or {}, parameters),
            picks or tuple(range(len(outputs))),
        ),
        price_like=price_like,
        warmup=warmup,
    )
