"""Small faults put into generated code, one at a time, on its syntax tree: what a proof has to find."""

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass

Change = Callable[[], None]
"""Puts the fault into the tree at hand."""

_BOUNDARY = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
_CONTRARY = {ast.Lt: ast.Gt, ast.LtE: ast.GtE, ast.Gt: ast.Lt, ast.GtE: ast.LtE, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq}
_ARITHMETIC = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult}
_COLUMNS = ("Close", "Open", "High", "Low")
_SIDES = {"buy": "sell", "sell": "buy"}
_LOCAL_FUNCTIONS = ("load_bars", "run_backtest", "COMMISSION")
"""Functions of a generated file that serve its own command line, and the account, which a run is given from outside."""


@dataclass(frozen=True)
class Mutant:
    """A file with one fault; `line` is where, `before` and `after` the statement that was changed."""

    operator: str
    line: int
    before: str
    after: str
    source: str

    def __str__(self) -> str:
        return f"{self.operator}, line {self.line}: {self.before}  ->  {self.after or '(nothing)'}"


def mutants(source: str) -> Iterator[Mutant]:
    """Every fault that the operators know of, in the order of the file."""
    tree = ast.parse(source)
    traded, parents = _traded(tree), _parents(tree)
    for index, node in enumerate(ast.walk(tree)):
        if id(node) not in traded:
            continue
        for name, operator in OPERATORS.items():
            for number in range(operator.most):
                if operator.make(node, parents.get(id(node)), number) is None:
                    break
                yield _mutant(tree, index, name, number)


def count(source: str) -> int:
    """How many there are."""
    tree = ast.parse(source)
    traded, parents = _traded(tree), _parents(tree)
    made = (
        operator.make(node, parents.get(id(node)), number)
        for node in ast.walk(tree)
        if id(node) in traded
        for operator in OPERATORS.values()
        for number in range(operator.most)
    )
    return sum(change is not None for change in made)


def _mutant(tree: ast.Module, index: int, name: str, number: int) -> Mutant:
    """A copy of the tree with one fault at its node number so and so."""
    made = copy.deepcopy(tree)
    node, parents = next(other for i, other in enumerate(ast.walk(made)) if i == index), _parents(made)
    change = OPERATORS[name].make(node, parents.get(id(node)), number)
    statement = node
    while not isinstance(statement, ast.stmt):
        statement = parents[id(statement)]
    before = ast.unparse(statement)
    change()
    left = any(other is statement for other in ast.walk(made))
    after = ast.unparse(statement) if left else ""
    return Mutant(name, statement.lineno, _short(before), _short(after), ast.unparse(ast.fix_missing_locations(made)))


def _parents(tree: ast.AST) -> dict[int, ast.AST]:
    return {id(child): parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)}


def _short(text: str) -> str:
    return text.splitlines()[0][:500] if text else ""


def _traded(tree: ast.Module) -> set[int]:
    """The ids of the nodes of what trades: the class and the functions it calls, but for their signatures."""
    found: set[int] = set()
    for top in tree.body:
        if isinstance(top, ast.ClassDef) or (isinstance(top, ast.FunctionDef) and top.name not in _LOCAL_FUNCTIONS):
            signatures = [node for node in ast.walk(top) if isinstance(node, ast.arguments)]
            found |= {id(node) for node in ast.walk(top)}
            found -= {id(below) for node in signatures for below in ast.walk(node)}
    return found


@dataclass(frozen=True)
class Operator:
    """`make(node, parent, number)` gives the change number so and so of a node, None where there is none."""

    make: Callable[[ast.AST, ast.AST | None, int], Change | None]
    most: int = 1


OPERATORS: dict[str, Operator] = {}


def operator(most: int = 1) -> Callable[[Callable[..., Change | None]], Callable[..., Change | None]]:
    def register(make: Callable[..., Change | None]) -> Callable[..., Change | None]:
        OPERATORS[make.__name__.strip("_")] = Operator(make, most)
        return make

    return register


def _replaced(parent: ast.AST | None, node: ast.AST, new: ast.AST) -> Change | None:
    """Puts `new` in the place of `node`."""
    for name, value in ast.iter_fields(parent) if parent is not None else ():
        if value is node:
            return lambda: setattr(parent, name, new)
        if isinstance(value, list) and any(item is node for item in value):
            return lambda: setattr(parent, name, [new if item is node else item for item in value])
    return None


def _without(items: list, item: object) -> Change:
    def change() -> None:
        items[:] = [other for other in items if other is not item]

    return change


def _set(node: ast.AST, **fields: object) -> Change:
    def change() -> None:
        for name, value in fields.items():
            setattr(node, name, value)

    return change


