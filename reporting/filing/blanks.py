"""The workbooks handed out for a package: the blank, with what is known of it beforehand; and a version's data with its warnings."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

from reporting import control_plan, workbook
from reporting.content import MEASURED, Content, closing_stocks, first_day, is_year, last_day
from reporting.control_plan import Plan, asked
from reporting.findings import Finding, listed
from reporting.models import Package, Submission
from reporting.periods import month_before
from reporting.submissions import control_plans, reading
from reporting.workbook.definition import Form
from reporting.workbook.forms import form_for

__all__ = [
    "blank_for",
    "content_before",
    "known_before",
    "planned",
    "plans_of",
    "spec_of",
    "to_explain",
    "wants_reasons",
]


def blank_for(package: Package, at: dt.datetime) -> bytes:
    """The workbook handed out: lines and units of measure; last month's closing stocks, as opening stocks, and meters; for each datum how
    the control plan in force obtains it, and the estimate that it fixed for it, should it be missing."""
    return workbook.blank(planned(known_before(package), plans_of(package, at)))


def wants_reasons(submission: Submission) -> bool:
    """Whether its warnings are handed out to be answered in a workbook. With an error a cell may hold what no workbook written anew would
    have in it, so that is corrected first."""
    return submission.is_readable and submission.warnings > 0 and not submission.errors


def to_explain(submission: Submission) -> bytes:
    """A version's data in a workbook that lists its warnings, each where it stands there, with the reason that counts so far."""
    rows = list(submission.findings.prefetch_related("answers__refusal").order_by("number"))
    latest = {place: answers[-1] for place, row in enumerate(rows) if (answers := list(row.answers.all()))}
    given = {place: answer.reason for place, answer in latest.items() if not hasattr(answer, "refusal")}
    content, spec = Content.from_json(submission.stored_content()), spec_of(submission.package)
    places = _places(content, workbook.read(workbook.filled(spec, content), "").content or content)
    findings = [_standing(row.finding, places) for row in rows]
    return workbook.filled(replace(spec, warnings=listed(findings, given)), content)


def _places(before: Content, after: Content) -> dict[tuple[str, str], tuple[str, str]]:
    """Where the datum of each sheet and cell stands in another file that says the same."""
    there = {row.key: row for row in after.rows}
    pairs = [
        (datum, there[row.key].data[name])
        for row in before.rows
        for name, datum in row.data.items()
        if row.key in there and name in there[row.key].data
    ]
    return {(old.sheet, old.cell): (new.sheet, new.cell) for old, new in pairs}


def _standing(finding: Finding, places: Mapping[tuple[str, str], tuple[str, str]]) -> Finding:
    sheet, cell = places.get((finding.sheet, finding.cell), (finding.sheet, finding.cell))
    return replace(finding, sheet=sheet, cell=cell)


def planned(spec: workbook.BlankSpec, plans: Sequence[Plan]) -> workbook.BlankSpec:
    """The blank with what the plans of its period fix: how each value is obtained, and what stands in for it."""
    form, lines = form_for(spec.sector, spec.period), [line.code for line in spec.lines]
    said = control_plan.standings(form, lines, plans, spec.period)
    estimates = {(*place,): each.values[0] if each.one else each.words for place, each in said.items()}
    words = " → ".join(plan.words.text for plan in plans)
    return replace(spec, estimates=estimates, plan=words, hows=_hows(form, lines, plans))


def _hows(form: Form, lines: Sequence[str], plans: Sequence[Plan]) -> dict[tuple[str, str, str, str], str]:
    """How the plan that began last obtains what the blank presets as measured. A net calorific value stays at its default until somebody
    states one: announced as measured it would lack its number where tests are listed."""
    found = {}
    for each in asked(form, lines) if plans else ():
        for code in ["", *(item.code for item in each.group.offered)]:
            place = each.place._replace(item=code)
            entry = plans[-1].entry(place)
            if entry is not None and entry.how in each.field.hows and each.field.preset_how == MEASURED:
                found[(*place,)] = entry.how
    return found


def plans_of(package: Package, at: dt.datetime) -> tuple[Plan, ...]:
    """The control plans in force on the package's days; a year has none."""
    if package.is_year:
        return ()
    return control_plans.in_force(
        package.unit_id, package.sector, first_day(package.period), last_day(package.period), at
    )


def known_before(package: Package) -> workbook.BlankSpec:
    """For whom and when, with last month's closing stocks, as opening stocks, and meters."""
    before = content_before(package)
    if before is None:
        return spec_of(package)
    return replace(spec_of(package), opening_stocks=closing_stocks(before), meters=tuple(before.table("meter")))


def spec_of(package: Package) -> workbook.BlankSpec:
    """For whom and when a package's workbook is, without opening stocks."""
    lines = reading.lines_of(package).values()
    return workbook.BlankSpec(
        sector=package.sector,
        period=package.period,
        unit_code=package.unit.credit_code,
        unit_name=package.unit.name,
        lines=tuple(workbook.LineSpec(line.code, line.name, line.kind) for line in lines),
    )


def content_before(package: Package) -> Content | None:
    """What the unit said of the month before, if that was submitted; a year has none before it."""
    if is_year(package.period):
        return None
    before = (
        Package.objects.filter(unit=package.unit_id, sector=package.sector, period=month_before(package.period))
        .exclude(submission__isnull=True)
        .exclude(submission__content="")
        .select_related("submission")
        .first()
    )
    if before is None or before.submission is None:
        return None
    return Content.from_json(before.submission.stored_content())
