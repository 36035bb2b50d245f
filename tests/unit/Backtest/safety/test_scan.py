"""The scan refuses what is dangerous, points at it, and lets honest strategies be."""

import builtins
import importlib
import json
import operator
import sys
import types
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from Backtest.errors import CodeRefused
from Backtest.safety import allowed
from Backtest.safety.examples import EXAMPLES
from Backtest.safety.rule_page import rules_page
from Backtest.safety.rules import RULES
from Backtest.safety.scan import MAX_FINDINGS, scan
from tests.unit.Backtest.safety.hostile_lines import HOSTILE

CORPUS = Path(__file__).parents[3] / "corpus"
SHARED = Path(__file__).parents[5] / "shared" / "security_corpus"
INDEX = json.loads((SHARED / "index.json").read_text(encoding="utf-8"))["malicious"] if SHARED.exists() else {}
RUN_TIME_ONLY = {name for name in INDEX if name.startswith("dos_") and not INDEX[name]["bad_lines"]}

WITH_NUMPY = "import numpy as np\nimport pandas as pd\nfrom backtesting import Strategy\n"


def rules_of(code: str) -> list[str]:
    return [finding.rule for finding in scan(WITH_NUMPY + code).findings]


def marked_lines(path: Path) -> set[int]:
    lines = path.read_text(encoding="utf-8").split("\n")
    return {number for number, line in enumerate(lines, start=1) if line.endswith("# BAD")}


@pytest.mark.parametrize("path", sorted(CORPUS.glob("honest*/*.py")), ids=lambda path: path.stem)
def test_an_honest_strategy_is_not_refused(path):
    assert scan(path.read_bytes()).findings == ()


@pytest.mark.parametrize("path", sorted((CORPUS / "hostile").glob("*.py")), ids=lambda path: path.stem)
def test_each_marked_line_of_a_hostile_strategy_is_pointed_at(path):
    assert marked_lines(path) <= {finding.line for finding in scan(path.read_bytes()).findings}


@pytest.mark.parametrize("path", sorted((CORPUS / "hostile").glob("*.py")), ids=lambda path: path.stem)
def test_a_hostile_strategy_without_its_marked_lines_is_let_through(path):
    kept = [line if not line.endswith("# BAD") else _stand_in(line) for line in path.read_text("utf-8").split("\n")]
    code = "\n".join(kept)
    assert {finding.rule for finding in scan(code).findings} <= {"syntax"}  # a block may be left without its body


def _stand_in(line: str) -> str:
    indent = line[: len(line) - len(line.lstrip())]
    opens = line.split("# BAD")[0].rstrip().endswith(":")
    return indent + ("if True:" if opens else "pass")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_line_is_pointed_at(name):
    above, within = HOSTILE[name]
    indented = (within or "pass").replace("\n", "\n        ")
    code = f"{WITH_NUMPY}{above}\n\nclass Mine(Strategy):\n    def next(self):\n        {indented}\n"
    bad = {number for number, line in enumerate(code.split("\n"), start=1) if line.endswith("# BAD")}
    assert bad & {finding.line for finding in scan(code).findings}


@pytest.mark.skipif(not SHARED.exists(), reason="the shared corpus is not here")
@pytest.mark.parametrize("path", sorted(SHARED.glob("benign/*.py")), ids=lambda path: path.stem)
def test_a_benign_strategy_of_the_shared_corpus_is_not_refused(path):
    assert scan(path.read_bytes()).findings == ()


@pytest.mark.skipif(not SHARED.exists(), reason="the shared corpus is not here")
@pytest.mark.parametrize("name", sorted(INDEX.keys() - RUN_TIME_ONLY))
def test_a_malicious_strategy_of_the_shared_corpus_is_refused_at_its_lines(name):
    report = scan((SHARED / "malicious" / f"{name}.py").read_bytes())
    assert not report.ok
    assert set(INDEX[name]["bad_lines"]) <= {finding.line for finding in report.findings}


def test_a_finding_has_line_column_rule_message_and_suggestion():
    (finding,) = scan("x = 1\nprices = [1,\n    eval('2')]\n").findings
    assert finding.as_dict() == {
        "line": 3,
        "column": 5,
        "rule": "builtin",
        "message": "This built-in is not allowed: eval.",
        "suggestion": RULES["builtin"].instead,
    }


def test_columns_count_characters_and_lines_count_as_python_does():
    (finding,) = scan("é = '\u2028'; ü = eval\r\n").findings
    assert (finding.line, finding.column) == (1, 14)


def test_an_attribute_is_pointed_at_where_its_name_stands():
    (finding,) = scan("def f(df):\n    return (df\n        .mean()\n        .to_csv('x'))\n").findings
    assert (finding.line, finding.column) == (4, 10)


