"""Certificates 履约证明: that a unit met a year's duty, when and with what; anyone can check a copy by its code."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from allocation.models import Certificate, Notice, SurrenderItem, SurrenderRequest
from registry import journal
from registry.models import Person
from registry.values.canonical import canonical, sha256

__all__ = ["issue_if_met", "verification_code"]

Part = tuple[dt.datetime, int, int]  # when it was executed, vintage, tonnes


@transaction.atomic
def issue_if_met(notice: Notice, due: int, *, by: Person, at: dt.datetime) -> Certificate | None:
    """The certificate of a duty that is met in full and not certified yet; asked by whatever may complete it: a surrender, and a
    re-determination that lowers what is due. `due` is duties.due at the instant."""
    parts = _surrendered(notice)
    completed_at = _completed_at(parts, due, at)
    if completed_at is None:
        return None
    before = list(notice.certificates.values_list("issued_at", "due"))
    if any(issued_at <= at and certified >= due for issued_at, certified in before):
        return None
    content = canonical(_content(notice, due, completed_at, parts))
    return _issue(notice, due, completed_at, content, len(before), by, at)


def _surrendered(notice: Notice) -> list[Part]:
    """What was surrendered for the notice, in the order in which it was executed."""
    executed = SurrenderItem.objects.filter(request__notice=notice, request__state=SurrenderRequest.State.EXECUTED)
    rows = executed.order_by("request__executed_at", "pk").values_list("request__executed_at", "vintage", "quantity")
    return [(instant, vintage, quantity) for instant, vintage, quantity in rows if instant is not None]


def _completed_at(parts: Sequence[Part], due: int, at: dt.datetime) -> dt.datetime | None:
    """When as much was surrendered as is due now; at once where nothing is due any more. None while tonnes are missing."""
    total, completed_at = 0, None if due else at
    for instant, _vintage, tonnes in parts:
        total += tonnes
        if completed_at is None and total >= due:
            completed_at = instant
    return completed_at


def _is_late(notice: Notice, due: int, completed_at: dt.datetime) -> bool:
    """A duty of nothing is never met too late, whenever an adjustment took away what was due (compliance.status says the same)."""
    return bool(due) and completed_at > notice.deadline_instant


def _issue(
    notice: Notice, due: int, completed_at: dt.datetime, content: str, before: int, by: Person, at: dt.datetime
) -> Certificate:
    """The notice's certificate after so many `before`."""
    number = notice.number.replace("LY-", "ZM-", 1)
    made = Certificate.objects.create(
        unit=notice.unit,
        notice=notice,
        year=notice.year,
        due=due,
        number=f"{number}-{before + 1}" if before else number,
        issued_at=at,
        issued_by=by,
        late=_is_late(notice, due, completed_at),
        content=content,
        code=verification_code(content),
    )
    journal.record("certificate.issued", made, by=by, at=at, number=made.number, sha256=sha256(content.encode()))
    return made


def verification_code(content: str) -> str:
    """Twenty hexadecimal digits of the content's sha256, in groups of four."""
    digits = sha256(content.encode())[:20].upper()
    return "-".join(digits[place : place + 4] for place in range(0, 20, 4))


def _content(notice: Notice, due: int, completed_at: dt.datetime, parts: Sequence[Part]) -> dict[str, object]:
    return {
        "notice": notice.number,
        "unit": notice.unit.name,
        "credit_code": notice.unit.credit_code,
        "authority": notice.unit.authority.name_zh,
        "year": notice.year,
        "due": due,
        "deadline": notice.deadline.isoformat(),
        "completed_at": completed_at.astimezone(dt.UTC).isoformat(),
        "late": _is_late(notice, due, completed_at),
        "surrendered": [
            {"at": when.astimezone(dt.UTC).isoformat(), "vintage": vintage, "quantity": quantity}
            for when, vintage, quantity in parts
        ],
    }
