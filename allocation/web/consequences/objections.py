"""Filing an objection, and deciding on it."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allocation import objections
from allocation.models import Objection
from registry.access import SignedInRequest
from registry.law import clock
from registry.web.confirming import Consequence, Consequential, as_posted

__all__ = ["DECISION", "FILING"]

State = Objection.State
FILED = gettext_lazy("The province decides within the term of the rules and tells the unit its reasons.")
DECIDED = gettext_lazy("The unit is told the reasons. What was granted is carried out by another determination.")


def _facts(row: Objection) -> list[tuple[str, object]]:
    run = row.settlement.run
    return [
        (_("Unit"), row.unit),
        (_("Against"), f"{run.get_sector_display()} · {run.year} · {run.get_kind_display()}"),
        (_("What is contested, and why"), row.grounds),
    ]


def _filing(request: SignedInRequest, row: Objection) -> Consequence:
    late = row.due is not None and clock.today() > row.due
    return Consequence(
        _("You are about to file an objection to the quota of %(unit)s") % {"unit": row.unit},
        _("File the objection"),
        facts=_facts(row),
        touches=[_("Your unit and the province. The quota stays as it is until the decision.")],
        warnings=[_("The term has ended: it is recorded as late.")] if late else [],
        final=_("What was filed can't be rewritten; it can be withdrawn until it is decided."),
        fields={"seen": as_posted(request, "seen", objections.seen(row))},
    )


def _deciding(request: SignedInRequest, row: Objection) -> Consequence:
    granted = row.outcome == Objection.Outcome.GRANTED
    said = {"unit": row.unit}
    return Consequence(
        _("You are about to grant the objection of %(unit)s") % said
        if granted
        else _("You are about to refuse the objection of %(unit)s") % said,
        _("Grant it") if granted else _("Refuse it"),
        facts=[*_facts(row), (_("Reasons"), row.reasons), (_("Decision proposed by"), row.proposed_by)],
        touches=[
            _("%(unit)s; its quota changes only by the next determination") % said
            if granted
            else _("%(unit)s; its quota stays as it is") % said
        ],
        final=_("A decision can't be taken back."),
        by=row.decide_by,
        fields={"seen": as_posted(request, "seen", objections.seen(row))},
    )


FILING = Consequential(_filing, ["objection.filed"], [State.DRAFTED], then=FILED)
DECISION = Consequential(_deciding, ["objection.granted", "objection.refused"], [State.PROPOSED], then=DECIDED)
