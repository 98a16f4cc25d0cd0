"""Whom allocation reminds of a surrender: clerks who have not asked for all of it, approvers for whose confirmation a request waits."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db.models import Q, Sum
from django.urls import reverse

from allocation.compliance import owed
from allocation.models import Notice, SurrenderRequest
from registry.law.calendar import end_of
from registry.models import Person
from registry.notifications import Told
from registry.permissions.roles import UNIT_ROLES, Role
from registry.todo.reminders import Steps
from registry.values.figures import tonnes

__all__ = ["due_reminders"]

State = SurrenderRequest.State


def due_reminders(day: dt.date, steps: Steps) -> Iterator[Told]:
    """What people are to be reminded of on the day. Two queries."""
    first, last = day - dt.timedelta(days=steps.back), day + dt.timedelta(days=steps.until)
    asked = Sum("requests__total", filter=Q(requests__state__in=[*SurrenderRequest.OPEN, State.EXECUTED]), default=0)
    waiting = Sum("requests__total", filter=Q(requests__state=State.REQUESTED), default=0)
    notices = owed.stated(Notice.objects.filter(deadline__range=(first, last)), end_of(day)).order_by("pk")
    rows = list(notices.annotate(asked=asked, waiting=waiting))
    people: dict[tuple[int | None, str], list[int]] = defaultdict(list)
    seats = Person.objects.filter(role__in=UNIT_ROLES, is_active=True, unit__in=[row.unit_id for row in rows])
    for unit, role, person in seats.order_by("pk").values_list("unit", "role", "pk"):
        people[unit, role].append(person)
    for notice in rows:
        step = steps.reached(notice.deadline, day)
        if step is None:
            continue
        left = notice.due_then - notice.asked
        page = reverse("allocation:surrenders")
        for kind, open_tonnes, role in (
            ("remind.surrender", left, Role.UNIT_CLERK),
            ("remind.confirm", notice.waiting, Role.UNIT_APPROVER),
        ):
            if open_tonnes > 0:
                yield from _told(notice, kind, step, open_tonnes, page, people[notice.unit_id, role])


def _told(notice: Notice, kind: str, step: int, open_tonnes: int, page: str, people: list[int]) -> Iterator[Told]:
    kind = kind if step >= 0 else f"{kind}_missed"
    due = notice.deadline.isoformat()
    said: dict[str, Any] = {"year": str(notice.year), "due": due, "tonnes": tonnes(open_tonnes)}
    for person in people:
        yield Told(person, kind, f"{kind}:{notice.pk}:{due}:{step}", page, said)
