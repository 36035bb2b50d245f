"""What the gate and the scan say of a strategy file."""

from dataclasses import asdict, dataclass

from Backtest.errors import CodeRefused, Issue


@dataclass(frozen=True, order=True, slots=True)
class ScanFinding:
    """One refused place; `line` and `column` count from 1, in characters; `rule` is an id of `rules.RULES`."""

    line: int
    column: int
    rule: str
    message: str
    suggestion: str

    def as_dict(self) -> dict[str, str | int]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class ScanReport:
    """The findings in the order of the file; `ok` when there are none."""

    findings: tuple[ScanFinding, ...]

    @property
    def ok(self) -> bool:
        return not self.findings

    def raise_if_refused(self) -> None:
        """Raise CodeRefused with one Issue for each finding (field `line 12, column 5`)."""
        if self.ok:
            return
        issues = [Issue(f"line {f.line}, column {f.column}", f.message, f.suggestion) for f in self.findings]
        first = self.findings[0]
        more = f" ({len(issues) - 1} more)" if len(issues) > 1 else ""
        raise CodeRefused(f"The strategy is refused: line {first.line}: {first.message}{more}", issues)
