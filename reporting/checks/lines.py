"""Checks of which lines report, and for when."""

from collections.abc import Iterator

from reporting.checks.context import Checked, at
from reporting.content import first_day, last_day, tables
from reporting.findings import Finding


def line_is_known(checked: Checked) -> Iterator[Finding]:
    """Every line of the workbook is a line of the unit."""
    known = checked.context.lines
    for line in checked.content.lines:
        if known is not None and line not in known:
            yield Finding("line.unknown", *checked.heading(line), {"line": line})


def line_reports(checked: Checked) -> Iterator[Finding]:
    """Every line that the unit had in the period is in the workbook."""
    for line, facts in (checked.context.lines or {}).items():
        if facts.runs_in(checked.content.period) and line not in checked.content.lines:
            yield Finding("line.missing", *checked.next_line(), {"line": line})


def a_line_is_there(checked: Checked) -> Iterator[Finding]:
    """A period is reported by its lines; without one there is nothing to report. Lines that should be there are missing one by one."""
    known = (checked.context.lines or {}).values()
    if not checked.content.lines and not any(facts.runs_in(checked.content.period) for facts in known):
        yield Finding("line.none", *checked.period_at, {"period": checked.content.period})


def works_is_one(checked: Checked) -> Iterator[Finding]:
    """A steel unit reports as one works: the legal person, or one joint works."""
    if tables.of(checked.content.sector).one_line:
        for line in checked.content.lines[1:]:
            yield Finding("line.one_works", *checked.heading(line), {"line": line})


def period_has_begun(checked: Checked) -> Iterator[Finding]:
    """Nothing can be reported for a month that has not begun."""
    today = checked.context.today
    if today is not None and first_day(checked.content.period) > today:
        yield Finding("period.not_begun", *checked.period_at, {"period": checked.content.period})


def line_has_entered(checked: Checked) -> Iterator[Finding]:
    """A line reports from the month in which it was commissioned."""
    for code, facts in (checked.context.lines or {}).items():
        started = facts.commissioned
        if started is not None and started > last_day(checked.content.period) and _says_something(checked, code):
            params = {"line": code, "period": checked.content.period, "start": started.isoformat()}
            yield Finding("period.before_entry", *checked.heading(code), params)


def line_has_not_closed(checked: Checked) -> Iterator[Finding]:
    """A line reports until the month in which it was closed."""
    for code, facts in (checked.context.lines or {}).items():
        closed = facts.closed
        if closed is not None and closed < first_day(checked.content.period) and _says_something(checked, code):
            params = {"line": code, "period": checked.content.period, "closed": closed.isoformat()}
            yield Finding("period.after_closing", *checked.heading(code), params)


def _says_something(checked: Checked, line: str) -> bool:
    return any(row.line == line and row.table != "stop" for row in checked.content.rows)


def stop_fits_period(checked: Checked) -> Iterator[Finding]:
    """No line stands still for longer than the period lasts."""
    for row in checked.content.table("stop"):
        if row.amount("days") > checked.days:
            params = {"line": row.line, "days": f"{row.amount('days'):f}", "limit": str(checked.days)}
            yield at(row.data["days"], "stop.days", **params)


def stopped_line_makes_nothing(checked: Checked) -> Iterator[Finding]:
    """A line that stood still on all days of the period made nothing."""
    table, _process, name = tables.of(checked.content.sector).output
    for row in checked.content.table("stop"):
        made = [each.amount(name) for each in checked.content.table(table, line=row.line) if each.amount(name) > 0]
        if row.amount("days") == checked.days and made:
            params = {"line": row.line, "days": str(checked.days), "output": f"{made[0]:,f}"}
            yield at(row.data["days"], "stop.with_output", **params)


def restart_follows_stop(checked: Checked) -> Iterator[Finding]:
    """A line starts again on the day of its stop or later."""
    for row in checked.content.table("stop"):
        stopped, restarted = row.day("stopped"), row.day("restarted")
        if stopped is not None and restarted is not None and restarted < stopped:
            params = {"line": row.line, "stopped": stopped.isoformat(), "restarted": restarted.isoformat()}
            yield at(row.data["restarted"], "stop.restart_first", **params)


def stop_lies_in_period(checked: Checked) -> Iterator[Finding]:
    """A stop that the period is told of began by its end."""
    for row in checked.content.table("stop"):
        stopped = row.day("stopped")
        if stopped is not None and stopped > last_day(checked.content.period):
            params = {"line": row.line, "stopped": stopped.isoformat(), "period": checked.content.period}
            yield at(row.data["stopped"], "stop.after_period", **params)


CHECKS = (
    line_is_known,
    line_reports,
    a_line_is_there,
    works_is_one,
    period_has_begun,
    line_has_entered,
    line_has_not_closed,
    stop_fits_period,
    stopped_line_makes_nothing,
    restart_follows_stop,
    stop_lies_in_period,
)
