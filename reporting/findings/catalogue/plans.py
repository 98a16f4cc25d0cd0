"""What the checks may find when a month is read against the control plan."""

from django.utils.translation import gettext_lazy as _

from reporting.findings.catalogue.kinds import warnings

PLAN = _("data quality control plan accepted by the province; missing data by the estimate that it fixed beforehand")
_AS_PLANNED = _("Obtain it as planned, or give the reason; where things have changed for good, have the plan changed.")

PLANS = warnings(
    PLAN,
    [
        (
            "plan.none",
            _("No accepted control plan is in force in %(period)s."),
            _("Write the year's control plan and have it submitted; until it is accepted, give the reason."),
        ),
        (
            "plan.line",
            _("The line %(line)s reports, but is not covered by the control plan."),
            _("Have the plan changed to cover the line; until then, give the reason."),
        ),
        (
            "plan.how",
            _("%(item)s: the value is a %(now)s; the control plan says %(planned)s."),
            _AS_PLANNED,
        ),
        (
            "plan.unplanned",
            _("%(item)s: a value is stated, but the control plan says that the unit doesn't use it."),
            _("Correct the value, or have the plan changed and give the reason until then."),
        ),
        (
            "plan.estimated",
            _(
                "%(item)s: the value is missing; the plan's conservative estimate %(estimate)s is used instead. "
                "%(fallback)s"
            ),
            _("Give the reason why the value is missing."),
        ),
        (
            "plan.other_estimate",
            _(
                "%(item)s: %(found)s is stated for a missing value; the plan fixed the conservative estimate %(estimate)s. %(fallback)s"
            ),
            _("Enter the plan's estimate, or give the reason."),
        ),
        (
            "plan.missing",
            _(
                "%(item)s: the value is missing; for this the plan fixed the conservative estimate %(estimate)s. %(fallback)s"
            ),
            _("Enter the value; if it is unavailable, the estimate, obtained as a default."),
        ),
        (
            "plan.missing_divided",
            _(
                "%(item)s: the value is missing, and the plan changed within the month; "
                "its conservative estimates are %(estimate)s. %(fallback)s"
            ),
            _(
                "Enter the value; no single estimate applies to the whole month: if the value is unavailable, enter "
                "one of them and give the reason."
            ),
        ),
        (
            "plan.meter",
            _("The meter %(meter)s is not the one that the control plan names (%(planned)s)."),
            _AS_PLANNED,
        ),
        (
            "plan.accuracy",
            _(
                "The meter %(meter)s: the required accuracy is stated as %(accuracy)s %%; the plan requires %(planned)s %%."
            ),
            _("State the accuracy that the plan requires, or give the reason."),
        ),
        (
            "plan.calibration",
            _("The meter %(meter)s: by the control plan its calibration was valid until %(until)s."),
            _("Enter the meter with its present certificate on the sheet of meters, or give the reason."),
        ),
        (
            "plan.laboratory",
            _("%(item)s, batch %(batch)s: the laboratory is not accredited; the plan names %(planned)s."),
            _AS_PLANNED,
        ),
    ],
)
