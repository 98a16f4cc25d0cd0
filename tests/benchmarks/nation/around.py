"""What else has gathered in the tables: the journal of it all, and what people were told."""

from registry.models import JournalEntry, JournalHead, Notification
from reporting.models import PackageEvent
from tests.benchmarks.nation.people import Cast
from tests.benchmarks.nation.rows import fill
from tests.cast import at

__all__ = ["build"]

OF_A_UNIT, OF_OTHERS = 30, 1000  # messages of each person


def build(cast: Cast) -> None:
    _journal(cast)
    _messages(cast)


def _journal(cast: Cast) -> None:
    """An entry of each act on a package, and of as much again that was done to units by hand."""
    authority_of = {unit.pk: unit.authority_id for unit in cast.units}
    acts = PackageEvent.objects.order_by("pk").values_list("package", "kind", "by", "package__unit", "at")
    rows = []
    for sequence, (package, kind, by, unit, when) in enumerate(acts.iterator(), 1):
        rows.append(
            (
                sequence,
                f"package.{kind}",
                by,
                package,
                unit,
                authority_of[unit],
                f"{sequence:064}",
                f"{when:%Y-%m-%d %H:%M:%S}",
            )
        )
    names = ["sequence", "act", "actor", "subject_id", "unit", "authority", "hash", "at"]
    fill(
        JournalEntry,
        names,
        rows,
        subject_type="reporting.package",
        facts='{"period":"2025-07","sector":"steel"}',
        previous_hash="0" * 64,
    )
    JournalHead.objects.update(sequence=len(rows), hash=f"{len(rows):064}")


def _messages(cast: Cast) -> None:
    """Most of them read."""
    people = [(pk, OF_A_UNIT) for pair in cast.own.values() for pk in pair]
    people += [(person.pk, OF_OTHERS) for person in cast.persons.values() if person.unit_id is None]
    people += [(pk, OF_OTHERS) for pair in cast.officers.values() for pk in pair]
    rows = {
        (pk, f"n{number}"): (pk, f"n{number}", None if number % 10 == 0 else "2026-11-01 00:00:00")
        for pk, count in people
        for number in range(count)
    }
    fill(
        Notification,
        ["person", "key", "read_at"],
        rows.values(),
        kind="package.accepted",
        params={"period": "2025-07", "sector": "steel"},
        link="/registry/messages/",
        at=at("2026-10-01"),
    )
