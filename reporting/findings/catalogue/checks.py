"""What the checks may find in what the numbers say."""

from django.utils.translation import gettext_lazy as _

from reporting.findings.catalogue.kinds import errors, warnings
from reporting.findings.catalogue.reading import DOWNLOAD_AGAIN

GUIDELINE = _("accounting guideline of the sector")
EVIDENCE = _("monthly evidence of the accounting guideline")
PLAUSIBILITY = _("plausibility threshold of the platform (dated data, no rule of law gives a number)")

_ANSWER = _("Correct the value, or give the reason.")

RULES = (
    errors(
        GUIDELINE,
        [
            (
                "line.unknown",
                _("The line %(line)s is not a line of this unit."),
                _("Use the workbook issued for this unit."),
            ),
            (
                "line.none",
                _("The workbook has no line: there is nothing to report for %(period)s."),
                _(
                    "Nothing is required for a period in which no line of the unit existed. If one did, have the "
                    "register corrected, then download the workbook again."
                ),
            ),
            ("line.missing", _("The line %(line)s of this unit is not in the workbook."), DOWNLOAD_AGAIN),
            (
                "line.one_works",
                _(
                    "The line %(line)s is a second works; a steel unit reports as one entity: the legal person, or "
                    "one joint works."
                ),
                _("Report everything under one works; its processes are distinguished in the workbook."),
            ),
            (
                "period.not_begun",
                _("%(period)s has not begun yet."),
                _("Submit the workbook when the month has ended."),
            ),
            (
                "period.before_entry",
                _("The line %(line)s reports for %(period)s, but it was commissioned only on %(start)s."),
                _("Remove the line's values, or have its entry in the registry corrected."),
            ),
            (
                "period.after_closing",
                _("The line %(line)s reports for %(period)s, but it was closed on %(closed)s."),
                _("Remove the line's values, or have its closing in the registry corrected."),
            ),
            (
                "default.overwritten",
                _("%(item)s: %(found)s is entered where only the default value %(default)s may be used."),
                _("Clear the value or enter the default."),
            ),
            (
                "ncv.choice_changed",
                _(
                    "%(item)s: the net calorific value is %(now)s but was %(before)s in %(period)s; the choice "
                    "applies to the whole year."
                ),
                _("Use the method chosen for this year."),
            ),
            (
                "ncv.went_back",
                _(
                    "%(item)s: the net calorific value was measured in %(period)s; a unit that has measured may not go back to the default."
                ),
                _("Enter the measured value."),
            ),
            (
                "feedstock.not_allowed",
                _("%(item)s: only coke-oven gas can be deducted as chemical feedstock."),
                _("Clear the value."),
            ),
        ],
    )
    + errors(
        EVIDENCE,
        [
            ("value.missing", _("%(item)s: the value is missing."), _("Enter the value; 0 if there was none.")),
            (
                "report.missing",
                _("%(item)s: measured value without a test report."),
                _("Name the test report in the column for the supporting file."),
            ),
            (
                "ledger.broken",
                _(
                    "%(item)s: opening + purchased − sold − closing stock gives %(sum)s, but %(consumed)s is stated as consumed."
                ),
                _("Correct the ledger so that it adds up."),
            ),
            (
                "ledger.discontinuous",
                _("%(item)s: the opening stock %(opening)s is not the closing stock %(closing)s of %(period)s."),
                _("Carry the closing stock over, or have the earlier month corrected."),
            ),
            (
                "origin.bought",
                _("%(item)s is stated both as own production and as purchased."),
                _("Enter the purchased quantity separately, as purchased."),
            ),
            (
                "moisture.too_high",
                _("%(item)s: a moisture of %(found)s %% leaves no fuel."),
                _("Correct the moisture: percent of the fuel as received, below 100."),
            ),
            (
                "dry.not_from_moisture",
                _(
                    "%(item)s: a net use of %(use)s with a moisture of %(moisture)s %% is %(expected)s dry, but "
                    "%(dry)s is stated; rounding does not explain the difference."
                ),
                _("Correct the moisture or the net use on the dry basis: dry = use × (1 − moisture)."),
            ),
            (
                "total.too_large",
                _("%(item)s comes to %(found)s t, more than anything that can be reported (limit %(limit)s t)."),
                _("Check the amounts and their units of measure."),
            ),
            (
                "stop.days",
                _("The line %(line)s was stopped for %(days)s days in a period of %(limit)s days."),
                _("Correct the number of days."),
            ),
            (
                "stop.with_output",
                _(
                    "The line %(line)s was stopped on all %(days)s days of the period, but %(output)s t of output are stated."
                ),
                _("Correct the number of days, or the output."),
            ),
            (
                "stop.restart_first",
                _(
                    "The line %(line)s was stopped on %(stopped)s, but started again on %(restarted)s, which is before that."
                ),
                _(
                    "Correct the days: for several stops, give the first day of the first and the restart after the "
                    "last."
                ),
            ),
            (
                "stop.after_period",
                _("The line %(line)s was stopped on %(stopped)s, which is after the period %(period)s."),
                _("Correct the day; a later stop belongs to its own period."),
            ),
        ],
    )
    + warnings(
        GUIDELINE,
        [
            (
                "use.above_supply",
                _("%(item)s: the processes used %(used)s, but purchases and own production come to %(supply)s."),
                _("Correct the value, or give the reason."),
            ),
            ("output.without_fuel", _("The line %(line)s has output but used no fuel or anode."), _ANSWER),
            (
                "fuel.without_output",
                _("The line %(line)s used fuel or anode but has no output, and no stop is reported."),
                _ANSWER,
            ),
        ],
    )
)

