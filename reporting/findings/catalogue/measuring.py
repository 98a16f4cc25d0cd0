"""What the checks may find about tests, meters and the boundary."""

from django.utils.translation import gettext_lazy as _

from reporting.findings.catalogue.checks import EVIDENCE, GUIDELINE
from reporting.findings.catalogue.kinds import errors, warnings

BY_ANALOGY = _(
    "guideline for power generation, taken over by analogy: conservative values where meters or tests fall short"
)
_REASON = _("Correct the value, or give the reason.")

MEASURING = (
    errors(
        EVIDENCE,
        [
            (
                "batch.mean",
                _(
                    "%(item)s: the stated net calorific value %(found)s differs from the mean of the listed tests, "
                    "%(mean)s."
                ),
                _("Clear the value, so that the tests' mean counts, or correct the list of tests."),
            ),
            (
                "meter.dates",
                _("The meter %(meter)s: the days of its certificate can't be right."),
                _("Correct the days of calibration and validity."),
            ),
            (
                "date.future",
                _("%(what)s: %(day)s is later than %(today)s, the day of submission."),
                _("Correct the day."),
            ),
        ],
    )
    + errors(
        GUIDELINE,
        [
            (
                "ncv.choice_mixed",
                _(
                    "%(item)s: its net calorific value is measured in one place and default in another; the choice "
                    "applies to the fuel."
                ),
                _("Use one way of obtaining it for the whole unit."),
            ),
            (
                "excluded.too_large",
                _("%(item)s: %(excluded)s is left out, but only %(consumed)s was consumed."),
                _("Correct the amount that lies outside the boundary."),
            ),
        ],
    )
    + warnings(
        GUIDELINE,
        [
            (
                "batch.incomplete",
                _("%(item)s: the tested batches total %(found)s t, but at least %(needed)s t were purchased and used."),
                _("List every batch, or give the reason."),
            ),
            (
                "power.no_own_fuel",
                _("The line %(line)s: its power units burn neither its own coke nor its own gas."),
                _REASON,
            ),
            (
                "how.estimated",
                _(
                    "%(item)s: the quantity is a %(how)s, which may only replace missing data as the control plan "
                    "provides."
                ),
                _REASON,
            ),
        ],
    )
    + warnings(
        BY_ANALOGY,
        [
            (
                "batch.default",
                _("%(item)s, batch %(batch)s: its test does not count, because %(why)s. The default is used for it."),
                _REASON,
            ),
            (
                "meter.accuracy",
                _(
                    "The meter %(meter)s: the required accuracy is stated as %(accuracy)s %%, but the guideline requires "
                    "%(required)s %%, and that counts."
                ),
                _("Clear it or state a better one, or give the reason."),
            ),
            (
                "meter.premature",
                _(
                    "The meter %(meter)s: a certificate of %(day)s is dated after the period, so neither it nor the one "
                    "before it counts."
                ),
                _("Give the days of the certificate that was valid in the period, or give the reason."),
            ),
            (
                "meter.uncovered",
                _(
                    "The meter %(meter)s (%(what)s): no certificate covers %(uncovered)s of %(days)s days; penalty %(penalty)s."
                ),
                _("Correct the certificate's days, or give the reason."),
            ),
            (
                "meter.inaccurate",
                _(
                    "The meter %(meter)s (%(what)s): the error found, %(error)s %%, is above the required %(accuracy)s %%; "
                    "penalty %(penalty)s."
                ),
                _REASON,
            ),
        ],
    )
)
