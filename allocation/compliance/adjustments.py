"""Adjustment notices 配额调整通知书: sent when a quota is approved that changes what a unit was told.

That is a former quota, or the tonnes due of its compliance notice: it may enter another sector's directory after the notice.
"""

import datetime as dt
from collections.abc import Iterable, Iterator

from allocation import notifications
from allocation.models import AdjustmentNotice, Notice, Run, Settlement
from registry.models import Person

__all__ = ["Change", "changes", "send"]


class Change:
    """What a prepared or approved run changes for one unit; `before` is its settlement by the run that was in force until then, `noticed`
    whether its compliance notice of the year was sent without this run."""

    def __init__(self, after: Settlement, before: Settlement | None, noticed: bool) -> None:
        self.after, self.before, self.noticed = after, before, noticed
        self.quota_before = before.determined if before else 0
        self.due_before = before.due if before else 0

    @property
    def quota_change(self) -> int:
        return self.after.determined - self.quota_before

    @property
    def due_change(self) -> int:
        return self.after.due - self.due_before

    @property
    def deductions(self) -> int:
        """Tonnes that decisions give back; below zero: that they take."""
        return self.after.deduction_returned - self.after.deducted

    @property
    def is_one(self) -> bool:
        """Whether quota or tonnes due change."""
        return bool(self.quota_change or self.due_change)

    @property
    def is_told(self) -> bool:
        """Whether an adjustment notice goes to the unit: it was given a quota before, or told what it owes."""
        return self.is_one and (self.before is not None or self.noticed)


def changes(run: Run) -> list[Change]:
    """Unit by unit what the run changes against the one before it, in the order of credit codes. Two queries, three once there is one."""
    former = Settlement.objects.filter(
        run__authority=run.authority_id,
        run__sector=run.sector,
        run__year=run.year,
        run__kind=run.kind,
        run__state=Run.State.APPROVED,
        run__time=run.time - 1,
    )
    before = {row.unit_id: row for row in former.order_by()} if run.time > 1 else {}
    rows = run.settlements.select_related("unit").order_by("unit__credit_code")
    noticed = Notice.objects.filter(unit__in=rows.order_by().values("unit"), year=run.year)
    if run.approved_at is not None:
        noticed = noticed.filter(sent_at__lt=run.approved_at)
    told = set(noticed.order_by().values_list("unit", flat=True))
    return [Change(row, before.get(row.unit_id), row.unit_id in told) for row in rows]


def send(run: Run, changed: Iterable[Change], *, by: Person, at: dt.datetime) -> list[AdjustmentNotice]:
    """The notices of a run that has just been approved, of what it changed; in its transaction."""
    if run.kind != Run.Kind.DETERMINATION:
        return []
    sent = AdjustmentNotice.objects.bulk_create(_notices(run, changed, by, at), batch_size=500)
    if not sent:
        return []
    notifications.quota_adjusted(sent, run, at)
    return sent


def _notices(run: Run, changed: Iterable[Change], by: Person, at: dt.datetime) -> Iterator[AdjustmentNotice]:
    told = (change for change in changed if change.is_told)
    for place, change in enumerate(told, start=1):
        yield AdjustmentNotice(
            settlement=change.after,
            unit=change.after.unit,
            year=run.year,
            number=f"TZ-{run.year}-{run.authority.code}-{run.pk}-{place:04d}",
            quota_before=change.quota_before,
            quota_after=change.after.determined,
            due_before=change.due_before,
            due_after=change.after.due,
            sent_by=by,
            sent_at=at,
        )
