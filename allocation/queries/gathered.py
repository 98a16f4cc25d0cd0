"""Things of one kind that wait for the same step, as one line of what is to be done: how many, by when, and the way to them."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Min, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from allocation.models import Letter, Objection, Run, SurrenderRequest, TradeImport
from allocation.runs import deadlines
from registry.law.calendar import as_term
from registry.todo import Todo, pressing, url_of

__all__ = ["letters", "objections", "prepared_runs", "run_url", "surrenders", "tables_of_trades", "the_first"]


def prepared_runs(found: list[Run], title: str, day: dt.date, undated: str = "warn") -> Iterator[Todo]:
    """Prepared runs, with the nearest day by which one of them is to be determined, and by which its quota is to be issued."""
    if found:
        first_time = [(run.kind, run.year) for run in found if run.time == 1]
        due = min(filter(None, (deadlines.to_determine(*each) for each in first_time)), default=None)
        issue = deadlines.earliest_of(first_time)
        detail = ""
        if due and issue and issue != due:
            days = {"determined": due.isoformat(), "issued": issue.isoformat()}
            detail = _("to be determined by %(determined)s and issued by %(issued)s") % days
        yield Todo(title, len(found), run_url(found), due, detail, pressing(due, day, undated))


def letters(letters: QuerySet[Letter], state: Letter.State, title: str, day: dt.date) -> Iterator[Todo]:
    rows = letters.filter(state=state)
    found = list(rows.order_by("pk").values_list("pk", flat=True))
    if found:
        due = deadlines.earliest_issue(rows)
        page = url_of(found, "allocation:letter", "allocation:letters", state=state)
        yield Todo(title, len(found), page, due, tone=pressing(due, day, "warn"))


def tables_of_trades(rows: QuerySet[TradeImport], title: str, tone: str) -> Iterator[Todo]:
    if found := list(rows.order_by("pk").values_list("pk", flat=True)):
        yield Todo(title, len(found), url_of(found, "allocation:trade_import", "allocation:trades"), tone=tone)


def surrenders(
    rows: QuerySet[SurrenderRequest], state: SurrenderRequest.State, title: str, day: dt.date
) -> Iterator[Todo]:
    """Requests in one state, with the nearest deadline among them."""
    waiting = rows.filter(state=state)
    if keys := list(waiting.values_list("pk", flat=True)):
        due = waiting.aggregate(due=Min("notice__deadline"))["due"]
        page = url_of(keys, "allocation:surrender", "allocation:surrenders", state=state)
        yield Todo(title, len(keys), page, due, tone=pressing(due, day, "warn"))


def the_first(rows: QuerySet[Any], title: str, page: str) -> Iterator[Todo]:
    """Things that wait, with the URL of the first; the others follow it."""
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    if keys:
        yield Todo(title, len(keys), reverse(f"allocation:{page}", args=[keys[0]]), tone="warn")


def objections(rows: QuerySet[Objection], title: str, term: str, day: dt.date) -> Iterator[Todo]:
    """Objections that wait, with the nearest last day among them (`term` names its column; "" where none is set)."""
    waiting = list(rows.order_by("pk").only("pk", "state", "due", "decide_by"))
    if waiting:
        due = min(filter(None, (getattr(row, term) for row in waiting)), default=None) if term else None
        keys = [row.pk for row in waiting]
        page = url_of(keys, "allocation:objection", "allocation:objections", state=waiting[0].state)
        yield Todo(title, len(waiting), page, as_term(due), tone=pressing(due, day, "warn"))


def run_url(runs: list[Run]) -> str:
    return url_of([run.pk for run in runs], "allocation:run", "allocation:runs", state=runs[0].state)
