"""Decisions that deduct from a unit's quota 核减: entered by an officer, one by one or as a table, in force once a second person approves.

On which grounds a decision may cut quota, and until when, is dated law (law_data/deductions.toml).
"""

import datetime as dt
import functools
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from allocation import notifications
from allocation.deductions import figures
from allocation.deductions.decision_table import COLUMNS, Decision, decision_of, table_of
from allocation.deductions.figures import Asked, Beside
from allocation.models import Deduction
from registry import files, journal, law, two_people
from registry.access import acting
from registry.database import locking
from registry.database.locking import OvertakenError
from registry.files.tables import UnreadableTableError, cells
from registry.law.calendar import local_day
from registry.models import Authority, Person, Unit
from registry.permissions import Act
from registry.refusal import Refusal
from registry.values.bilingual import in_language, listed, said_apart
from registry.values.canonical import digest
from registry.values.sectors import Sector

__all__ = [
    "COLUMNS",
    "Decision",
    "DeductionFaultsError",
    "DoubtfulDeductionError",
    "approve",
    "document_faults",
    "doubtful",
    "enter",
    "import_table",
    "refuse",
    "seen",
    "waiting",
]

LONGEST_NUMBER = 60
FIRST_YEAR = 2024
_LONGEST_NUMBER_OF_TONNES = 15

State = Deduction.State
Key = tuple[str, str, str]  # credit code, sector, document number


class DeductionFaultsError(Refusal):
    """A table that can't be taken: `faults` holds (line of the file, what is wrong), all of them; nothing was stored."""

    def __init__(self, faults: Iterable[tuple[int, str]]) -> None:
        self.faults = sorted(faults)
        shown = [_("line %(line)s: %(fault)s") % {"line": line, "fault": fault} for line, fault in self.faults[:20]]
        super().__init__(_("Nothing was saved. %(faults)s") % {"faults": said_apart(shown)})


class DoubtfulDeductionError(Refusal):
    """A decision that what is known speaks against: entered only by whoever confirms the figures `known` (their `seal`)."""

    def __init__(self, asked: Asked, known: Beside, doubts: Sequence[str]) -> None:
        self.asked, self.known, self.doubts = asked, known, doubts
        super().__init__(_("Check the figures and confirm the decision: %(doubts)s") % {"doubts": " ".join(doubts)})


@functools.cache
def grounds() -> law.Law:
    """Which grounds are open to decisions, by day."""
    return law.load(Path(__file__).parents[1] / "law_data" / "deductions.toml")


@acting(Act.ENTER_DEDUCTION)
@transaction.atomic
def enter(decision: Decision, *, by: Person, at: dt.datetime, confirmed: str = "") -> Deduction:
    """Put one decision before a second person. Everything that is wrong with it is named at once.

    Raises DoubtfulDeductionError where what is known speaks against it, unless `confirmed` is the seal of those figures.
    """
    units = _units(by)
    faults = list(_faults(decision, units, _known(by), local_day(at)))
    if decision.unit not in units:
        raise Refusal(" ".join(faults))
    ((asked, known),) = _beside([decision], units, at)
    if faults := [*faults, *figures.impossible(asked, known)]:
        raise Refusal(" ".join(faults))
    doubts = figures.doubts(asked, known)
    if doubts and confirmed != figures.seal(known):
        raise DoubtfulDeductionError(asked, known, doubts)
    (made,) = _store([decision], units, "", by, at)
    return made


@acting(Act.ENTER_DEDUCTION)
@transaction.atomic
def import_table(table: bytes, *, by: Person, at: dt.datetime) -> list[Deduction]:
    """Put a table of decisions (CSV or XLSX, COLUMNS) before a second person: all of them, or none and every fault by line."""
    try:
        rows = table_of(table).lines
    except UnreadableTableError as error:
        raise DeductionFaultsError([(max(error.row, 1), error.message)]) from error
    if not rows:
        raise DeductionFaultsError([(1, _("the table has no rows"))])
    units, known, today = _units(by), _known(by), local_day(at)
    decisions: list[Decision] = []
    faults: list[tuple[int, str]] = []
    for row in rows:
        found, wrong = decision_of(row, units)
        wrong += list(_faults(found, units, known, today)) if found else []
        faults += [(row.number, fault) for fault in wrong]
        decisions += [found] if found else []
    if len(decisions) == len(rows):
        lines = [row.number for row in rows]
        faults += [*_repeated(lines, decisions), *_against(lines, decisions, units, at)]
    if faults:
        raise DeductionFaultsError(faults)
    return _store(decisions, units, files.keep(table), by, at)


