"""What reading an upload gives: content, findings, accounts; computed outside any transaction and stored in one."""

import contextlib
import datetime as dt
import functools
import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import QuerySet

from registry import files, parameters
from registry.law import Law, NotInForceError, calendar
from registry.models import Line
from registry.parameters.values import as_text
from registry.values.canonical import canonical, digest, sha256
from registry.values.exact import half_up, whole_tonnes
from reporting import accounting, checks, guidelines, workbook
from reporting.accounting import Accounts, Term, Totals, items
from reporting.checks import CheckContext, LineFacts
from reporting.content import Content, first_day, last_day
from reporting.findings import Explained, Finding, both
from reporting.models import FindingRow, LineTotalRow, Package, Submission, TermRow, Upload
from reporting.models.submissions import TermColumns
from reporting.submissions import accounted_digest, control_plans, peers
from reporting.submissions.written_reasons import Written, written

__all__ = ["Draft", "Outcome", "compared_with", "draft", "lines_of", "read", "store", "term_columns", "totals_as_json"]

MONTHS_LOOKED_BACK = 12

# No unit comes near it, and twelve such months still fit into the columns: a year's datum ends below 10¹¹.
MOST_TONNES = Decimal(10) ** 9


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that one file said; `accounts` is None where it could not be read. `compared_with`: keys of the earlier months' versions."""

    content: Content | None
    findings: tuple[Finding, ...]
    accounts: Accounts | None
    guideline: str
    thresholds: Mapping[str, list[str | int | None]] = field(default_factory=dict)
    compared_with: tuple[int, ...] = ()
    reasons: Written = field(default_factory=Written)

    # Worked out with the outcome, not when it is stored: then the package is locked.
    text: str = field(init=False)  # the content as canonical JSON, "" for none
    digest: str = field(init=False)  # sha256 of everything: equal outcomes make no second version

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", "" if self.content is None else canonical(self.content.as_json()))
        object.__setattr__(self, "digest", self._digest())

    def _digest(self) -> str:
        return digest(
            {
                "content": None if self.content is None else self.content.as_json(),
                "findings": [finding.record() for finding in self.findings],
                "guideline": self.guideline,
                "thresholds": dict(self.thresholds),
                "terms": [] if self.accounts is None else [_term_text(term) for term in self.accounts.terms],
            }
        )


def read(upload: Upload, at: dt.datetime, *, drafts: bool = True) -> Outcome:
    """Read, check and account an upload by what was known at the instant. Writes nothing.

    `drafts`: whether earlier months count as they stand on the clerk's desk, or only those that officers have (intake.submit).
    """
    package = upload.package
    expected = workbook.Expected(sector=package.sector, period=package.period, unit=package.unit.credit_code)
    limits = workbook.Limits(file_bytes=settings.UPLOAD_LIMIT_BYTES)
    reading = workbook.read(files.read(upload.sha256), upload.name, expected, limits)
    content, findings = reading.content, list(reading.findings)
    if content is None or any(finding.code.startswith("form.other_") for finding in findings):
        # Another unit's or month's workbook has nothing to say about this one.
        return Outcome(None, tuple(findings), None, "")
    accounts = accounting.account(content)
    before = _before(package, drafts=drafts)
    context = _context(package, content, at, before)
    findings += checks.run(content, accounts, context)
    used = _thresholds(context.law, package.period)
    keys = tuple(version.key for version in before)
    guideline = guidelines.for_period(package.sector, package.period).code
    if too_large := _too_large(checks.Checked(content, accounts, context)):
        return Outcome(content, (*findings, *too_large), None, guideline, used, keys)
    reasons = written(package, findings, reading.reasons)
    return Outcome(content, tuple(findings), accounts, guideline, used, keys, reasons)


def _thresholds(law: Law | None, period: str) -> dict[str, list[str | int | None]]:
    """What the period was checked with, for `Submission.thresholds`."""
    in_force = {}
    for name, parameter in (law or {}).items():
        with contextlib.suppress(NotInForceError):
            value = parameter.at(first_day(period))
            in_force[name] = [as_text(value.value), value.change]
    return in_force