def test_findings_come_in_the_order_of_the_file_and_are_bounded():
    findings = scan("eval\n" * 300).findings
    assert [finding.line for finding in findings] == list(range(1, MAX_FINDINGS + 1))


def test_a_refused_report_raises_one_issue_for_each_finding():
    with pytest.raises(CodeRefused, match=r"line 1: .*\(1 more\)") as refused:
        scan("eval\nimport os\n").raise_if_refused()
    assert [issue.field for issue in refused.value.issues] == ["line 1, column 1", "line 2, column 8"]
    assert all(issue.suggestion for issue in refused.value.issues)


def test_a_clean_report_raises_nothing():
    report = scan("x = 1\n")
    assert report.ok
    report.raise_if_refused()


@pytest.mark.parametrize(
    "code",
    [
        "def f(open, input):\n    vars = open + input\n    return vars\n",
        "def f(xs):\n    return [open for open in xs] + [(lambda dir: dir)(1)]\n",
        "def f(row):\n    Open, open = row\n    def g():\n        return open\n    return g\n",
        "class X(Strategy):\n    def f(self, name):\n        return getattr(self, 'n', 1), hasattr(self, 'm')\n",
        "def f(df: pd.DataFrame) -> type[Strategy]:\n    return df.agg(['mean', np.std]).to_numpy()\n",
        "def f(df):\n    return df.apply(lambda row: row.sum(), axis=1).map({'up': 'to_csv'}).tolist()\n",
        "def f(df):\n    how = {'a': 'sum'}\n    return df.groupby('a').agg(how)\n",
        "x = isinstance(1, type) or type(1) is int\n",
        "from collections import namedtuple\nP = namedtuple('P', 'a b')\nx = P(1, 2)._asdict()\n",
        "rng = np.random.default_rng(0)\nrandom = np.random\nx = random.normal()\n",
        "view = np.lib.stride_tricks.sliding_window_view(np.arange(9), 3)\n",
        "class B:\n    def __init__(self):\n        self.__size = 1\n\n    def __repr__(self):\n        return str(self.__size)\n",
        "class B(Strategy):\n    def __init__(self, *a):\n        super().__init__(*a)\n",
        "from abc import ABC, ABCMeta\nclass A(metaclass=ABCMeta):\n    pass\n",
        "x = '{:.2f} {name}'.format(1, name='a')\n",
        "class X(Strategy):\n    def init(self):\n        setattr(self, 'level', 3)\n",
        "FMT = '{:.2f}'\nx = FMT.format(1)\n",
        "class C:\n    def __post_init__(self):\n        object.__setattr__(self, 'n', 2)\n",
        "x = type(1).__name__\ny = x.lower()\n",
        "class X(Strategy):\n    def f(self):\n        name = self.__class__.__name__\n        return name.lower()\n",
        "pd.options.display.width = 200\npd.options.mode.chained_assignment = None\n",
        "import json\nimport hashlib\nimport struct\nimport textwrap\nx = json.loads('{}')\n",
        "def f(df):\n    return df.groupby('a').agg(top=('High', 'max'), low=('Low', 'min'))\n",
        "def smooth(s, how):\n    return s.rolling(10).apply(how, raw=True)\n",
        "if __name__ == '__main__':\n    import yfinance as yf\n    df = yf.download('AAPL')\n",
        "if __name__ == '__main__':\n    import matplotlib.pyplot as plt\n    plt.plot([1])\n    plt.show()\n",
        "class X(Strategy):\n    hist = None\n    def next(self):\n        return self.hist, self.plot_me\n",
    ],
)
def test_ordinary_code_is_not_refused(code):
    assert rules_of(code) == []


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ("open = 1\nopen('x')\n", "builtin"),
        ("class X:\n    open = 1\n    y = open\n", "builtin"),
        ("def f():\n    global open\n    open('x')\n    open = 1\n", "builtin"),
        ("def f():\n    [open for x in [1]]\n", "builtin"),
        ("def f(x=eval):\n    eval = 1\n", "builtin"),
        ("map(type, [1])\n", "class-factory"),
        ("g = getattr\n", "builtin-use"),
        ("getattr(np, 'save')\n", "module-name"),
        ("getattr(*[np, 'save'])\n", "module-value"),
        ("print('x', file=1)\n", "builtin-use"),
        ("print('x', **{'file': 1})\n", "builtin-use"),
        ("from numpy import *\n", "import-star"),
        ("from . import os\n", "import"),
        ("from numpy import save\n", "module-name"),
        ("from backtesting.backtesting import sys\n", "module-name"),
        ("from operator import attrgetter\n", "module-name"),
        ("import numpy.ctypeslib\n", "import"),
        ("import numpy as np, sys\n", "import"),
        ("m = [np]\n", "module-value"),
        ("class X:\n    m = np\n", "module-value"),
        ("def f(m=np):\n    pass\n", "module-value"),
        ("(m := np).save('x', [1])\n", "module-value"),
        ("np.lib.format.open_memmap('x')\n", "module-name"),
        ("pd.set_option('plotting.backend', 'x')\n", "option"),
        ("pd.set_option('display.width', 80, 'plotting.backend', 'x')\n", "option"),
        ("d = {}\nd['__builtins__']\n", "dunder"),
        ("class X(Strategy):\n    def f(self):\n        return self._broker\n", "private"),
        ("class X(Strategy):\n    _broker = None\n", "private"),
        ("class X(Strategy):\n    def f(self, t):\n        return t._Trade__size\n", "private"),
        ("class Trade:\n    __size = 0\n    def f(self, t):\n        return t.__size\n", "private"),
        ("def f(df):\n    df.agg(['to_csv'])\n", "text-dispatch"),
        ("def f(df):\n    df.agg(func='to_' + 'csv')\n", "text-dispatch"),
        ("def f(df):\n    df.apply(f'to_{df}')\n", "text-dispatch"),
        ("def f(df):\n    how = 'to_csv'\n    df.agg(how)\n", "text-dispatch"),
        ("def f(df):\n    df.to_anything_new('x')\n", "file-access"),
        ("x = '{0[__class__]}'.format(1)\n", "format"),
        ("x = '{:{0.__class__}}'.format(1)\n", "format"),
        ("t = 'a'\nt += '{0.__class__}'\nx = t.format(1)\n", "format"),
        ("def f(t='a'):\n    return t.format(1)\n", "format"),
        ("t = '{0.__class__}'\nx = t.format(1)\n", "format"),
        ("x = '" + "{:" * 900 + "}" * 900 + "'.format(1)\n", "format"),
        ("f = '{0.__class__}'.format\n", "format"),
        ("async def f():\n    pass\n", "async"),
        ("class X(Strategy):\n    def init(self):\n        self.I(np.abs, 1, name='<img src=x>')\n", "markup"),
        ("def f(df):\n    df.groupby('a').agg(x=('a', 'to_csv'))\n", "text-dispatch"),
        ("def f(df):\n    df.agg(x=pd.NamedAgg('a', 'to_csv'))\n", "text-dispatch"),
        ("def f(df):\n    df.pivot_table('a', 'b', 'c', 'to_csv')\n", "text-dispatch"),
        ("def f(df):\n    pd.pivot_table(df, 'a', 'b', 'c', 'to_csv')\n", "text-dispatch"),
        ("def f(df):\n    call = df.apply\n    call('to_csv')\n", "text-dispatch"),
        ("def f(df, how):\n    df.agg(how)\nf(1, 'to_csv')\n", "text-dispatch"),
        ("class X(Strategy):\n    how = 'to_csv'\n    def f(self, df):\n        df.agg(self.how)\n", "text-dispatch"),
        ("import logging\nlogging.getLogger().handlers[0].stream.write('x')\n", "file-access"),
        ("class X(Strategy):\n    def next(self):\n        self.buy(tag='<' + 'script>')\n", "markup"),
        ("class X(Strategy):\n    def next(self):\n        self.buy(1, None, None, None, None, '<b>')\n", "markup"),
        ("class X(Strategy):\n    def next(self):\n        self.data.Close[-1] = 1\n", "bars-change"),
        ("class X(Strategy):\n    def next(self):\n        self.data.Close.s.values[-1] += 1\n", "bars-change"),
        ("class X(Strategy):\n    def next(self):\n        type(self.position).pl = 1\n", "library-change"),
        ("def f():\n    setattr(np, 'mean', 1)\n", "builtin"),
        ("class X(Strategy):\n    def f(self):\n        setattr(self, '_broker', 1)\n", "builtin"),
        ("class X(Strategy):\n    def f(self, k):\n        setattr(self, k, 1)\n", "builtin"),
        ("object.__setattr__(np, 'mean', 1)\n", "dunder"),
        ("pd.options.plotting.backend = 'x'\n", "module-name"),
        ("import json\njson.load(1)\n", "module-name"),
        ("class X(Strategy, extra=1):\n    pass\n", "class-factory"),
        ("def __getattr__(name):\n    return 1\n", "dunder-definition"),
        ("x = (lambda: 0).__code__\n", "dunder"),
        ("if True:\n    if __name__ == '__main__':\n        import argparse\n", "import"),
    ],
)
def test_a_danger_in_other_clothes_is_refused(code, rule):
    assert rule in rules_of(code)


