"""The rules of the scan for people and for programs."""

from Backtest.safety.examples import EXAMPLES
from Backtest.safety.rules import RULES, Rule

_HEAD = """\
# What the scan refuses

`manage.py scan_code FILE` and every run of a strategy file look for these. Each finding has a line, a column, the id
of its rule, what is refused and what to write instead. The scan is advice and a first wall: it reads code without
running it, and whoever wants past it may find a way. What holds then is the sandbox: [security.md](security.md).

It works by allow-lists: the modules, names, built-ins and special methods that a strategy needs are listed in
`Backtest/safety/allowed.py`, and what is not there is refused. Under `if __name__ == "__main__":`, which never runs
here, more is allowed (reading a CSV, plotting, argparse).

Of the 96 hostile and 20 honest files that it was built against, the scan sees 88 (the others only exhaust time or
memory, which the sandbox bounds) and refuses none; bandit sees 48 and refuses none, RestrictedPython 26 and 6
(`python -m benchmarks.scan_comparison`, 2026-11-27).

This page is what `manage.py scan_code --rules` prints.
"""


def rule_entry(rule: Rule) -> dict[str, str]:
    """A rule as plain JSON, its examples included."""
    example = EXAMPLES[rule.id]
    refused = example.shown if example.shown is not None else str(example.refused)
    return {
        "rule": rule.id,
        "title": rule.title,
        "why": rule.why,
        "instead": rule.instead,
        "refused": refused,
        "accepted": example.accepted,
    }


def rules_page() -> str:
    """Every rule in Markdown."""
    return "\n".join([_HEAD, *(_section(rule_entry(rule)) for rule in RULES.values())])


def _section(entry: dict[str, str]) -> str:
    return (
        f"## {entry['rule']}\n\n{entry['title']}. {entry['why']}\n\nInstead: {entry['instead']}\n\n"
        f"```text\n# refused\n{entry['refused'].strip()}\n\n# accepted\n{entry['accepted'].strip()}\n```\n"
    )