def _too_large(checked: checks.Checked) -> list[Finding]:
    """Findings for amounts beyond anything that can be reported; cells may each be lawful and their product is not."""
    accounts, totals = checked.accounts, checked.accounts.totals
    amounts = [(term.line, f"{term.line} {term.source}".strip(), term.emissions) for term in accounts.terms]
    for code, line in totals.lines.items():
        amounts += [(code, code, line.emissions), (code, f"{code} · {both('产量', 'output')}", line.output)]
        amounts += [(code, f"{code} {name}", amount) for name, amount in line.details.items()]
    amounts.append(("", both("单位合计", "whole unit"), totals.enterprise))
    return [
        Finding(
            "total.too_large",
            *checked.largest(line),
            {"item": item, "found": f"{amount:,f}", "limit": f"{MOST_TONNES:,f}"},
        )
        for line, item, amount in amounts
        if abs(amount) >= MOST_TONNES
    ]


@dataclass(frozen=True, slots=True)
class Draft:
    """An outcome as the rows of a version that has no number yet."""

    submission: Submission
    findings: list[FindingRow]
    terms: list[TermRow]
    lines: list[LineTotalRow]
    reasons: Mapping[int, Explained] = field(default_factory=dict)  # by the finding's number


def draft(upload: Upload, outcome: Outcome, at: dt.datetime) -> Draft:
    """All that is stored of an outcome of these bytes, made before the package is locked."""
    blocking = sum(finding.blocks for finding in outcome.findings)
    submission = Submission(
        package=upload.package,
        upload=upload,
        read_at=at,
        guideline=outcome.guideline,
        content=outcome.text,
        content_sha256=sha256(outcome.text.encode()) if outcome.text else "",
        totals={} if outcome.accounts is None else totals_as_json(outcome.accounts.totals),
        emissions=None if outcome.accounts is None else whole_tonnes(outcome.accounts.totals.enterprise),
        errors=blocking,
        warnings=len(outcome.findings) - blocking,
        outcome=outcome.digest,
        thresholds=dict(outcome.thresholds),
        compared_with=list(outcome.compared_with),
        unused_reasons=outcome.reasons.unused,
        measured=[] if outcome.content is None else sorted(checks.measured_fuels(outcome.content)),
    )
    terms, lines = _accounts(submission, outcome.accounts)
    submission.accounted = accounted_digest.accounted(submission, terms, lines)
    findings = [
        FindingRow(
            submission=submission, number=number, severity=finding.severity, blocks=finding.blocks, **finding.record()
        )
        for number, finding in enumerate(outcome.findings, start=1)
    ]
    return Draft(submission, findings, terms, list(lines.values()), outcome.reasons.given)


def store(package: Package, draft: Draft) -> tuple[Submission, bool]:
    """The version that says the same of the same bytes, and whether it is a new one, written as the package's next.

    Must run in a transaction that has locked the package.
    """
    submission = draft.submission
    known = package.submissions.order_by("-version").values_list("pk", "version", "upload", "outcome")
    versions = list(known)
    for pk, _version, bytes_of, found in versions:
        if (bytes_of, found) == (submission.upload_id, submission.outcome):
            return Submission.objects.get(pk=pk), False
    submission.package, submission.version = package, versions[0][1] + 1 if versions else 1
    submission.save(force_insert=True)
    FindingRow.objects.bulk_create(draft.findings, batch_size=500)
    TermRow.objects.bulk_create(draft.terms, batch_size=500)
    LineTotalRow.objects.bulk_create(draft.lines)
    return submission, True


def _accounts(submission: Submission, accounts: Accounts | None) -> tuple[list[TermRow], dict[str, LineTotalRow]]:
    """The rows of the accounts, in order and by line; not written yet."""
    if accounts is None:
        return [], {}
    terms = [
        TermRow(submission=submission, **term_columns(number, term))
        for number, term in enumerate(accounts.terms, start=1)
    ]
    known = lines_of(submission.package)
    lines = {
        code: LineTotalRow(
            submission=submission,
            line=known[code],
            emissions=whole_tonnes(total.emissions),
            main_emissions=half_up(total.main_emissions, 2),
            output=half_up(total.output, 2),
            details={name: str(value) for name, value in total.details.items()}
            | {name + items.EXACT: str(mean) for name, mean in total.means.items()},
        )
        for code, total in accounts.totals.lines.items()
        if code in known  # an unknown line is a finding that blocks
    }
    return terms, lines


def term_columns(number: int, term: Term) -> dict[str, Any]:
    """A term as the columns of a row."""
    limits = _longest()
    columns = {"level": term.level, "line": term.line, "source": term.source, "formula": term.formula}
    for name, text in {**columns, "article": term.article}.items():
        columns[name] = text[: limits[name]]
    return {"number": number, "inputs": dict(term.inputs), "emissions": half_up(term.emissions, 2), **columns}


@functools.cache
def _longest() -> dict[str, int | None]:
    """How long a term's texts may be, by column."""
    return {field.name: field.max_length for field in TermColumns._meta.get_fields() if hasattr(field, "max_length")}


