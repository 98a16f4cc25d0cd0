"""Annual reports: the clerk prepares one from accepted evidence, the approver files it; either it or the province sends it back."""

import datetime as dt
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from registry import directory, journal, two_people
from registry.access import acting
from registry.database import locking
from registry.law import calendar
from registry.models import Line, Person, Unit
from registry.permissions import Act
from registry.refusal import Refusal
from registry.values.bilingual import listed
from registry.values.canonical import canonical, sha256
from registry.values.exact import whole_tonnes
from reporting import accounting, checks, notifications, verification
from reporting.accounting import Accounts, Difference, Span, items
from reporting.content import Content
from reporting.filing import outside_lives
from reporting.filing.year_files import guideline_changes
from reporting.models import (
    AnnualReport,
    Package,
    ReportContent,
    ReportedDatum,
    ReportReturn,
    ReportSource,
    ReportSpan,
    ReportTerm,
    Submission,
    Verification,
)
from reporting.models.verification import OPEN
from reporting.periods import annual_due
from reporting.periods.expected import asked_of_unit
from reporting.submissions.reading import term_columns, totals_as_json

__all__ = ["file", "prepare", "return_to_clerk", "send_back"]

State = AnnualReport.State
NOT_FILED = (State.PREPARED, State.RETURNED)


@dataclass(frozen=True, slots=True)
class _Year:
    """What a report says, worked out from these versions (by key, in the order of their periods)."""

    sources: tuple[int, ...]
    text: str
    spans: Sequence[Span]
    accounts: Accounts
    differences: Sequence[Difference]


@acting(Act.PREPARE_ANNUAL_REPORT)
def prepare(unit: Unit, sector: str, year: int, *, by: Person, at: dt.datetime) -> AnnualReport:
    """Make the report from the year's accepted packages; a report prepared before and not filed, or sent back, is replaced."""
    _refuse_filed(_versions(unit, sector, year), year)
    due = calendar.due_once_listed(annual_due(year), directory.listed_on(unit.pk, sector, year))
    # What takes time is done before anything is locked, from versions that never change; whether they are still those that count
    # is asked under the lock.
    return _prepare(unit, sector, year, due, _worked_out(unit, sector, year), by, at)


@transaction.atomic
def _prepare(
    unit: Unit, sector: str, year: int, due: dt.date, said: _Year, by: Person, at: dt.datetime
) -> AnnualReport:
    # Two clerks at once: the second sees what the first made; and no package is reopened meanwhile (review.reopen).
    locking.hold(Unit, pk=unit.pk)
    versions = _versions(unit, sector, year)
    _refuse_filed(versions, year)
    if _accepted(unit, sector, year) != said.sources:
        said = _worked_out(unit, sector, year)
    replaced = _superseded(unit, sector, year) if set(NOT_FILED) & set(versions.values()) else []
    report = AnnualReport.objects.create(
        unit=unit,
        sector=sector,
        year=year,
        version=max(versions, default=0) + 1,
        due=due,
        emissions=whole_tonnes(said.accounts.totals.enterprise),
        prepared_by=by,
        prepared_at=at,
    )
    stated = _state(report, said)
    ReportSource.objects.bulk_create(ReportSource(report=report, submission_id=source) for source in said.sources)
    notifications.report_prepared(report, at)
    facts: dict[str, Any] = {"version": report.version, "content": stated.sha256}
    journal.record("report.prepared", report, by=by, at=at, papers=replaced, **facts)
    return report


def _superseded(unit: Unit, sector: str, year: int) -> list[AnnualReport]:
    """What was prepared and not filed makes way."""
    of = AnnualReport.objects.filter(unit=unit, sector=sector, year=year, state__in=NOT_FILED)
    replaced = list(of)
    of.update(state=State.SUPERSEDED)
    return replaced


def _versions(unit: Unit, sector: str, year: int) -> dict[int, str]:
    """The state of each report of the year, by its version."""
    of = AnnualReport.objects.filter(unit=unit, sector=sector, year=year).order_by()
    return dict(of.values_list("version", "state"))


