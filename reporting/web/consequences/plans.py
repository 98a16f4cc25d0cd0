"""A control plan that is submitted."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.access import SignedInRequest
from registry.values.bilingual import listed
from registry.values.figures import day
from registry.web.confirming import Consequence, Consequential
from reporting.models import ControlPlan
from reporting.submissions import control_plans
from reporting.web.consequences.months import REVIEWED

__all__ = ["PLAN", "READ_BEFORE"]

READ_BEFORE = gettext_lazy(
    "The change is valid from %(day)s, and months since then were read against the version before: %(periods)s. They stay as they are."
)


def _planning(_request: SignedInRequest, row: ControlPlan) -> Consequence:
    before = control_plans.read_before(row, row.valid_from)
    said = {"day": day(row.valid_from), "periods": listed(before)}
    return Consequence(
        _("You are about to submit the control plan %(year)s: %(unit)s, %(sector)s")
        % {"year": row.year, "unit": row.unit, "sector": row.get_sector_display()},
        _("Submit the plan"),
        facts=[(_("Unit"), row.unit), (_("Sector"), row.get_sector_display())],
        touches=[_("The province, which accepts it or sends it back")],
        warnings=[READ_BEFORE % said] if before else [],
        final=_("A submitted plan can't be changed; once accepted, months are checked against it."),
        then=str(REVIEWED),
        declares=True,
    )


PLAN = Consequential(_planning, ["control_plan.submitted"], then=REVIEWED)
