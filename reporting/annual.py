"""Annual reports: the clerk prepares one from accepted evidence, the approver files it."""

import datetime as dt
import itertools
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from registry import calendar, journal
from registry.canonical import canonical, sha256
from registry.exact import whole_tonnes
from registry.models import Line, Person, Unit
from registry.refusal import Refusal
from reporting import accounting, checks, guidelines, items
from reporting.accounting import Accounts, Span
from reporting.content import Content
from reporting.expected import asked_of
from reporting.models import (
    AnnualReport,
    Package,
    ReportContent,
    ReportedDatum,
    ReportSource,
    ReportSpan,
    ReportTerm,
    Submission,
)
from reporting.periods import annual_due, periods_of
from reporting.reading import term_columns, totals_as_json

__all__ = ["file", "prepare", "prepared_from"]

State = AnnualReport.State


@transaction.atomic
def prepare(unit: Unit, sector: str, year: int, *, by: Person, at: dt.datetime) -> AnnualReport:
    """Make the report from the year's accepted packages; a report prepared before and not yet filed is replaced."""
    # Two clerks at once: the second sees what the first made; and no package is reopened meanwhile (review.reopen).
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    reports = AnnualReport.objects.filter(unit=unit, sector=sector, year=year)
    if reports.filter(state=State.FILED).exists():
        raise Refusal(_("The annual report of %(year)s is filed already.") % {"year": year})
    due = annual_due(year)
    submissions = prepared_from(unit, sector, year)
    contents = [Content.from_json(submission.stored_content()) for submission in submissions]
    _refuse_contradictions(contents)
    _refuse_year_workbook_of_two_guidelines(contents[0])
    content = contents[0] if contents[0].is_year else accounting.year_content(contents)
    spans = accounting.spans(contents)
    accounts = accounting.account_year(spans)
    reports.filter(state=State.PREPARED).update(state=State.SUPERSEDED)
    latest = reports.aggregate(latest=Max("version"))["latest"] or 0
    report = AnnualReport.objects.create(
        unit=unit,
        sector=sector,
        year=year,
        version=latest + 1,
        due=due,
        emissions=whole_tonnes(accounts.totals.enterprise),
        prepared_by=by,
        prepared_at=at,
    )
    differences = accounting.rounding(accounts.totals, [accounting.account(month).totals for month in contents])
    stated = _state(report, content, accounts, differences, spans)
    ReportSource.objects.bulk_create(ReportSource(report=report, submission=submission) for submission in submissions)
    journal.record("report.prepared", report, by=by, at=at, version=report.version, content=stated.sha256)
    return report


def prepared_from(unit: Unit, sector: str, year: int) -> list[Submission]:
    """The accepted versions of the year's periods, in order; raises Refusal that names the periods still missing.

    A unit that left the directory in the year reports for its part of it: what it submitted for later periods is no part of the report.
    """
    asked = asked_of([unit.pk], sector, year).get(unit.pk, periods_of(year))
    if not asked:
        raise Refusal(_("The unit left the directory before %(year)s began: no report is asked for.") % {"year": year})
    accepted = Package.objects.filter(
        unit=unit, sector=sector, year=year, period__in=asked, state=Package.State.ACCEPTED
    )
    found = {package.period: package.submission for package in accepted.select_related("submission__package")}
    missing = [period for period in asked if period not in found]
    if missing:
        raise Refusal(
            _("The report needs every package of the year accepted; not yet: %(periods)s.")
            % {"periods": ", ".join(missing)}
        )
    return [submission for _period, submission in sorted(found.items()) if submission is not None]


def _refuse_contradictions(contents: list[Content]) -> None:
    faults = [f"{period}: {finding.message}" for period, finding in checks.between(contents)]
    if faults:
        raise Refusal(
            _("The months contradict each other; have those that are wrong sent back and corrected: %(faults)s")
            % {"faults": " ".join(faults)}
        )


def _refuse_year_workbook_of_two_guidelines(content: Content) -> None:
    """A year workbook has one figure for the year: no part of it can be told to belong to the later guideline."""
    if not content.is_year:
        return
    parts = guidelines.spans(content.sector, [f"{content.period}-{month:02}" for month in range(1, 13)])
    if len(parts) > 1:
        raise Refusal(
            _("The accounting guideline changes within %(year)s (%(spans)s): a year workbook can't be parted by it.")
            % {
                "year": content.period,
                "spans": "; ".join(f"{months[0]}–{months[-1]}: {part.code}" for part, months in parts),
            }
        )


@transaction.atomic
def file(report: AnnualReport, *, by: Person, at: dt.datetime) -> AnnualReport:
    """Approve and file a prepared report; by another person than prepared it. After the deadline it is marked late."""
    Unit.objects.select_for_update(no_key=True).get(pk=report.unit_id)  # no package is reopened meanwhile
    report = AnnualReport.objects.select_for_update(of=("self",)).select_related("unit").get(pk=report.pk)
    if report.state != State.PREPARED:
        raise Refusal(_("Somebody else has dealt with this report in the meantime; look at it again."))
    if report.prepared_by_id == by.pk:
        raise Refusal(_("Whoever prepared it can't file it: a second person must."))
    stale = report.sources.exclude(submission__package__state=Package.State.ACCEPTED)
    replaced = [
        source.submission.package.period
        for source in report.sources.select_related("submission__package")
        if source.submission.package.submission_id != source.submission_id
    ]
    if stale.exists() or replaced:
        raise Refusal(_("Evidence it was made from was sent back since: prepare the report again."))
    report.state, report.filed_by, report.filed_at = State.FILED, by, at
    report.late = at > calendar.end_of(report.due)
    report.save(update_fields=["state", "filed_by", "filed_at", "late"])
    journal.record(
        "report.filed", report, by=by, at=at, version=report.version, content=report.stated.sha256, late=report.late
    )
    return report


def _state(
    report: AnnualReport,
    content: Content,
    accounts: Accounts,
    differences: Mapping[str, Decimal],
    spans: Sequence[Span],
) -> ReportContent:
    """Write down what the report says."""
    text = canonical(content.as_json())
    stated = ReportContent.objects.create(
        report=report,
        content=text,
        sha256=sha256(text.encode()),
        guideline=spans[-1].guideline.code,
        totals=totals_as_json(accounts.totals),
        rounding={line: str(difference) for line, difference in differences.items()},
    )
    ReportTerm.objects.bulk_create(
        ReportTerm(report=report, **term_columns(number, term)) for number, term in enumerate(accounts.terms, start=1)
    )
    ReportSpan.objects.bulk_create(_spans(report, spans))
    ReportedDatum.objects.bulk_create(_data(report, accounts))
    return stated


def _spans(report: AnnualReport, spans: Sequence[Span]) -> Iterator[ReportSpan]:
    ends = itertools.accumulate(len(span.terms) for span in spans)
    for span, end in zip(spans, ends, strict=True):
        yield ReportSpan(
            report=report,
            first=span.periods[0],
            last=span.periods[-1],
            guideline=span.guideline.code,
            last_term=end,
            emissions=span.emissions,
        )


def _data(report: AnnualReport, accounts: Accounts) -> list[ReportedDatum]:
    lines = {line.code: line for line in Line.objects.filter(unit=report.unit_id, sector=report.sector)}
    return [
        ReportedDatum(
            report=report, line=lines[code], item=name, measure=items.item(report.sector, name).measure, value=value
        )
        for code in accounts.totals.lines
        for name, value in items.stated(report.sector, code, accounts).items()
    ]