def _refuse_filed(versions: Mapping[int, str], year: int) -> None:
    if State.FILED in versions.values():
        raise Refusal(_("The annual report for %(year)s has already been filed.") % {"year": year})


def _worked_out(unit: Unit, sector: str, year: int) -> _Year:
    sources = _accepted(unit, sector, year)
    outside_lives.refuse(unit, sector, year)
    found = Submission.objects.in_bulk(sources)
    contents = [Content.from_json(found[source].stored_content()) for source in sources]
    _refuse_contradictions(contents)
    if fault := guideline_changes(contents[0]):
        raise Refusal(fault)
    content = contents[0] if contents[0].is_year else accounting.year_content(contents)
    spans = accounting.spans(contents)
    accounts = accounting.account_year(spans)
    return _Year(sources, canonical(content.as_json()), spans, accounts, accounting.differences(contents, accounts))


def _accepted(unit: Unit, sector: str, year: int) -> tuple[int, ...]:
    """The keys of the accepted versions of the year's periods, in order; raises Refusal that names the periods still missing.

    A unit that left the directory in the year reports for its part of it: what it submitted for later periods is no part of the report.
    """
    asked = asked_of_unit(unit.pk, sector, year)
    if not asked:
        raise Refusal(
            _("No report is required for %(year)s: the unit had left the directory, or none of its lines existed.")
            % {"year": year}
        )
    accepted = Package.objects.filter(
        unit=unit, sector=sector, year=year, period__in=asked, state=Package.State.ACCEPTED
    )
    found = dict(accepted.order_by("period").values_list("period", "submission"))
    missing = [period for period in asked if period not in found]
    if missing:
        raise Refusal(
            _("The report requires all packages of the year to be accepted; not yet accepted: %(periods)s.")
            % {"periods": listed(missing)}
        )
    return tuple(found.values())


def _refuse_contradictions(contents: list[Content]) -> None:
    faults = [f"{period}: {finding.message}" for period, finding in checks.between(contents)]
    if faults:
        raise Refusal(
            _("The months contradict each other; have those that are wrong sent back and corrected: %(faults)s")
            % {"faults": " ".join(faults)}
        )


@acting(Act.FILE_ANNUAL_REPORT)
@transaction.atomic
def file(report: AnnualReport, *, declared: str = "", by: Person, at: dt.datetime) -> AnnualReport:
    """Approve and file a prepared report; by another person than prepared it. After the deadline it is marked late.

    `declared` is the wording under which it is handed over.
    """
    locking.hold(Unit, pk=report.unit_id)  # no package is reopened meanwhile
    report = _locked(report, State.PREPARED)
    two_people.refuse_same(by, report.prepared_by_id)
    package = "submission__package__"
    sources = report.sources.order_by(f"{package}period").values_list(
        "submission", f"{package}submission", f"{package}state", f"{package}period"
    )
    if any(made_from != current or state != Package.State.ACCEPTED for made_from, current, state, _period in sources):
        raise Refusal(_("Evidence it is based on has since been sent back: prepare the report again."))
    _refuse_other_periods(report, [period for *_versions, period in sources])
    report.state, report.filed_by, report.filed_at = State.FILED, by, at
    report.late = _is_late(report, at)
    report.save(update_fields=["state", "filed_by", "filed_at", "late"])
    stated = ReportContent.objects.values_list("sha256", flat=True).get(report=report)
    notifications.report_filed(report, at)
    facts: dict[str, Any] = {"version": report.version, "content": stated, "late": report.late, "declared": declared}
    journal.record("report.filed", report, by=by, at=at, **facts)
    return report


def _refuse_other_periods(report: AnnualReport, made_from: Sequence[str]) -> None:
    """The unit may have left, or a line's days have been corrected, since it was prepared."""
    asked = asked_of_unit(report.unit_id, report.sector, report.year)
    if list(made_from) != asked:
        raise Refusal(
            _(
                "It was prepared from %(made_from)s; by the directory and the lines' days now registered, %(asked)s are "
                "required: prepare the report again."
            )
            % {"made_from": listed(made_from), "asked": listed(asked) or _("none")}
        )
    outside_lives.refuse(report.unit, report.sector, report.year)


