"""Beside an award's stored explanation: the papers its inputs came from, and what would change it; and all of it as JSON."""

from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import JsonResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from allocation import kept_shapes, queries
from allocation.models import Award, Run
from allocation.runs.proof.comparison import Change, compare
from allocation.runs.proof.effects import Effect, effects
from registry import access
from registry.access import SignedInRequest
from registry.permissions import Act
from reporting.content import Content
from reporting.models import LineTotalRow, Submission
from reporting.queries.cells import output_spots

# What each of `effects`' codes means, in words; the order is theirs.
WORDS = {
    "intensity_lower": _("Intensity lower by 1 %, same emissions"),
    "intensity_higher": _("Intensity higher by 1 %, same emissions"),
    "emissions_lower": _("Emissions lower by 1 %, same output"),
    "emissions_higher": _("Emissions higher by 1 %, same output"),
    "balance_value_lower": _("Balance value lower by 1 %"),
    "balance_value_higher": _("Balance value higher by 1 %"),
    "most": _("Maximum: this intensity or lower"),
    "equal": _("Quota equals emissions: intensity at the balance value"),
    "least": _("Minimum: this intensity or higher"),
}
IN_ADVANCE = {
    "emissions_lower": _("Previous year's emissions lower by 1 %"),
    "emissions_higher": _("Previous year's emissions higher by 1 %"),
}


def context(award: Award) -> dict[str, Any]:
    """For the page."""
    return {
        "behind": _papers(award),
        "since": _since(award),
        "earlier": earlier_award(award),
        "effects": [{"is": each, "said": _said(each, award)} for each in _effects(award)],
    }


@access.page(Act.VIEW_AWARD)
@require_GET
def award_json(request: SignedInRequest, pk: int) -> JsonResponse:
    """The explanation as stored, the papers, and what would change the award."""
    found = access.get(request.user, Act.VIEW_AWARD, queries.awards(request.user), pk=pk)
    papers, since = _papers(found), _since(found)
    content = {
        "award": found.pk,
        "run": {
            "number": found.run_id,
            "manifest_sha256": found.run.manifest_sha256,
            "result_sha256": found.run.result_sha256,
        },
        "explanation": found.explained,
        "since": {**asdict(since), "difference": since.difference} if since else None,
        "papers": {
            "verified_result": reverse("reporting:verified_result", args=[found.result_id]),
            "annual_report": reverse("reporting:annual_report", args=[papers["report"].pk]),
            "months": [
                {
                    **{
                        name: str(row[name])
                        for name in ("period", "version", "url", "cells", "evidence", "workbook", "sha256")
                    },
                    "emissions": row["emissions"],
                    "output": None if row["output"] is None else str(row["output"]),
                    "output_cells": row["output_cells"],
                }
                for row in papers["months"]
            ],
        },
        "effects": [
            {
                "change": each.code,
                "at": None if each.at is None else str(each.at),
                "quota": each.quota,
                "due": each.due,
                "difference": each.more,
            }
            for each in _effects(found)
        ],
    }
    return JsonResponse(content, json_dumps_params={"ensure_ascii": False, "indent": 2})


def _effects(award: Award) -> list[Effect]:
    return effects(award.run.inputs, f"{award.unit.credit_code}/{award.line.code}")


def _since(award: Award) -> Change | None:
    """Why the line's quota differs from the one that was approved for it before, if one was."""
    run, earlier = award.run, earlier_award(award)
    if earlier is None:
        return None
    key = f"{award.unit.credit_code}/{award.line.code}"
    return next(iter(compare(_alone(earlier.run.inputs, key), _alone(run.inputs, key))), None)


def _alone(manifest: kept_shapes.Manifest, key: str) -> kept_shapes.Manifest:
    """As if the line were the only one."""
    return {**manifest, "lines": [row for row in manifest["lines"] if row["line"] == key]}


def earlier_award(award: Award) -> Award | None:
    """The line's award by the run that this one replaces; where it replaces none, the one in force for the year before."""
    run = award.run
    rows = Award.objects.filter(line=award.line_id, run__state=Run.State.APPROVED, run__kind=run.kind)
    rows = rows.filter(run__authority=run.authority_id).select_related("run")
    same = Q(run__year=run.year, run__time=run.time - 1)
    replaced = rows.filter(same).first() if run.time > 1 else None
    return replaced or rows.filter(run__year__lt=run.year).order_by("-run__year", "-run__time").first()


def _said(effect: Effect, award: Award) -> Any:
    return (IN_ADVANCE if award.run.kind == Run.Kind.PRE_ALLOCATION else WORDS)[effect.code]


def _papers(award: Award) -> dict[str, Any]:
    """The chain from the verified result down: its report, and the accepted version of each month that the report was made from."""
    report = award.result.verification.report
    sources = list(report.sources.select_related("submission__package", "submission__upload"))
    rows = LineTotalRow.objects.filter(submission__in=[source.submission_id for source in sources], line=award.line_id)
    totals = {row.submission_id: row for row in rows}
    return {
        "report": report,
        "months": [_month(source.submission, award.line.code, totals.get(source.submission_id)) for source in sources],
    }


def _month(submission: Submission, line: str, total: LineTotalRow | None) -> dict[str, Any]:
    """A month's figures of the line, and the cells that they come from: for its output the very cells, for its emissions all of them."""
    whole = (submission.package_id, submission.version)
    url, cells = (reverse(f"reporting:{name}", args=whole) for name in ("package_version", "version_cells"))
    cells = f"{cells}?{urlencode({'line': line})}"
    spots = output_spots(Content.from_json(submission.stored_content()), line)
    return {
        "period": submission.package.period,
        "version": submission.version,
        "emissions": total.emissions if total else None,
        "output": total.output if total else None,
        "url": url,
        "cells": cells,
        "output_cells": [
            {"sheet": spot.sheet, "cell": spot.cell, "value": spot.value, "url": f"{cells}#at-{spot.number}"}
            for spot in spots
        ],
        "evidence": f"{url}#evidence",
        "workbook": reverse("reporting:upload", args=[submission.upload_id]),
        "sha256": submission.upload.sha256,
    }
