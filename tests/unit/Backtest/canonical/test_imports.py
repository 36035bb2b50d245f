"""The language loads without the numeric libraries."""

import subprocess
import sys


def test_reading_checking_and_explaining_a_spec_loads_no_numeric_library() -> None:
    program = (
        "import sys\n"
        "from Backtest.canonical import document, explain, identity, lint, parse, schema\n"
        "spec = parse.parse_spec({'entry_rules': [{'when': None}], 'risk': {'max_bars': 3}, 'indicators': [{'name': 'RSI'}]})\n"
        "lint.lint(spec), explain.explain(spec), identity.identity(spec), document.to_document(spec), schema.json_schema()\n"
        "heavy = {'numpy', 'pandas', 'talib', 'backtesting', 'bokeh', 'django'}\n"
        "sys.stdout.write(' '.join(heavy & set(sys.modules)))\n"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
