"""Objections to a quota that something else has taken the place of: what is granted of them could never be carried out."""

from django.utils.translation import gettext as _

from allocation.models import Objection, Run
from allocation.scope import after_objection, runs_in_force
from registry.values.figures import tonnes

__all__ = ["why"]


def why(objection: Objection) -> str:
    """Why granting it would change nothing any more, with the figures; "" where a determination could follow it."""
    run = objection.settlement.run
    if run.kind == Run.Kind.PRE_ALLOCATION and runs_in_force.is_determined(run.authority, run.sector, run.year):
        return _(
            "The quota of %(year)s has been determined since: nothing is allocated in advance any more, so a granted "
            "objection could not be carried out. Refuse it with this reason; the unit can object to the determination."
        ) % {"year": run.year}
    of = {"authority": run.authority_id, "sector": run.sector, "year": run.year, "kind": run.kind}
    now = runs_in_force.runs().filter(**of).exclude(pk=run.pk).defer("manifest").first()
    changed = after_objection.of_run(objection, now) if now is not None else None
    if changed is None:
        return ""
    return _(
        "What is contested has been re-determined since: quota %(quota_before)s t → %(quota_after)s t, tonnes due "
        "%(due_before)s t → %(due_after)s t. Refuse it with this reason; the unit can object to the quota in force."
    ) % {
        "quota_before": tonnes(changed.quota_before),
        "quota_after": tonnes(changed.quota_after),
        "due_before": tonnes(changed.due_before),
        "due_after": tonnes(changed.due_after),
    }