def test_every_rule_tells_why_and_what_to_write_instead():
    for rule in RULES.values():
        assert rule.why.endswith(".")
        assert rule.instead.endswith((".", ")"))
        assert not rule.title.endswith(".")


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_refuses_its_example_and_takes_the_honest_one(rule):
    example = EXAMPLES[rule]
    assert rule in {finding.rule for finding in scan(example.refused).findings}
    assert scan(example.accepted).findings == ()


def test_the_page_of_rules_is_what_the_command_prints():
    assert (Path(__file__).parents[4] / "docs" / "scan-rules.md").read_text("utf-8") == rules_page()


def test_every_rule_named_in_the_code_exists_and_every_rule_is_used():
    sources = "".join(path.read_text() for path in Path(scan.__code__.co_filename).parent.glob("[a-qs-z]*.py"))
    assert {rule for rule in RULES if f'"{rule}"' in sources} == set(RULES)


def test_the_allowed_builtins_exist_and_leave_the_dangerous_out():
    assert set(dir(builtins)) >= allowed.BUILTINS
    dangerous = {"eval", "exec", "compile", "open", "input", "globals", "locals", "vars", "setattr", "delattr"}
    assert not allowed.BUILTINS & (dangerous | {"__import__", "breakpoint", "memoryview", "help", "exit", "quit"})


