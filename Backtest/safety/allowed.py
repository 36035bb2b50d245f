"""What a strategy may use: modules with their names, built-ins, special methods. Whatever is not here is refused."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AllowedModule:
    """The names of a module that may be imported or read; `pattern` admits further ones by their form."""

    names: frozenset[str]
    pattern: re.Pattern[str] | None = None

    def admits(self, name: str) -> bool:
        return name in self.names or (self.pattern is not None and self.pattern.fullmatch(name) is not None)


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _module(names: str, pattern: str | None = None) -> AllowedModule:
    return AllowedModule(_names(names), None if pattern is None else re.compile(pattern))


_NUMPY = """
abs absolute add all allclose amax amin angle any append apply_along_axis apply_over_axes arange arccos arccosh arcsin
arcsinh arctan arctan2 arctanh argmax argmin argpartition argsort argwhere around array array2string array_equal
array_equiv array_split array_str asanyarray asarray asarray_chkfinite ascontiguousarray atleast_1d atleast_2d
atleast_3d average bartlett bincount bitwise_and bitwise_count bitwise_not bitwise_or bitwise_xor blackman bool bool_
broadcast_arrays broadcast_shapes broadcast_to busday_count busday_offset byte c_ cbrt ceil choose clip column_stack
complex128 complex64 compress concat concatenate convolve copy copysign copyto corrcoef correlate cos cosh
count_nonzero cov cross cumprod cumsum datetime64 datetime_as_string deg2rad degrees delete diag diagonal diff digitize
divide divmod dot double dsplit dstack dtype e ediff1d einsum empty empty_like equal errstate euler_gamma exp exp2
expand_dims expm1 extract eye fabs fill_diagonal finfo fix flatnonzero flip fliplr flipud float16 float32 float64
float_power floating floor floor_divide fmax fmin fmod format_float_positional format_float_scientific frexp frombuffer
fromfunction fromiter frompyfunc full full_like gcd generic geomspace gradient greater greater_equal hamming hanning
heaviside histogram histogram2d histogram_bin_edges hsplit hstack hypot i0 identity iinfo imag indices inexact inf
inner insert int16 int32 int64 int8 int_ intc integer interp intersect1d intp invert is_busday isclose isfinite isin
isinf isnan isnat isneginf isposinf isreal isscalar issubdtype iterable ix_ kaiser kron lcm ldexp less less_equal
lexsort linspace log log10 log1p log2 logaddexp logaddexp2 logical_and logical_not logical_or logical_xor logspace
longdouble longlong matmul max maximum mean median meshgrid mgrid min minimum mod modf moveaxis multiply nan nan_to_num
nanargmax nanargmin nancumprod nancumsum nanmax nanmean nanmedian nanmin nanpercentile nanprod nanquantile nanstd
nansum nanvar ndarray ndenumerate ndim ndindex negative newaxis nextafter nonzero not_equal number object_ ogrid ones
ones_like outer pad partition percentile pi piecewise place poly1d polyadd polyder polydiv polyfit polyint polymul
polysub polyval positive pow power printoptions prod ptp put put_along_axis putmask quantile r_ rad2deg radians ravel
real reciprocal remainder repeat reshape resize result_type right_shift left_shift rint roll rollaxis roots rot90 round
row_stack s_ searchsorted select setdiff1d set_printoptions seterr geterr setxor1d shape sign signbit signedinteger sin
sinc single sinh size sort spacing split sqrt square squeeze stack std str_ subtract sum swapaxes take take_along_axis
tan tanh tensordot tile timedelta64 trace transpose trapezoid tri tril tril_indices trim_zeros triu triu_indices
true_divide trunc ubyte ufunc uint uint16 uint32 uint64 uint8 union1d unique unravel_index unsignedinteger unwrap
vander var vdot vectorize vsplit vstack where zeros zeros_like
linalg random fft polynomial typing lib
"""

_PANDAS = """
ArrowDtype BooleanDtype Categorical CategoricalDtype CategoricalIndex DataFrame DateOffset DatetimeIndex DatetimeTZDtype
Float32Dtype Float64Dtype Grouper Index IndexSlice Int16Dtype Int32Dtype Int64Dtype Int8Dtype Interval IntervalDtype
IntervalIndex MultiIndex NA NaT NamedAgg Period PeriodDtype PeriodIndex RangeIndex Series StringDtype Timedelta
TimedeltaIndex Timestamp UInt16Dtype UInt32Dtype UInt64Dtype UInt8Dtype array bdate_range concat crosstab cut date_range
factorize get_dummies infer_freq interval_range isna isnull lreshape melt merge merge_asof merge_ordered notna notnull
period_range pivot pivot_table qcut timedelta_range to_datetime to_numeric to_timedelta unique wide_to_long
set_option option_context options api errors offsets tseries
"""

_TYPING = """
Annotated Any Callable ClassVar Collection Concatenate Counter DefaultDict Deque Dict Final FrozenSet Generator Generic
Hashable Iterable Iterator List Literal LiteralString Mapping MutableMapping MutableSequence MutableSet NamedTuple Never
NewType NoReturn NotRequired Optional OrderedDict ParamSpec Protocol Required Reversible Self Sequence Set Sized
SupportsAbs SupportsFloat SupportsIndex SupportsInt SupportsRound Text Tuple Type TYPE_CHECKING TypeAlias TypedDict
TypeGuard TypeVar Union Unpack assert_never cast final get_args get_origin overload runtime_checkable
"""

_NUMPY_RANDOM = """
Generator PCG64 RandomState SeedSequence beta binomial chisquare choice default_rng exponential gamma geometric laplace
lognormal multinomial multivariate_normal normal pareto permutation poisson rand randint randn random random_sample seed
shuffle standard_normal standard_t triangular uniform
"""

_RANDOM = """
Random betavariate choice choices expovariate gammavariate gauss getrandbits lognormvariate normalvariate paretovariate
randint random randrange sample seed shuffle triangular uniform vonmisesvariate weibullvariate
"""

_MATH_LIKE = r"[a-z][a-z0-9_]*"

MODULES = {
    "__future__": _module("annotations division print_function absolute_import unicode_literals generator_stop"),
    "abc": _module("ABC ABCMeta abstractmethod"),
    "backtesting": _module("Backtest Strategy backtesting lib test"),
    "backtesting.backtesting": _module("Backtest Strategy Order Position Trade"),
    "backtesting.lib": _module(
        "OHLCV_AGG SignalStrategy TRADES_AGG TrailingStrategy barssince compute_stats cross crossover quantile"
        " resample_apply"
    ),
    "backtesting.test": _module("BTCUSD EURUSD GOOG SMA"),
    "bisect": _module("bisect bisect_left bisect_right insort insort_left insort_right"),
    "calendar": _module("day_abbr day_name isleap month_abbr month_name monthrange weekday"),
    "cmath": _module("", _MATH_LIKE),
    "collections": _module("ChainMap Counter OrderedDict abc defaultdict deque namedtuple"),
    "collections.abc": _module("", r"[A-Z][A-Za-z]*"),
    "contextlib": _module("contextmanager nullcontext suppress"),
    "copy": _module("copy deepcopy"),
    "dataclasses": _module("FrozenInstanceError InitVar KW_ONLY MISSING asdict astuple dataclass field fields replace"),
    "datetime": _module("MAXYEAR MINYEAR UTC date datetime time timedelta timezone"),
    "decimal": _module("Decimal InvalidOperation localcontext getcontext", r"ROUND_[A-Z_]+"),
    "enum": _module("Enum Flag IntEnum IntFlag StrEnum auto unique"),
    "fractions": _module("Fraction"),
    "functools": _module(
        "cache cached_property cmp_to_key lru_cache partial partialmethod reduce singledispatch total_ordering wraps"
    ),
    "hashlib": _module("blake2b blake2s md5 sha1 sha224 sha256 sha384 sha512"),
    "heapq": _module("heapify heappop heappush heappushpop heapreplace merge nlargest nsmallest"),
    "itertools": _module("", _MATH_LIKE),
    "json": _module("JSONDecodeError dumps loads"),
    "logging": _module("CRITICAL DEBUG ERROR INFO WARNING critical debug error getLogger info warning"),
    "math": _module("", _MATH_LIKE),
    "numbers": _module("Complex Integral Number Rational Real"),
    "numpy": _module(_NUMPY),
    "numpy.fft": _module("", r"i?r?fftn?2?|i?hfft|fftfreq|rfftfreq|i?fftshift"),
    "numpy.lib": _module("stride_tricks"),
    "numpy.lib.stride_tricks": _module("sliding_window_view"),
    "numpy.linalg": _module(
        "LinAlgError cholesky cond det eig eigh eigvals eigvalsh inv lstsq matrix_power matrix_rank multi_dot norm pinv"
        " qr slogdet solve svd"
    ),
    "numpy.polynomial": _module("Chebyshev Polynomial"),
    "numpy.random": _module(_NUMPY_RANDOM),
    "numpy.typing": _module("ArrayLike DTypeLike NDArray"),
    "operator": _module(
        "",
        r"abs|add|and_|contains|countOf|eq|floordiv|ge|getitem|gt|indexOf|inv|invert|is_|is_not|itemgetter|le|lt|mod"
        r"|mul|ne|neg|not_|or_|pos|pow|sub|truediv|truth|xor",
    ),
    "pandas": _module(_PANDAS),
    "pandas.api": _module("types"),
    "pandas.api.types": _module("", r"is_[a-z0-9_]+"),
    "pandas.errors": _module("", r"[A-Z][A-Za-z]*(Error|Warning)"),
    "pandas.offsets": _module("", r"[A-Z][A-Za-z]*"),
    "pandas.options": _module("display mode"),
    "pandas.options.display": _module("", r"[a-z][a-z_]*"),
    "pandas.options.mode": _module("", r"[a-z][a-z_]*"),
    "pandas.tseries": _module("frequencies offsets"),
    "pandas.tseries.frequencies": _module("to_offset"),
    "pandas.tseries.offsets": _module("", r"[A-Z][A-Za-z]*"),
    "pprint": _module("pformat pp pprint"),
    "random": _module(_RANDOM),
    "re": _module(
        "A ASCII DOTALL I IGNORECASE M MULTILINE Match Pattern S VERBOSE X compile error escape findall finditer"
        " fullmatch match search split sub subn"
    ),
    "statistics": _module(
        "NormalDist StatisticsError correlation covariance fmean geometric_mean harmonic_mean linear_regression mean"
        " median median_grouped median_high median_low mode multimode pstdev pvariance quantiles stdev variance"
    ),
    "string": _module("capwords digits hexdigits octdigits printable punctuation whitespace", r"ascii_[a-z]+"),
    "struct": _module("Struct calcsize error iter_unpack pack unpack unpack_from"),
    "talib": _module("MA_Type abstract get_function_groups get_functions", r"[A-Z][A-Z0-9_]*"),
    "talib.abstract": _module("", r"[A-Z][A-Z0-9_]*"),
    "textwrap": _module("dedent fill indent shorten wrap"),
    "typing": _module(_TYPING),
    "warnings": _module("catch_warnings filterwarnings simplefilter warn"),
    "zoneinfo": _module("ZoneInfo ZoneInfoNotFoundError"),
}
"""Everything that may be imported, by its dotted name."""

OPTION_MODULES = frozenset({"pandas.options.display", "pandas.options.mode"})
"""Their names may be set."""

GUARD_MODULES = {
    "argparse": _module("", r"[A-Za-z]+"),
    "json": _module("dump dumps load loads"),
    "matplotlib.pyplot": _module("", r"[a-z_]+"),
    "numpy": _module(_NUMPY),
    "pandas": _module(_PANDAS, r"read_(csv|parquet|json|excel|feather)"),
    "pathlib": _module("Path PurePath"),
    "sys": _module("argv exit stderr stdin stdout version_info"),
    "time": _module("monotonic perf_counter time"),
    "yfinance": _module("Ticker download"),
}
"""Further modules under `if __name__ == "__main__":`, which never runs in the sandbox."""

GUARD_BUILTINS = _names("setattr vars")

BUILTINS = _names(
    """
    ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup DeprecationWarning Ellipsis
    Exception ExceptionGroup False FloatingPointError FutureWarning ImportError IndexError KeyError LookupError
    MemoryError ModuleNotFoundError NameError None NotImplemented NotImplementedError OSError OverflowError
    RecursionError RuntimeError RuntimeWarning StopIteration True TypeError UnboundLocalError UnicodeError UserWarning
    ValueError Warning ZeroDivisionError abs all any ascii bin bool bytearray bytes callable chr classmethod complex
    dict divmod enumerate filter float format frozenset getattr hasattr hash hex id int isinstance issubclass iter len
    list map max min next object oct ord pow print property range repr reversed round set slice sorted staticmethod
    str sum super tuple type zip __name__ __doc__ __debug__
    """
)

EXITS = _names("exit quit SystemExit KeyboardInterrupt GeneratorExit")

SPECIAL_NAMES_TO_SET = _names(
    "__all__ __author__ __copyright__ __date__ __doc__ __email__ __hash__ __license__ __match_args__ __slots__"
    " __version__"
)

SPECIAL_NAMES_TO_READ = _names("__author__ __doc__ __name__ __slots__ __version__")

SPECIAL_METHODS = _names(
    """
    __init__ __post_init__ __repr__ __str__ __format__ __bool__ __len__ __iter__ __next__ __reversed__ __contains__
    __getitem__ __setitem__ __delitem__ __call__ __hash__ __enter__ __exit__ __index__ __int__ __float__ __round__
    __eq__ __ne__ __lt__ __le__ __gt__ __ge__ __add__ __radd__ __iadd__ __sub__ __rsub__ __isub__ __mul__ __rmul__
    __imul__ __truediv__ __rtruediv__ __floordiv__ __rfloordiv__ __mod__ __rmod__ __pow__ __rpow__ __neg__ __pos__
    __abs__ __invert__ __and__ __rand__ __or__ __ror__ __xor__ __rxor__ __divmod__
    """
)

SAFE_TO_METHODS = _names(
    """
    to_dict to_eng_string to_flat_index to_frame to_integral to_integral_exact to_integral_value to_julian_date to_list
    to_numeric to_numpy to_offset to_period to_pydatetime to_pytimedelta to_records to_series to_timedelta
    to_timedelta64 to_datetime to_datetime64 to_timestamp
    """
)
"""`to_...` methods of pandas and decimal that write nothing; every other one is taken for a writer."""

FILE_METHODS = _names(
    """
    tofile fromfile memmap open_memmap read_text write_text read_bytes write_bytes savefig ctypes
    to_csv to_json to_excel to_parquet to_feather to_hdf to_sql to_stata to_pickle to_html to_latex to_markdown to_xml
    to_gbq to_orc to_clipboard to_string
    """
)
"""Refused on whatever object."""

FILE_METHODS_OF_LIBRARIES = _names(
    "plot hist boxplot dump dumps load loads from_file addHandler handlers loggerDict baseFilename"
)
"""Refused unless the file gives something of its own this name."""

TEXT_CODE_METHODS = frozenset({"query", "eval"})

DISPATCH_METHODS = _names("agg aggregate apply transform pipe")

DISPATCH_KEYWORDS = _names("agg aggfunc")

DISPATCH_TEXTS = _names(
    """
    all any bfill count cumcount cummax cummin cumprod cumsum diff ffill first kurt last max mean median min ngroup
    nunique ohlc pct_change prod quantile rank sem shift size skew std sum var abs sqrt log exp
    """
)

PRICES = _names("Open High Low Close Volume")

STRATEGY_PRIVATES = _names("_broker _data _params _indicators _check_params _FULL_EQUITY _orders_of_init")

LIBRARY_PRIVATES = STRATEGY_PRIVATES | _names(
    """
    _adjusted_price _cash _close_trade _commission _commission_fixed _commission_func _commission_relative _commissions
    _copy _current_value _equity _exclusive_orders _finalize_trades _get_array _hedging _i _leverage _mgr _open_trade
    _opts _position_initial_value _position_size _position_unrealized_pl _process_orders _reduce_trade _replace
    _results _set_length _sl_order _spread _strategy _tp_order _trade_on_close _trades_cache_clear _update
    """
)

FRAME_ATTRIBUTE = re.compile(
    r"(gi|cr|ag)_(frame|code|running|yieldfrom|await|origin|suspended)"
    r"|f_(back|globals|builtins|locals|code|trace|lasti|lineno|trace_lines|trace_opcodes)"
    r"|tb_(frame|next|lasti|lineno)|func_(code|globals|closure|defaults)|mro"
    r"|co_(code|consts|names|varnames|freevars|cellvars|filename|firstlineno|flags|stacksize|lnotab|linetable|lines)"
)

MANGLED = re.compile(r"_[A-Za-z0-9]+__\w+")

MARKUP = re.compile(r"<\s*[A-Za-z/!?]")
