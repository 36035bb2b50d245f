"""What the commands show a person: colours on a terminal, plain text in a pipe."""

from typing import IO, TYPE_CHECKING, Any, cast

from django.core.management.base import OutputWrapper
from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from backtest_api.figures import (
    METRICS,
    evidence_text,
    figure_colour,
    figure_text,
    short_figure,
    sparkline,
    trade_row,
    value_text,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from Backtest.advice import Recommendation
    from Backtest.data.bars import Window
    from Backtest.errors import Issue
    from Backtest.pipeline import Outcome
    from Backtest.proof.causality import LookAhead
    from Backtest.reader.questions import Question
    from Backtest.reader.reading import Unresolved
    from Backtest.report.verdict import Verdict
    from Backtest.run_result import ClosedTrade, OpenTrade, RunResult
    from Backtest.safety.findings import ScanReport
    from Backtest.sandbox.job import SandboxOutcome
    from Backtest.sandbox.selftest import SelfTest

TRADES_SHOWN = 12
LEFT_COLUMNS = frozenset({"side", "entry", "exit", "opened by", "closed by"})
PLAIN_WIDTH = 110

VERDICT_STYLES = {
    "verified": ("green", "✓ Verified."),
    "mismatch": ("bold red", ""),
    "pending": ("yellow", "… Verification pending."),
    "not_applicable": ("yellow", "! Not verified."),
}

SEARCH_VERDICTS = {
    "verified": ("green", "✓ verified"),
    "mismatch": ("bold red", "✗ MISMATCH"),
    "pending": ("yellow", "… not verified yet"),
    "not_applicable": ("yellow", "! not verified"),
}

STATUS_TITLES = {
    "needs_clarification": ("yellow", "One thing is open", "questions are open"),
    "rejected": ("red", "This can't be run", "This can't be run"),
    "unsupported": ("yellow", "Part of this is not supported yet", "Parts of this are not supported yet"),
    "failed": ("red", "The run failed", "The run failed"),
}


class Terminal:
    """Writes to a stream; colours and the terminal's own width only where there is one."""

    def __init__(self, stream: OutputWrapper, *, no_color: bool = False, force_color: bool = False) -> None:
        width = None if stream.isatty() else PLAIN_WIDTH
        self._console = Console(
            file=cast(IO[str], stream._out),
            width=width,
            no_color=no_color or None,
            force_terminal=force_color or None,
            highlight=False,
            emoji=False,
            markup=False,
        )

    def _print(self, *parts: Any) -> None:
        self._console.print(*parts)

    # backtest

    def backtest(self, outcome: "Outcome", *, all_trades: bool) -> None:
        """What was understood and assumed, then the figures, or what stands in the way of them."""
        if outcome.spec is not None:
            self._heading(outcome.spec.strategy_name)
            for sentence in outcome.sentences:
                self._print(Text(f"  • {sentence.text}"))
        self._assumptions(outcome)
        self._second_reader(outcome)
        if outcome.status != "completed":
            self._obstacles(outcome)
            return
        if outcome.run is None or outcome.window is None or outcome.artifacts is None:
            raise ValueError("a completed outcome has a run, a window and artifacts")
        self.figures(outcome.window, outcome.run, all_trades=all_trades)
        self.verdict(outcome.verdict, has_spec=outcome.spec is not None)
        self.recommendations(outcome.advice or ())
        self._heading("Artifacts")
        artifacts = outcome.artifacts
        for label, path in (
            ("code", outcome.code_path),
            ("report", artifacts.report_html),
            ("trades", artifacts.trades_csv),
            ("equity", artifacts.equity_csv),
            ("manifest", artifacts.manifest_json),
        ):
            self._console.print(Text.assemble((f"  {label:<10}", "dim"), str(path)), soft_wrap=True)

    def figures(
        self, window: "Window", run: "RunResult", *, all_trades: bool = False, way_to_all: str = "--all-trades"
    ) -> None:
        """What a run on this window came to; `way_to_all` is what lists the trades that are left out."""
        times = window.bars.frame.index[window.first_bar :]
        span = f"{times[0].date()} to {times[-1].date()}"
        self._heading(
            f"{window.bars.symbol} {window.bars.timeframe}, {span}, {len(times):,} bars ({window.bars.source})"
        )
        self._metrics(run)
        self.trades(run.trades, all_trades=all_trades, way_to_all=way_to_all)
        self._open(run.open_at_end)
        self._notices(run.notices)
        self._print()
        self._print(Text("A backtest is not a forecast, and this is no investment advice.", style="dim italic"))

    def verdict(self, verdict: "Verdict", *, has_spec: bool = True) -> None:
        """Whether the code does what the specification says; a mismatch can't be overlooked."""
        from Backtest.report.verdict import SELF_REPORTED

        style, mark = VERDICT_STYLES[verdict.state]
        self._print()
        if verdict.state == "mismatch":
            self._print(Panel(Text(verdict.reason), title="MISMATCH", border_style=style))
            return
        self._print(Text.assemble((f"  {mark} ", style), verdict.reason if has_spec else SELF_REPORTED))

    def recommendations(self, advice: "Sequence[Recommendation]") -> None:
        """What could be better, each with the sentence that makes it so."""
        if not advice:
            return
        self._heading("Recommendations")
        for each in advice:
            self._print(Text.assemble(("  ◆ ", "magenta"), each.reason))
            if each.edit:
                self._print(Text(f"    → say: {each.edit}", style="green"))

    # optimize

    def search(self, found: "Mapping[str, Any]") -> None:
        """The best combinations of a search, and what they are worth."""
        metric, wanted = found["metric"], "largest" if found["goal"] == "maximize" else "smallest"
        ended = "" if found["complete"] else f" of {found['combinations']:,} (ended early)"
        self._heading(f"The {wanted} {metric} of {found['tried']:,} combinations{ended}")
        table = Table(box=None, padding=(0, 1), header_style="dim")
        names = list(found["best"][0]["values"]) if found["best"] else []
        beside = [name for name in ("return_pct", "max_drawdown_pct", "sharpe_ratio", "total_trades") if name != metric]
        for column in ("#", *names, metric, *beside):
            table.add_column(column, justify="right")
        table.add_column("code")
        for best in found["best"]:
            figures = [short_figure(best["metrics"].get(name)) for name in (metric, *beside)]
            style, words = SEARCH_VERDICTS[best["verification"]["state"]]
            values = [f"{value:g}" for value in best["values"].values()]
            table.add_row(str(best["rank"]), *values, *figures, Text(words, style=style))
        self._print(table)
        for best in found["best"]:
            if best["verification"]["state"] == "mismatch":
                message = best["verification"]["counterexample"]["message"]
                self._print(Panel(Text(message), title=f"MISMATCH of number {best['rank']}", border_style="bold red"))
            for notice in best["notices"]:
                self._print(Text(f"  ! number {best['rank']}: {notice}", style="yellow"))
        self._spread(found)
        self._print()
        self._print(Text(found["caution"], style="yellow"))
        self._print(Text("A backtest is not a forecast, and this is no investment advice.", style="dim italic"))

    def _spread(self, found: "Mapping[str, Any]") -> None:
        spread = found["spread"]
        if spread["median"] is not None:
            points = ", ".join(f"{name.replace('_', ' ')} {short_figure(value)}" for name, value in spread.items())
            self._print(Text(f"  All combinations: {points}", style="dim"))
        left_out = [(found["skipped"], "break a constraint"), (found["undefined"], f"have no {found['metric']}")]
        for count, why in left_out:
            if count:
                self._print(Text(f"  {count:,} {why}", style="dim"))

    def _heading(self, title: str) -> None:
        self._print()
        self._print(Text(title, style="bold cyan"))

    def _assumptions(self, outcome: "Outcome") -> None:
        if not outcome.assumptions:
            return
        self._heading("Assumed, since the text leaves it open")
        table = Table.grid(padding=(0, 2))
        for assumption in outcome.assumptions:
            rule = f"convention {assumption.rule}" if assumption.rule else ""
            table.add_row(
                Text(f"  {assumption.topic}"), Text(value_text(assumption.value), style="bold"), Text(rule, style="dim")
            )
        self._print(table)

    def _second_reader(self, outcome: "Outcome") -> None:
        """Whether a model that was asked reads the same; where both differ, a question says how."""
        reading = outcome.reading
        if reading is None:
            return
        if reading.agree:
            self._print(Text(f"  ✓ {reading.model_name or reading.provider} reads the same", style="green"))
        elif reading.reason:
            self._print(Text(f"  ! Not read by a model too: {reading.reason}", style="yellow"))

    def _obstacles(self, outcome: "Outcome") -> None:
        colour, one, many = STATUS_TITLES[outcome.status]
        found = len(outcome.questions) if outcome.status == "needs_clarification" else 1
        title = one if found == 1 else f"{found} {many}" if outcome.status == "needs_clarification" else many
        self._print()
        self._print(Text(title, style=f"bold {colour}"))
        for issue in outcome.errors:
            self._issue(issue)
        for clause in outcome.unresolved:
            self._clause(clause)
        for question in outcome.questions:
            self._question(question)
        if outcome.questions:
            example = "{" + ", ".join(f'"{q.id}": ...' for q in outcome.questions[:2]) + "}"
            hint = f"\n  Answer with --answers '{example}'"
            if all(question.default is not None for question in outcome.questions):
                hint += ", or take the defaults with --accept-defaults"
            self._print(Text(f"{hint}.", style="dim"))
        if outcome.logs:
            self._print(Panel(Text(outcome.logs[-2000:]), title="printed by the strategy", border_style="dim"))

    def _issue(self, issue: "Issue") -> None:
        place = f" ({issue.field})" if issue.field else ""
        self._print(Text.assemble(("  ✗ ", "red"), issue.message, (place, "dim")))
        if issue.suggestion:
            self._print(Text(f"    → {issue.suggestion}", style="green"))

    def _clause(self, clause: "Unresolved") -> None:
        self._print(Text.assemble(("  ? ", "yellow"), ("“" + clause.text + "”", "bold"), f": {clause.reason}"))

    def _question(self, question: "Question") -> None:
        self._print(Text.assemble(("  ? ", "yellow"), question.question, (f"  [{question.id}]", "dim")))
        for alternative in question.alternatives:
            mark = " (default)" if alternative.value == question.default else ""
            value = value_text(alternative.value)
            label = alternative.label if alternative.label == value else f"{value}: {alternative.label}"
            self._print(Text.assemble(f"      - {label}{mark}", (evidence_text(alternative.evidence), "dim")))

    def _metrics(self, run: "RunResult") -> None:
        self._print(Text.assemble("  ", (sparkline(run.equity, 60), "cyan")))
        table = Table(show_header=False, box=None, padding=(0, 2))
        for pair in METRICS:
            cells = []
            for label, name, form in pair:
                value = run.metrics.get(name)
                cells += [
                    Text(label, style="dim"),
                    Text(figure_text(value, form), style=figure_colour(value, form), justify="right"),
                ]
            table.add_row(*cells)
        self._print(table)

    def trades(
        self, trades: "Sequence[ClosedTrade]", *, all_trades: bool = False, way_to_all: str = "--all-trades"
    ) -> None:
        """The closed trades, or the first and last of many."""
        if not trades:
            self._print(Text("  No trade was closed.", style="yellow"))
            return
        table = Table(box=None, padding=(0, 1), header_style="dim")
        for column in (
            "#",
            "side",
            "entry",
            "price",
            "exit",
            "price",
            "units",
            "P&L",
            "return",
            "opened by",
            "closed by",
        ):
            table.add_column(column, justify="left" if column in LEFT_COLUMNS else "right")
        shown = list(enumerate(trades, start=1))
        left_out = 0 if all_trades else max(0, len(shown) - TRADES_SHOWN)
        if left_out:
            shown = shown[: TRADES_SHOWN // 2] + shown[-TRADES_SHOWN // 2 :]
        for number, trade in shown:
            table.add_row(*trade_row(number, trade))
            if left_out and number == TRADES_SHOWN // 2:
                table.add_row("", Text(f"… {left_out} more", style="dim"))
        self._heading(f"{len(trades)} closed trades" if len(trades) > 1 else "1 closed trade")
        self._print(table)
        if left_out:
            self._print(Text(f"  {way_to_all} lists every one", style="dim"))

    def _open(self, trades: "Sequence[OpenTrade]") -> None:
        for trade in trades:
            side = "long" if trade.size > 0 else "short"
            pnl = figure_text(trade.unrealised_pnl, "money")
            self._print(
                Text(
                    f"  Still open: {side} {abs(trade.size):,} units since {trade.entry_time}, "
                    f"at {trade.entry_price:,.6g}; {pnl} at the last close (in the equity, not in the trades)",
                    style="yellow",
                )
            )

    def _notices(self, notices: "Sequence[str]") -> None:
        for notice in notices:
            self._print(Text(f"  ! {notice}", style="yellow"))

    # explain

    def explanation(self, answer: "Mapping[str, Any]") -> None:
        """The strategy, rule by rule with the words that it came from, and the story that was asked for."""
        self._heading(f"{answer['strategy_name']} on {answer['symbol']} {answer['timeframe']}")
        if answer["source"]["url"]:
            self._print(Text(f"  told by {answer['source']['url']}", style="dim"))
        for sentence in answer["sentences"]:
            said = " … ".join(sentence["words"])
            self._print(Text.assemble(f"  • {sentence['text']}", (f"  “{said}”" if said else "", "cyan")))
        if answer["why"] is not None:
            self._heading("Why")
            self.sentences(answer["why"]["sentences"])

    def sentences(self, sentences: "Sequence[str]") -> None:
        """A story, a line for each sentence; those about rules that did nothing are dimmed."""
        for sentence in sentences:
            self._print(Text(f"  {sentence}", style="dim" if " did nothing" in sentence else ""))

    # scan_code and sandbox_run

    def scan(self, file: str, report: "ScanReport") -> None:
        if report.ok:
            self._print(Text.assemble(("✓ ", "green"), f"{file}: nothing refused"))
            return
        self._print(Text.assemble(("✗ ", "red"), f"{file}: {len(report.findings)} refused"))
        for finding in report.findings:
            self._print(
                Text.assemble(
                    (f"  {finding.line}:{finding.column} ", "bold"), finding.message, (f"  [{finding.rule}]", "dim")
                )
            )
            self._print(Text(f"    → {finding.suggestion}", style="green"))

    def sandbox(
        self,
        file: str,
        report: "ScanReport | None",
        outcome: "SandboxOutcome | None",
        look_ahead: "LookAhead | None" = None,
    ) -> None:
        if outcome is None or outcome.result is None:
            if report is not None and not report.ok:
                self.scan(file, report)
            elif outcome is not None:
                self._print(Text.assemble(("✗ ", "red"), f"{file}: {outcome.status}: {outcome.error}"))
            return
        self._heading(f"{file} ({outcome.class_name}, self-reported)")
        self._metrics(outcome.result)
        self.trades(outcome.result.trades)
        self._open(outcome.result.open_at_end)
        self._notices(outcome.result.notices)
        self._print(Text(f"  held by: {', '.join(outcome.layers)}", style="dim"))
        if look_ahead is not None:
            mark = {"found": ("✗ looks ahead: ", "bold red"), "none_found": ("✓ ", "green")}
            self._print(Text.assemble("  ", mark.get(look_ahead.state, ("! ", "yellow")), look_ahead.sentence))

    def self_test(self, result: "SelfTest") -> None:
        """Each attempt and what stopped it, what is protected, and what to do about the rest."""
        self._heading("Attempts to escape")
        for attempt in result.attempts:
            mark = ("✓ ", "green") if attempt.held else ("✗ ", "red")
            said = attempt.stopped_by_error or "got through"
            self._print(Text.assemble("  ", mark, attempt.name.replace("_", " "), (f": {said}", "dim")))
        self._heading("Protection")
        ways = result.how_to_reach()
        for name, held in result.protects.items():
            mark = ("✓ ", "green") if held else ("✗ ", "red")
            required = " (required)" if name in result.required else ""
            self._print(Text.assemble("  ", mark, name, required, (f": {ways[name]}" if not held else "", "dim")))
        self._print(Text(f"  layers: {', '.join(result.layers)}", style="dim"))
        for layer in result.refuted:
            self._print(Text(f"  {layer} is there and does not hold", style="red"))
