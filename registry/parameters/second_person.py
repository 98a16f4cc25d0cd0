"""What a second person of the ministry says to a proposal, the same whether it is a threshold or the working days of a year."""

from typing import Any, TypeVar

from django.db import models
from django.urls import reverse

from registry import journal, two_people
from registry.database.locking import OvertakenError
from registry.models import ParameterChange, WorkingYear
from registry.models.two_people import Decision
from registry.notifications import events as telling

Row = TypeVar("Row", ParameterChange, WorkingYear)
Made = TypeVar("Made", bound=Decision)


def locked(row: Row, waiting: models.QuerySet[Row]) -> Row:
    """The proposal, locked, if it is among those that wait; else somebody was faster."""
    found: Row = type(row).objects.select_for_update().get(pk=row.pk)
    if not waiting.filter(pk=row.pk).exists():
        raise OvertakenError
    return found


def record(
    decision: Made, row: ParameterChange | WorkingYear, about: str, page: str, what: str | dict[str, Any], facts: Any
) -> Made:
    """Keep the decision, tell whoever proposed it, and record it: `about` begins the journal's codes, `page` is the proposal's."""
    by, at = decision.by, decision.at
    two_people.refuse_same(by, row.proposed_by_id)
    decision.proposed_by_id = row.proposed_by_id
    decision.reason = decision.reason.strip() if decision.approved else two_people.reason_of(decision.reason)
    decision.save()
    proposed, link = f"{about}.proposed", reverse(page, args=[row.pk])
    telling.proposal_decided(row.proposed_by, row, proposed, what, link, at, approved=decision.approved)
    act = f"{about}.approved" if decision.approved else f"{about}.refused"
    journal.record(act, row, by=by, at=at, **facts, reason=decision.reason)
    return decision