@pytest.mark.parametrize("name", sorted(allowed.MODULES))
def test_each_allowed_name_exists_and_is_no_unlisted_module(name):
    if name.startswith(("pandas.offsets", "pandas.options")):  # attributes that are no modules of their own
        module = operator.attrgetter(name.removeprefix("pandas."))(pd)
    else:
        module = importlib.import_module(name)
    rules = allowed.MODULES[name]
    if name in allowed.OPTION_MODULES:  # to read an option may warn
        return
    for attribute in {n for n in dir(module) if rules.admits(n)} | rules.names:
        if f"{name}.{attribute}" not in allowed.MODULES:
            assert not isinstance(getattr(module, attribute), types.ModuleType), attribute


def chain(length: int) -> str:
    return "\n".join(f"a{n} = a{n + 1}" for n in range(length))


@pytest.mark.parametrize(
    "source",
    [
        "x = '" + "\u202e" * 20_000 + "'\n",
        "#\u202e\n" * 12_000,
        f"import numpy\n{chain(4000)}\na4000 = numpy\n",
        f"{chain(4000)}\na4000 = ().__class__\n",
        f"from numpy import mean as a4000\n{chain(4000)}\n",
        "f = [f, f, f, f, f, f, f, f]\n" * 300 + "x.agg(f)\n" * 50,
        "".join(f"def f{n}():\n f{n + 1}()\n" for n in range(1500)) + "f1500 = 1\n",
    ],
    ids=["controls in a line", "controls in lines", "modules", "refused values", "library", "dispatch", "functions"],
)
def test_the_work_of_a_scan_grows_with_its_file_alone(source):
    """Each took seconds to minutes when a step of the scan looked at every name for every name."""
    calls = 0

    def count(frame, event, argument):
        nonlocal calls
        calls += event == "call"
        assert calls < 2_000_000

    sys.setprofile(count)
    try:
        scan(source)
    finally:
        sys.setprofile(None)
    assert calls


names = st.sampled_from(["self", "np", "x", "open", "eval", "__class__", "_broker", "data", "save", "f_back", "format"])
expressions = st.recursive(
    names | st.just("1"),
    lambda inner: st.one_of(
        st.tuples(inner, names).map(lambda t: f"({t[0]}).{t[1]}"),
        st.tuples(inner, inner).map(lambda t: f"({t[0]})({t[1]})"),
        st.tuples(inner, inner).map(lambda t: f"({t[0]})[{t[1]}]"),
        st.tuples(names, inner).map(lambda t: f"[{t[1]} for {t[0]} in {t[1]}]"),
        inner.map(lambda text: f"f'{{{text}}}'" if "'" not in text else text),
    ),
    max_leaves=8,
)


@given(expressions)
def test_any_expression_is_judged_with_positions_inside_the_file(text):
    code = f"import numpy as np\nvalue = lambda self, data: {text}\n"
    for finding in scan(code).findings:
        assert 1 <= finding.line <= 2
        assert 1 <= finding.column <= len(code.split("\n")[finding.line - 1])


@given(st.binary(max_size=300) | st.text(max_size=200))
def test_any_bytes_and_any_text_get_a_report(source):
    scan(source)
