"""Certificates 履约证明: that a unit met a year's duty, when and with what; anyone can check a copy by its code."""

import datetime as dt

from django.db import transaction

from allocation.models import Certificate, Notice, SurrenderItem, SurrenderRequest
from registry import journal
from registry.canonical import canonical, sha256
from registry.models import Person

__all__ = ["issue", "verification_code"]


@transaction.atomic
def issue(notice: Notice, *, by: Person, at: dt.datetime) -> Certificate:
    """The certificate of a duty met in full; called by the surrender that completes it."""
    content = canonical(_content(notice, at))
    made = Certificate.objects.create(
        unit=notice.unit,
        notice=notice,
        year=notice.year,
        number=notice.number.replace("LY-", "ZM-", 1),
        issued_at=at,
        issued_by=by,
        late=at > notice.deadline_instant,
        content=content,
        code=verification_code(content),
    )
    journal.record("certificate.issued", made, by=by, at=at, number=made.number, sha256=sha256(content.encode()))
    return made


def verification_code(content: str) -> str:
    """Twenty hexadecimal digits of the content's sha256, in groups of four."""
    digits = sha256(content.encode())[:20].upper()
    return "-".join(digits[place : place + 4] for place in range(0, 20, 4))


def _content(notice: Notice, at: dt.datetime) -> dict[str, object]:
    items = SurrenderItem.objects.filter(request__notice=notice, request__state=SurrenderRequest.State.EXECUTED)
    rows = items.order_by("request__executed_at", "pk").values_list("request__executed_at", "vintage", "quantity")
    return {
        "notice": notice.number,
        "unit": notice.unit.name,
        "credit_code": notice.unit.credit_code,
        "authority": notice.unit.authority.name_zh,
        "year": notice.year,
        "due": notice.due,
        "deadline": notice.deadline.isoformat(),
        "completed_at": at.astimezone(dt.UTC).isoformat(),
        "late": at > notice.deadline_instant,
        "surrendered": [
            {"at": when.astimezone(dt.UTC).isoformat(), "vintage": vintage, "quantity": quantity}
            for when, vintage, quantity in rows
            if when is not None
        ],
    }