# comparisons and logic


@operator()
def boundary(node, parent, number):
    """`<` to `<=` and the like."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in _BOUNDARY:
        return _set(node, ops=[_BOUNDARY[type(node.ops[0])](), *node.ops[1:]])
    return None


@operator()
def contrary(node, parent, number):
    """`<` to `>`, `==` to `!=`."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in _CONTRARY:
        return _set(node, ops=[_CONTRARY[type(node.ops[0])](), *node.ops[1:]])
    return None


@operator()
def operands_swapped(node, parent, number):
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _BOUNDARY:
        return _set(node, left=node.comparators[0], comparators=[node.left])
    return None


@operator()
def and_or(node, parent, number):
    if isinstance(node, ast.BoolOp):
        return _set(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
    return None


@operator(most=6)
def condition_dropped(node, parent, number):
    if isinstance(node, ast.BoolOp) and number < len(node.values):
        return _set(node, values=node.values[:number] + node.values[number + 1 :])
    return None


@operator()
def negated(node, parent, number):
    """A test becomes its contrary."""
    if isinstance(node, ast.If | ast.IfExp):
        return _set(node, test=ast.UnaryOp(op=ast.Not(), operand=node.test))
    return None


@operator(most=2)
def test_forced(node, parent, number):
    """A test holds always, or never."""
    if isinstance(node, ast.If):
        return _set(node, test=ast.Constant(value=number == 0))
    return None


@operator()
def not_removed(node, parent, number):
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return _replaced(parent, node, node.operand)
    return None


# numbers, periods, shifts


def _number(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool)


@operator(most=2)
def period_by_one(node, parent, number):
    """A whole number that is given by name (`timeperiod=14`), or as the class's own, one up or down."""
    given = isinstance(parent, ast.keyword | ast.Assign) and _number(node) and isinstance(node.value, int)
    return _set(node, value=node.value + (1, -1)[number]) if given else None


@operator(most=2)
def number_by_one(node, parent, number):
    """Any other number, one up or down."""
    given = _number(node) and not isinstance(parent, ast.keyword | ast.Assign | ast.UnaryOp)
    return _set(node, value=node.value + (1, -1)[number]) if given else None


@operator(most=2)
def number_scaled(node, parent, number):
    if _number(node) and node.value not in (0, 1) and not isinstance(parent, ast.UnaryOp | ast.keyword):
        return _set(node, value=node.value * (1.01, 0.99)[number])
    return None


@operator(most=2)
def shift_by_one(node, parent, number):
    """`[-1]` to `[-2]`, `[-3]` to `[-2]`."""
    is_index = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(parent, ast.Subscript)
    if is_index and _number(node.operand) and isinstance(node.operand.value, int):
        shift = node.operand.value + (1, -1)[number]
        return _set(node.operand, value=shift) if shift >= 1 else None
    return None


@operator()
def arithmetic(node, parent, number):
    if isinstance(node, ast.BinOp) and type(node.op) in _ARITHMETIC:
        return _set(node, op=_ARITHMETIC[type(node.op)]())
    return None


@operator()
def sign_dropped(node, parent, number):
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and not isinstance(parent, ast.Subscript):
        return _replaced(parent, node, node.operand)
    return None


@operator()
def min_max(node, parent, number):
    """A trail that loosens, a cap that is a floor."""
    others = {"min": "max", "max": "min", "any": "all", "all": "any", "MAX": "MIN", "MIN": "MAX"}
    if isinstance(node, ast.Name) and node.id in others:
        return _set(node, id=others[node.id])
    if isinstance(node, ast.Attribute) and node.attr in others:
        return _set(node, attr=others[node.attr])
    return None


# prices and indicators


@operator(most=3)
def another_price(node, parent, number):
    """`self.data.Close` to another column."""
    if isinstance(node, ast.Attribute) and node.attr in _COLUMNS:
        return _set(node, attr=[name for name in _COLUMNS if name != node.attr][number])
    return None


@operator()
def wrong_anchor(node, parent, number):
    """A stop or target measured from the close instead of the fill."""
    if isinstance(node, ast.Attribute) and node.attr == "entry_price":
        return _replaced(parent, node, ast.parse("self.data.Close[-1]", mode="eval").body)
    return None


@operator()
def another_anchor(node, parent, number):
    """The signal's close becomes the signal bar's open."""
    if isinstance(node, ast.Name) and node.id == "close" and isinstance(node.ctx, ast.Load):
        return _replaced(parent, node, ast.parse("self.data.Open[-1]", mode="eval").body)
    return None


@operator()
def another_indicator(node, parent, number):
    others = {"SMA": "EMA", "EMA": "SMA", "WMA": "SMA", "RSI": "CMO", "ATR": "NATR", "ADX": "DX"}
    is_talib = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "talib"
    return _set(node, attr=others[node.attr]) if is_talib and node.attr in others else None


@operator(most=2)
def indicator_moved(node, parent, number):
    """The whole indicator a bar late, or a bar early."""
    is_indicator = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "I"
    if not is_indicator:
        return None
    moved = ast.parse(f"lambda *a, **k: np.roll(np.asarray(_f(*a, **k)), {(1, -1)[number]}, axis=-1)", mode="eval").body
    call = next(inner for inner in ast.walk(moved) if isinstance(inner, ast.Name) and inner.id == "_f")
    first = node.args[0]

    def change() -> None:
        _replaced(_parents(moved)[id(call)], call, first)()
        node.args[0] = moved

    return change


@operator()
def arguments_swapped(node, parent, number):
    if isinstance(node, ast.Call) and len(node.args) == 2 and not any(isinstance(a, ast.Starred) for a in node.args):
        return _set(node, args=node.args[::-1])
    return None


# orders


@operator()
def side_swapped(node, parent, number):
    if isinstance(node, ast.Attribute) and node.attr in _SIDES:
        return _set(node, attr=_SIDES[node.attr])
    return None


def _order(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _SIDES


@operator(most=5)
def order_without(node, parent, number):
    """An order that lost its stop, its target, its size, its price."""
    if not _order(node):
        return None
    given = [keyword for keyword in node.keywords if keyword.arg != "tag"]
    return _without(node.keywords, given[number]) if number < len(given) else None


@operator()
def stop_for_target(node, parent, number):
    """A keyword of another: stop and target, limit and stop order."""
    others = {"sl": "tp", "tp": "sl", "limit": "stop", "stop": "limit"}
    if isinstance(node, ast.keyword) and node.arg in others and isinstance(parent, ast.Call) and _order(parent):
        named = {keyword.arg for keyword in parent.keywords}
        return _set(node, arg=others[node.arg]) if others[node.arg] not in named else None
    return None


@operator()
def levels_swapped(node, parent, number):
    """`sl` and `tp` of a trade or an order for each other."""
    if _order(node) and {"sl", "tp"} <= {keyword.arg for keyword in node.keywords}:
        pair = [keyword for keyword in node.keywords if keyword.arg in ("sl", "tp")]

        def change() -> None:
            pair[0].arg, pair[1].arg = pair[1].arg, pair[0].arg

        return change
    return None


@operator()
def size_changed(node, parent, number):
    if isinstance(node, ast.keyword) and node.arg == "size":
        return _set(node, value=ast.parse("0.5", mode="eval").body)
    return None


@operator()
def portion_changed(node, parent, number):
    """A part of the position instead of all of it, and the other way round."""
    is_close = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "close"
    if not is_close:
        return None
    return _set(node, args=[]) if node.args else _set(node, args=[ast.Constant(value=0.5)])


@operator()
def statement_dropped(node, parent, number):
    """An order, an exit, a stop that is not sent; a value that is not kept."""
    if isinstance(node, ast.Expr | ast.Assign | ast.AugAssign | ast.Return | ast.Continue | ast.Break | ast.Delete):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            return None
        return _replaced(parent, node, ast.Pass())
    return None


@operator()
def branch_dropped(node, parent, number):
    """What an `else` or an `elif` does is not done."""
    return _set(node, orelse=[]) if isinstance(node, ast.If) and node.orelse else None


@operator()
def elif_becomes_if(node, parent, number):
    """The second branch is tried too where the first was taken."""
    if not (isinstance(node, ast.If) and len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If)):
        return None
    for _, value in ast.iter_fields(parent) if parent is not None else ():
        if isinstance(value, list) and any(item is node for item in value):
            place = next(i for i, item in enumerate(value) if item is node)
            second = node.orelse[0]

            def change(value: list = value, place: int = place, second: ast.If = second) -> None:
                node.orelse = []
                value.insert(place + 1, second)

            return change
    return None


@operator()
def signal_a_bar_late(node, parent, number):
    """A rule's signal is acted on a bar later."""
    is_signal = (
        isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id.startswith(("entry_", "exit_"))
    )
    if not is_signal:
        return None
    kept = f"_late_{node.targets[0].id}"
    late = ast.parse(f"getattr(self, '{kept}', False), setattr(self, '{kept}', 0)", mode="eval").body
    value = node.value

    def change() -> None:
        late.elts[1].args[2] = value
        node.value = ast.Subscript(value=late, slice=ast.Constant(value=0), ctx=ast.Load())

    return change
