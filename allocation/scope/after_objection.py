"""What becomes of a granted objection: the determination that follows it, and what that one changed for what was contested.

A determination that changes nothing for the contested line, or for the unit where all of it was contested, follows no objection.
"""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from allocation.models import AdjustmentNotice, Award, Objection, Run, Settlement

__all__ = ["Outcome", "granted", "granted_in", "of_run", "outcome", "to_be_followed", "unmoved"]

_SCOPE = ("authority", "sector", "year", "kind")


@dataclass(frozen=True, slots=True)
class Outcome:
    """Quota and tonnes due of what was contested, before and after the run that followed the objection."""

    run: Run
    quota_before: int
    quota_after: int
    due_before: int
    due_after: int
    adjustment: AdjustmentNotice | None


def granted(authority: int) -> QuerySet[Objection]:
    """The objections that an authority has granted."""
    return Objection.objects.filter(state=Objection.State.GRANTED, settlement__run__authority=authority)


def to_be_followed(authority: int) -> QuerySet[Objection]:
    """Granted objections since whose decision no approved run of the scope has changed what they contest. One query."""
    later = Run.objects.filter(
        state=Run.State.APPROVED,
        approved_at__gt=OuterRef("decided_at"),
        **{name: OuterRef(f"settlement__run__{name}") for name in _SCOPE},
    )
    of_later = {"run__state": Run.State.APPROVED, "run__approved_at__gt": OuterRef("decided_at")}
    of_later |= {f"run__{name}": OuterRef(f"settlement__run__{name}") for name in _SCOPE}
    awards = Award.objects.filter(**of_later, line=OuterRef("award__line"))
    awards = awards.exclude(quota=OuterRef("award__quota"), due=OuterRef("award__due"))
    without = later.exclude(Exists(Award.objects.filter(run=OuterRef("pk"), line=OuterRef(OuterRef("award__line")))))
    whole = Settlement.objects.filter(**of_later, unit=OuterRef("unit"))
    whole = whole.exclude(
        determined=OuterRef("settlement__determined"),
        pre_allocated=OuterRef("settlement__pre_allocated"),
        due=OuterRef("settlement__due"),
    )
    of_line = Q(award__isnull=False) & (Exists(awards) | Exists(without))
    of_unit = Q(award__isnull=True) & Exists(whole)
    return granted(authority).exclude(of_line).exclude(of_unit)


def outcome(objection: Objection) -> Outcome | None:
    """The first run after the decision that changed what was contested; None while there is none."""
    if objection.state != Objection.State.GRANTED:
        return None
    run = objection.settlement.run
    later = Run.objects.filter(
        state=Run.State.APPROVED,
        approved_at__gt=objection.decided_at,
        **{name: getattr(run, f"{name}_id" if name == "authority" else name) for name in _SCOPE},
    )
    for each in later.defer("manifest").order_by("time"):
        if found := of_run(objection, each):
            return found
    return None


def of_run(objection: Objection, run: Run) -> Outcome | None:
    """What a run, approved or still prepared, changes of what was contested; None where it changes nothing of it."""
    before, after = _contested(objection), _by(objection, run)
    if before == after:
        return None
    adjustment = AdjustmentNotice.objects.filter(settlement__run=run, unit=objection.unit_id).first()
    return Outcome(run, before[0], after[0], before[1], after[1], adjustment)


def unmoved(run: Run) -> list[Objection]:
    """The granted objections that a determination could follow and doesn't: it changes nothing of what they contest."""
    return [each for each in granted_in(run) if of_run(each, run) is None]


def granted_in(run: Run) -> list[Objection]:
    """The granted objections of the run's scope that nothing has followed yet."""
    waiting = to_be_followed(run.authority_id).filter(
        **{f"settlement__run__{name}": getattr(run, name) for name in ("sector", "year", "kind")}
    )
    rows = waiting.select_related("settlement__run", "award__line", "unit").defer("settlement__run__manifest")
    return list(rows.order_by("pk"))


def _contested(objection: Objection) -> tuple[int, int]:
    """Quota and tonnes due as they were contested."""
    if objection.award is not None:
        return objection.award.quota, objection.award.due
    row = objection.settlement
    return _quota(row, row.run), row.due


def _by(objection: Objection, run: Run) -> tuple[int, int]:
    """The same by another run; nothing where it has no such line or unit."""
    if objection.award is not None:
        award = run.awards.filter(line=objection.award.line_id).first()
        return (award.quota, award.due) if award else (0, 0)
    row = run.settlements.filter(unit=objection.unit_id).first()
    return (_quota(row, run), row.due) if row else (0, 0)


def _quota(row: Settlement, run: Run) -> int:
    return row.determined if run.kind == Run.Kind.DETERMINATION else row.pre_allocated
