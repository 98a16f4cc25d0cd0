"""A version beside another: what differs, datum by datum, in totals and in what was found."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from registry import access
from registry.access import SignedInRequest
from registry.models import Person
from registry.permissions import Act
from registry.values import figures
from reporting import queries
from reporting.content import Content, differences
from reporting.content.differences import Difference
from reporting.evidence import comparison
from reporting.evidence.comparison import files_beside, kinds_beside
from reporting.models import LineTotalRow, Package, Submission
from reporting.periods import month_before
from reporting.workbook import names

MONTH, YEAR = "month", "year"
Shown = Callable[[Any], str]


@access.page(Act.VIEW_PACKAGE)
@require_GET
def compare(request: SignedInRequest, pk: int) -> HttpResponse:
    """A version beside another of the same package, or one of the unit's month before, or of the same month a year ago."""
    package = access.get(request.user, Act.VIEW_PACKAGE, queries.packages(), pk=pk)
    return render(request, "reporting/compare.html", _shown(request, package))


def _shown(request: SignedInRequest, package: Package) -> dict[str, Any]:
    """Everything on the page; 404 where the version asked for isn't the person's to see."""
    versions = list(queries.submissions(request.user).filter(package=package).exclude(content="").order_by("version"))
    after = _chosen(versions, request.GET.get("version", ""), package)
    if after is None:
        raise Http404
    other = request.GET.get("with", "")
    before = _other(request.user, package, after, versions, other)
    found: dict[str, Any] = {
        "package": package,
        "after": after,
        "before": before,
        "tabs": _tabs(request, package, after, versions, before),
        "kept": _kept(request, "version", "with", "all"),
        "all": request.GET.get("all") == "1",
    }
    return found | (_differences(package, before, after, all_of_them=found["all"]) if before else {})


def _chosen(versions: list[Submission], asked: str, package: Package) -> Submission | None:
    if asked:
        return next((each for each in versions if str(each.version) == asked), None)
    current = next((each for each in versions if each.pk == package.submission_id), None)
    return current or (versions[-1] if versions else None)


def _other(
    person: Person, package: Package, after: Submission, versions: list[Submission], asked: str
) -> Submission | None:
    """What the version stands beside: as asked for, else the version before it, else last month."""
    if asked in (MONTH, YEAR):
        return _of_period(person, package, asked)
    if asked:
        return next((each for each in versions if str(each.version) == asked), None)
    earlier = [each for each in versions if each.version < after.version]
    return earlier[-1] if earlier else _of_period(person, package, MONTH)


def _of_period(person: Person, package: Package, asked: str) -> Submission | None:
    """The version that counts of the month before, or of the same period a year ago, as far as the person sees it."""
    year = int(package.period[:4]) - 1
    a_year_ago = package.is_year or asked == YEAR
    period = f"{year}{package.period[4:]}" if a_year_ago else month_before(package.period)
    same = Package.objects.filter(unit=package.unit_id, sector=package.sector, period=period)
    there = access.scoped(person, Act.VIEW_PACKAGE, same).first()
    if there is None or there.submission_id is None:
        return None
    seen = queries.submissions(person).filter(package=there).exclude(content="")
    return seen.filter(pk=there.submission_id).first() or seen.order_by("-version").first()


def _kept(request: SignedInRequest, *without: str) -> str:
    """What else the address says, for links to carry along: the queue's filter, say."""
    query = request.GET.copy()
    for name in without:
        query.pop(name, None)
    return query.urlencode()


def _tabs(
    request: SignedInRequest,
    package: Package,
    after: Submission,
    versions: list[Submission],
    before: Submission | None,
) -> list[dict[str, Any]]:
    asked, kept = request.GET.get("with", ""), _kept(request, "version", "with")
    others = [each for each in versions if each.pk != after.pk]
    tabs = [(str(each.version), _("Version %(version)s") % {"version": each.version}) for each in others]
    tabs += [] if package.is_year else [(MONTH, _("Month before"))]
    tabs.append((YEAR, _("A year before")))
    now = asked or (str(before.version) if before in others and before else MONTH)
    tail = f"&{kept}" if kept else ""
    return [
        {"label": label, "url": f"?version={after.version}&with={key}{tail}", "current": key == now}
        for key, label in tabs
    ]