PLAUSIBLE = warnings(
    PLAUSIBILITY,
    [
        (
            "output.above_capacity",
            _("The line %(line)s has an output of %(output)s t; its approved capacity allows for %(limit)s t."),
            _ANSWER,
        ),
        (
            "intensity.out_of_band",
            _("The line %(line)s has an intensity of %(found)s; the usual range is %(low)s to %(high)s."),
            _ANSWER,
        ),
        (
            "heat.out_of_band",
            _(
                "The line %(line)s used %(found)s GJ of coal heat per tonne of clinker; the usual range is %(low)s "
                "to %(high)s."
            ),
            _ANSWER,
        ),
        (
            "anode.out_of_band",
            _(
                "The line %(line)s used %(found)s t of anode per tonne of liquid aluminium; the usual range is "
                "%(low)s to %(high)s."
            ),
            _ANSWER,
        ),
        (
            "change.large",
            _("The line %(line)s: %(what)s changed by %(change)s %% against %(period)s."),
            _ANSWER,
        ),
        (
            "intensity.outlier",
            _(
                "The line %(line)s: intensity %(found)s deviates strongly from its earlier months (median "
                "%(median)s, robust z-score %(score)s)."
            ),
            _ANSWER,
        ),
        (
            "outlier.peers",
            _(
                "The line %(line)s: intensity %(found)s deviates strongly from its %(count)s peers (median "
                "%(median)s, robust z-score %(score)s)."
            ),
            _ANSWER,
        ),
        (
            "ncv.far_from_default",
            _(
                "%(item)s: the measured net calorific value %(found)s deviates by %(change)s %% from the default "
                "%(default)s."
            ),
            _ANSWER,
        ),
        (
            "ncv.repeated",
            _("%(item)s: the same measured net calorific value %(found)s in %(months)s consecutive months."),
            _ANSWER,
        ),
    ],
)

# By which threshold (reporting/guidelines/checks.toml) a finding was made.
THRESHOLDS = {
    "output.above_capacity": "capacity.factor",
    "intensity.out_of_band": "band.{sector}.intensity",
    "heat.out_of_band": "band.cement.heat",
    "anode.out_of_band": "band.aluminium.anode",
    "change.large": "change.month",
    "intensity.outlier": "outlier.score",
    "outlier.peers": "outlier.peers.score",
    "ncv.far_from_default": "ncv.off_default",
    "ncv.repeated": "ncv.same_months",
}