def doubtful(rows: Iterable[Deduction], at: dt.datetime) -> dict[int, list[str]]:
    """What speaks against decisions that are entered, by their keys; those against which nothing does are left out."""
    found = {
        asked.pk or 0: [*figures.impossible(asked, known), *figures.doubts(asked, known)]
        for asked, known in figures.of_rows(rows, at)
    }
    return {pk: why for pk, why in found.items() if why}


def waiting(authority: Authority | int | None, person: Person) -> list[Deduction]:
    """What waits for the person as the second one, the oldest decision first."""
    rows = Deduction.objects.filter(state=State.PROPOSED, unit__authority=authority).exclude(proposed_by=person)
    return list(rows.select_related("unit", "proposed_by"))


def seen(rows: Iterable[Deduction]) -> str:
    """What a page shows of decisions that wait, as a hash: whoever approves names it."""
    return digest(
        [
            [row.pk, row.unit_id, row.sector, row.number, row.decided_on.isoformat(), row.year, row.tonnes, row.ground]
            for row in sorted(rows, key=lambda row: row.pk)
        ]
    )


@acting(Act.APPROVE_DEDUCTION)
@transaction.atomic
def approve(
    rows: Sequence[Deduction], *, shown: str, by: Person, at: dt.datetime, confirmed: bool = False
) -> list[Deduction]:
    """A second person brings exactly the decisions that the page showed into force: all or none.

    What is known may speak against one: that one is approved singly, by who has `confirmed` its figures.
    """
    # Runs are approved under the same lock: each either knows the decision or was approved before it.
    if by.authority is not None:
        locking.hold(Authority, pk=by.authority.pk)
    found = _locked([row.pk for row in rows])
    two_people.refuse_same(by, *(row.proposed_by_id for row in found))
    if not found or seen(found) != shown:
        raise Refusal(_("What awaits approval has changed since you viewed it; review it again."))
    for row in found:
        if why := _closed(row.ground, row.decided_on):
            raise Refusal(f"{row.number}: {why}")
    _refuse_unlikely(found, confirmed, at)
    for row in found:
        row.state, row.approved_by, row.approved_at = State.APPROVED, by, at
    Deduction.objects.bulk_update(found, ["state", "approved_by", "approved_at"])
    notifications.deductions_approved(found, at)
    notifications.decisions_approved(found, "deduction.entered", at)
    journal.record_each("deduction.approved", found, by=by, at=at, facts=_said)
    return found


@acting(Act.APPROVE_DEDUCTION, Act.ENTER_DEDUCTION)
@transaction.atomic
def refuse(row: Deduction, *, reason: str, by: Person, at: dt.datetime) -> Deduction:
    """The decision doesn't come into force here; it can be entered again. Also whoever entered it may take it back so."""
    (row,) = _locked([row.pk])
    row.mark_refused(two_people.reason_of(reason), by, at)
    if by.pk != row.proposed_by_id:
        notifications.decided(row, row.proposed_by, "deduction.entered", at, approved=False)
    journal.record("deduction.refused", row, by=by, at=at, number=row.number, reason=row.refusal_reason)
    return row


def _refuse_unlikely(rows: Sequence[Deduction], confirmed: bool, at: dt.datetime) -> None:
    """Raise for a decision that can't be by what is known, or that is doubtful and not confirmed."""
    for row, (asked, known) in zip(rows, figures.of_rows(rows, at), strict=True):
        if why := list(figures.impossible(asked, known)):
            raise Refusal(f"{row.number}: {' '.join(why)}")
        doubts = figures.doubts(asked, known)
        if doubts and not confirmed:
            said = {"number": row.number, "doubts": " ".join(doubts)}
            raise Refusal(_("%(number)s must be approved individually, with its figures confirmed: %(doubts)s") % said)


def _beside(decisions: Sequence[Decision], units: dict[str, Unit], at: dt.datetime) -> list[tuple[Asked, Beside]]:
    """Decisions not entered yet, each as what is held against its figures."""
    asked = [
        Asked(units[each.unit].pk, each.sector, each.year, each.tonnes, each.ground, each.decided_on)
        for each in decisions
    ]
    return list(zip(asked, figures.beside(asked, at), strict=True))


def _against(
    lines: Sequence[int], decisions: Sequence[Decision], units: dict[str, Unit], at: dt.datetime
) -> Iterator[tuple[int, str]]:
    """Rows that what is known speaks against; what is only doubtful is entered singly, where its figures can be confirmed."""
    if any(each.unit not in units for each in decisions):
        return
    for line, (asked, known) in zip(lines, _beside(decisions, units, at), strict=True):
        yield from ((line, why) for why in figures.impossible(asked, known))
        for why in figures.doubts(asked, known):
            yield line, _("%(why)s Enter this decision individually and confirm it.") % {"why": why}