def _differences(package: Package, before: Submission, after: Submission, *, all_of_them: bool) -> dict[str, Any]:
    every = differences.compare(*(Content.from_json(each.stored_content()) for each in (before, after)))
    changed = differences.changed(every)
    findings = [[row.finding for row in each.findings.order_by("number")] for each in (before, after)]
    appeared, gone = differences.findings_between(*findings)
    return {
        "rows": [_row(package, each) for each in (every if all_of_them else changed)],
        "count": len(every),
        "changed": len(changed),
        "appeared": appeared,
        "gone": gone,
        "totals": _totals(before, after),
        **_supporting(before, after),
    }


def _supporting(before: Submission, after: Submission) -> dict[str, Any]:
    """Of two versions of a month the files that came and went; of two months the kinds of evidence that stand otherwise."""
    if before.package_id == after.package_id:
        came, went = files_beside(before, after)
        return {"files_came": came, "files_went": went}
    words = {
        comparison.ATTACHED: (_("attached"), "ok"),
        comparison.MISSING: (_("missing"), "danger"),
        comparison.NOT_NEEDED: (_("not needed"), "neutral"),
    }
    return {
        "kinds": [(each.requirement, *words[each.before], *words[each.after]) for each in kinds_beside(before, after)],
        "months": True,
    }


def _row(package: Package, each: Difference) -> dict[str, Any]:
    words = {
        differences.ADDED: (_("added"), "info"),
        differences.GONE: (_("gone"), "danger"),
        differences.CHANGED: (_("changed"), "warn"),
        differences.NOTED: (_("other source or way"), "info"),
        differences.SAME: (_("same"), "neutral"),
    }
    word, tone = words[each.kind]
    stands = each.after or each.before
    before, after = (
        names.value_name(package.sector, package.period, each.key, each.name, side)
        for side in (each.before, each.after)
    )
    return {
        "row": names.row_name(package.sector, package.period, each.key),
        "name": names.datum_name(package.sector, package.period, each.key, each.name),
        "place": f"{stands.sheet} {stands.cell}".strip() if stands else "",
        "before": before,
        "after": after,
        "absolute": figures.quantity(each.absolute),
        "relative": each.relative,
        "word": word,
        "tone": tone,
        "notes": [
            (_note(change.note), *(_noted(change.note, said) for said in (change.before, change.after)))
            for change in each.notes
        ],
    }


def _note(note: str) -> str:
    words = {"how": _("How obtained"), "source": _("Source"), "evidence": _("Supporting file"), "remarks": _("Remarks")}
    return words[note]


def _noted(note: str, said: str) -> str:
    return (names.how_name(said) if note == "how" else said) or figures.DASH


def _totals(before: Submission, after: Submission) -> list[dict[str, Any]]:
    """The unit's emissions, and each line's emissions, output and intensity, on both sides."""
    sides = [{row.line.code: row for row in each.line_totals.select_related("line")} for each in (before, after)]
    totals = [_total(_("Whole unit: emissions (tCO₂e)"), before.emissions, after.emissions)]
    for code in sorted({*sides[0], *sides[1]}):
        was, now = (side.get(code) for side in sides)
        totals += [
            _total(f"{code} · {label}", value(was) if was else None, value(now) if now else None, shown=shown)
            for label, value, shown in LINE_TOTALS
        ]
        totals.append(_total(f"{code} · {_('Intensity')}", _intensity(was), _intensity(now), shown=figures.intensity))
    return totals


LINE_TOTALS: tuple[tuple[Any, Callable[[LineTotalRow], Decimal | int], Shown], ...] = (
    (gettext_lazy("Emissions (tCO₂e)"), lambda row: row.emissions, figures.quantity),
    (
        gettext_lazy("of which decide the intensity"),
        lambda row: row.main_emissions,
        lambda value: figures.quantity(value, 0),
    ),
    (gettext_lazy("Output (t)"), lambda row: row.output, figures.quantity),
)


def _intensity(row: LineTotalRow | None) -> Fraction | None:
    return Fraction(row.main_emissions) / Fraction(row.output) if row is not None and row.output > 0 else None


def _total(label: str, before: Any, after: Any, shown: Shown = figures.quantity) -> dict[str, Any]:
    """A row of two numbers of one kind; None where a side has none."""
    return {
        "label": label,
        "before": shown(before),
        "after": shown(after),
        "absolute": shown(None if before is None or after is None else after - before),
        "relative": differences.relative(before, after),
    }