def _is_late(report: AnnualReport, at: dt.datetime) -> bool:
    """Whether the year's first filing came after the deadline: one that was sent back afterwards was in time all the same."""
    earlier = AnnualReport.objects.filter(unit=report.unit_id, sector=report.sector, year=report.year)
    first = earlier.filter(filed_at__isnull=False).order_by("version").first()
    return at > calendar.end_of(report.due) if first is None else first.late


@acting(Act.FILE_ANNUAL_REPORT)
@transaction.atomic
def return_to_clerk(report: AnnualReport, *, reason: str, by: Person, at: dt.datetime) -> AnnualReport:
    """The unit's approver doesn't file a prepared report but gives it back to the clerk, who prepares it again."""
    reason = two_people.reason_of(reason)
    report = _locked(report, State.PREPARED)
    two_people.refuse_same(by, report.prepared_by_id)
    return _returned(report, reason, by, at)


@acting(Act.RETURN_ANNUAL_REPORT)
@transaction.atomic
def send_back(report: AnnualReport, *, reason: str, by: Person, at: dt.datetime) -> AnnualReport:
    """The province gives a filed report back, as long as its verification isn't concluded; one that is under way ends without a result.

    The version that was filed stays as it is: its months can be reopened, and the clerk prepares the next one.
    """
    reason = two_people.reason_of(reason)
    locking.hold(Unit, pk=report.unit_id)  # no package is reopened, no report prepared meanwhile
    report = _locked(report, State.FILED)
    two_people.refuse_same(by, report.prepared_by_id, report.filed_by_id)
    given = list(report.verifications.select_for_update(of=("self",)).select_related("unit", "body"))
    if verification.standing(report) or any(each.state == Verification.State.CONCLUDED for each in given):
        raise Refusal(_("Its verification is concluded: errors are corrected there, or by re-verification."))
    for each in given:
        if each.state in OPEN:
            verification.stop(each, reason=reason, by=by, at=at)
    return _returned(report, reason, by, at)


def _returned(report: AnnualReport, reason: str, by: Person, at: dt.datetime) -> AnnualReport:
    said = ReportReturn.objects.create(
        report=report, was_filed=report.state == State.FILED, reason=reason, by=by, at=at
    )
    report.state = State.RETURNED
    report.save(update_fields=["state"])
    notifications.report_returned(report, at)
    journal.record("report.returned", report, by=by, at=at, version=report.version, reason=said.reason)
    return report


def _locked(report: AnnualReport, state: AnnualReport.State) -> AnnualReport:
    return locking.in_state(AnnualReport.objects.select_related("unit"), report, state)


def _state(report: AnnualReport, said: _Year) -> ReportContent:
    """Write down what the report says."""
    stated = ReportContent.objects.create(
        report=report,
        content=said.text,
        sha256=sha256(said.text.encode()),
        guideline=said.spans[-1].guideline.code,
        totals=totals_as_json(said.accounts.totals) | _unrounded(report.sector, said.accounts),
        differences=[each.as_json() for each in said.differences],
    )
    ReportTerm.objects.bulk_create(
        ReportTerm(report=report, **term_columns(number, term))
        for number, term in enumerate(said.accounts.terms, start=1)
    )
    ReportSpan.objects.bulk_create(_spans(report, said.spans))
    ReportedDatum.objects.bulk_create(_data(report, said.accounts))
    return stated


def _unrounded(sector: str, accounts: Accounts) -> dict[str, dict[str, dict[str, str]]]:
    """What the data state rounded and decides in full, by line and item; nothing where nothing is lost."""
    found = {code: items.unrounded(sector, code, accounts) for code in accounts.totals.lines}
    exact = {code: {name: str(mean) for name, mean in means.items()} for code, means in found.items() if means}
    return {"unrounded": exact} if exact else {}


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
    of_unit = Line.objects.filter(unit=report.unit_id, sector=report.sector).order_by()
    lines = dict(of_unit.values_list("code", "pk"))
    return [
        ReportedDatum(
            report=report, line_id=lines[code], item=name, measure=items.item(report.sector, name).measure, value=value
        )
        for code in accounts.totals.lines
        for name, value in items.stated(report.sector, code, accounts).items()
    ]