def _units(by: Person) -> dict[str, Unit]:
    """The units of the person's own authority, by credit code, with their sectors."""
    rows = Unit.objects.filter(authority=by.authority_id).select_related("authority").prefetch_related("memberships")
    return {unit.credit_code: unit for unit in rows}


def _faults(decision: Decision, units: dict[str, Unit], known: Collection[Key], today: dt.date) -> Iterator[str]:
    unit = units.get(decision.unit)
    if unit is None:
        yield _("No unit of your authority has the credit code “%(code)s”.") % {"code": decision.unit}
    elif decision.sector not in {membership.sector for membership in unit.memberships.all()}:
        yield _("The unit is not of the sector “%(sector)s”.") % {"sector": _sector(decision.sector)}
    elif decision.key in known:
        yield _("Decision %(number)s is already recorded for this unit and sector.") % {"number": decision.number}
    yield from document_faults(decision.number, decision.decided_on, today)
    if not FIRST_YEAR <= decision.year <= decision.decided_on.year:
        yield _("The year of the breach must lie between %(first)d and the year of the decision.") % {
            "first": FIRST_YEAR
        }
    if not 0 < decision.tonnes < 10**_LONGEST_NUMBER_OF_TONNES:
        yield _("A decision must deduct at least one tonne.")
    if why := _closed(decision.ground, decision.decided_on):
        yield why


def document_faults(number: str, decided_on: dt.date, today: dt.date) -> Iterator[str]:
    """What is wrong with number and day of a document that decides on a deduction."""
    try:
        cells.code(number)
    except cells.CellError as error:
        yield _("The document number: %(fault)s.") % {"fault": error}
    if len(number) > LONGEST_NUMBER:
        yield _("The document number exceeds %(limit)d characters.") % {"limit": LONGEST_NUMBER}
    if decided_on > today:
        yield _("The date of the decision is in the future.")


def _known(by: Person) -> set[Key]:
    """The decisions of the person's own authority that are entered or in force."""
    rows = Deduction.objects.filter(unit__authority=by.authority_id).exclude(state=State.REFUSED)
    return set(rows.values_list("unit__credit_code", "sector", "number"))


def _closed(ground: str, day: dt.date) -> str:
    """Why a decision of that day may not cut quota on the ground, with the article; "" where it may."""
    parameter = grounds().get(f"deduction.{ground}")
    if parameter is None:
        known = listed(Deduction.Ground.values)
        return _("“%(ground)s” is not a ground; the grounds are %(known)s.") % {"ground": ground, "known": known}
    try:
        value = parameter.at(day)
    except law.NotInForceError:
        return _("No rule allowed such a decision on %(day)s.") % {"day": day.isoformat()}
    if value.value is True:
        return ""
    said = {"day": day.isoformat(), "article": in_language(value.cite_zh, value.cite)}
    return _("A decision of %(day)s can't deduct quota on this ground: %(article)s.") % said


def _repeated(lines: Sequence[int], decisions: Sequence[Decision]) -> Iterator[tuple[int, str]]:
    """Rows that say a decision for a unit and sector a second time."""
    met: set[Key] = set()
    for line, each in zip(lines, decisions, strict=True):
        if each.key in met:
            yield line, _("Decision %(number)s appears twice in the table.") % {"number": each.number}
        met.add(each.key)


def _sector(code: str) -> str:
    return str(Sector(code).label) if code in Sector.values else code


def _store(
    decisions: Collection[Decision], units: dict[str, Unit], file: str, by: Person, at: dt.datetime
) -> list[Deduction]:
    rows = [
        Deduction(
            unit=units[each.unit],
            sector=each.sector,
            number=each.number,
            decided_on=each.decided_on,
            year=each.year,
            tonnes=each.tonnes,
            ground=each.ground,
            file_sha256=file,
            proposed_by=by,
            proposed_at=at,
        )
        for each in decisions
    ]
    # somebody entered the same at this moment
    with locking.only_once(_("One of these decisions has been entered in the meantime; check the list.")):
        made = Deduction.objects.bulk_create(rows, batch_size=500)
    journal.record_each("deduction.entered", made, by=by, at=at, facts=lambda row: _said(row) | {"file": file})
    return made


def _said(row: Deduction) -> dict[str, Any]:
    return {"number": row.number, "tonnes": row.tonnes}


def _locked(keys: Collection[int]) -> list[Deduction]:
    """The decisions, locked in the order of their keys, if they wait; else somebody was faster."""
    rows = Deduction.objects.select_for_update(of=("self",)).select_related("unit__authority", "proposed_by")
    found = list(rows.filter(pk__in=keys, state=State.PROPOSED).order_by("pk"))
    if len(found) != len(set(keys)):
        raise OvertakenError
    return found