def totals_as_json(totals: Totals) -> dict[str, Any]:
    """The unit's totals as decimal strings, None where a sector has no such."""
    return {
        "enterprise": str(totals.enterprise),
        "ironmaking": _text(totals.ironmaking),
        "sintering": _text(totals.sintering),
        "processes": {name: str(value) for name, value in totals.processes.items()},
    }


def lines_of(package: Package) -> dict[str, Line]:
    """The unit's lines of the sector by code, of those that existed at any time of the period."""
    begin, end = first_day(package.period), last_day(package.period)
    return {line.code: line for line in _lines(package) if line.runs_in(begin, end)}


def _lines(package: Package) -> QuerySet[Line]:
    return Line.objects.filter(unit=package.unit_id, sector=package.sector).order_by("code")


class Version(NamedTuple):
    """The version of an earlier period that a later one is checked against."""

    key: int
    period: str
    measured: list[str] | None  # the fuels whose net calorific value was measured


def compared_with(package: Package, *, drafts: bool) -> list[int]:
    """The keys of the unit's versions of earlier periods that a period is checked against, newest first (`Submission.compared_with`)."""
    return [version.key for version in _before(package, drafts=drafts)]


def _before(package: Package, *, drafts: bool) -> list[Version]:
    """The unit's versions of earlier periods that count, newest first. One query.

    Without drafts, only what lies with an officer or was accepted: a version that was sent back counts no more, its successor not yet.
    """
    mine = Package.objects.filter(unit=package.unit_id, sector=package.sector, period__lt=package.period)
    if not drafts:
        mine = mine.filter(state__in=[Package.State.SUBMITTED, Package.State.ACCEPTED])
    read = mine.filter(submission__isnull=False).order_by("-period")
    return [Version(*row) for row in read.values_list("submission", "period", "submission__measured")]


def _earlier_months(package: Package, before: Iterable[Version]) -> dict[int, Content]:
    """What the unit said in the months before by the version's key, newest first."""
    months = [] if package.is_year else [version.key for version in before if "-" in version.period]
    said = Submission.objects.filter(pk__in=months).exclude(content="").order_by("-package__period")
    rows = said.values_list("pk", "content")[:MONTHS_LOOKED_BACK]
    return {key: Content.from_json(json.loads(content)) for key, content in rows}


def _measured_before(content: Content, before: Iterable[Version]) -> dict[str, str]:
    """Of the fuels that have the default net calorific value now: the last period, of any year, in which it was measured."""
    wanted = set(checks.at_default(content))
    found: dict[str, str] = {}
    for version in before:
        for fuel in wanted.intersection(version.measured or ()):
            found.setdefault(fuel, version.period)
    return found


def _context(package: Package, content: Content, at: dt.datetime, before: Sequence[Version]) -> CheckContext:
    facts = {
        line.code: LineFacts(line.code, line.kind, line.capacity, line.commissioned, line.closed)
        for line in _lines(package)
    }
    months = _earlier_months(package, before)
    days = first_day(package.period), last_day(package.period)
    earlier = tuple(months.values())
    return CheckContext(
        lines=facts,
        earlier=earlier,
        last_accounts=accounting.account(earlier[0]) if earlier else None,
        intensities=_intensities(months),
        today=calendar.local_day(at),
        peers={} if package.is_year else peers.facts(package.sector, package.period, at),
        law=parameters.law("checks", at),
        plans=None if package.is_year else control_plans.in_force(package.unit_id, package.sector, *days, at),
        measured=_measured_before(content, before),
    )


def _intensities(months: Iterable[int]) -> dict[str, tuple[Decimal, ...]]:
    """By line the intensities of those versions' months, newest first, as displayed."""
    found: dict[str, tuple[Decimal, ...]] = {}
    rows = LineTotalRow.objects.filter(submission__in=list(months), output__gt=0).order_by(
        "-submission__package__period"
    )
    for line, emissions, output in rows.values_list("line__code", "main_emissions", "output"):
        found[line] = (*found.get(line, ()), half_up(Fraction(emissions) / Fraction(output), 4))
    return found


def _term_text(term: Term) -> dict[str, Any]:
    return {**term_columns(0, term), "emissions": str(term.emissions)}


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def clean_name(name: str, otherwise: str = "workbook.xlsx") -> str:
    """A file name fit to be shown and returned: no folders, no control characters, not longer than we keep."""
    bare = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(sign for sign in bare if unicodedata.category(sign)[0] != "C").strip()[-200:] or otherwise
