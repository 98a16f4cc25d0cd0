"""Receipts: shown on paper, handed out as a file, and checked, whoever brings one; and the keys that they are signed with."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from registry import access, journal
from registry.access import SignedInRequest
from registry.jobs import nightly
from registry.journal.seals import signing
from registry.law import clock
from registry.models import Job
from registry.permissions import Act
from registry.permissions.roles import Role
from registry.values.bilingual import name_of
from registry.values.sectors import Sector
from registry.web.downloads import attachment
from reporting import receipts
from reporting.evidence import requirements
from reporting.models import Receipt
from reporting.receipts import giving as receipting
from reporting.web.forms.receipts import VerifyForm


@login_not_required
@require_GET
def keys(_request: HttpRequest) -> JsonResponse:
    """Every public key that ever signed here."""
    return JsonResponse(signing.published(), json_dumps_params={"indent": 2})


@access.page(Act.VIEW_PACKAGE)
@require_GET
def receipt(request: SignedInRequest, pk: int) -> HttpResponse:
    """A receipt as a paper to print."""
    found = _get(request, pk)
    return render(request, "reporting/receipt.html", {"receipt": found, "says": _shown(found.content())})


@access.page(Act.VIEW_PACKAGE)
@require_GET
def file(request: SignedInRequest, pk: int) -> HttpResponse:
    """A receipt as the file that anybody can check."""
    found = _get(request, pk)
    package = found.package
    name = f"receipt-{package.sector}-{package.period}-{package.unit.credit_code}-{found.short}.json"
    return attachment(receipting.envelope_of(found).encode(), name)


@access.page(Act.VERIFY_RECEIPT)
def verify(request: SignedInRequest) -> HttpResponse:
    """Check a receipt that somebody brings; nothing of it is kept."""
    posted = request.method == "POST"
    form = VerifyForm(request.POST, request.FILES) if posted else VerifyForm()
    context: dict[str, Any] = {"form": form, "evidence_limit": settings.EVIDENCE_LIMIT_BYTES}
    if posted and form.is_valid():
        context |= _verified(form)
    return render(request, "reporting/receipt_verify.html", context, status=422 if posted and form.errors else 200)


def _verified(form: VerifyForm) -> dict[str, Any]:
    envelope, workbook = form.cleaned_data["receipt"], form.cleaned_data["workbook"]
    evidence = [_given(file) for file in form.cleaned_data["evidence"]]
    checks = receipts.verify(
        envelope,
        signing.public_keys(),
        workbook=_given(workbook) if workbook else None,
        evidence=evidence,
        holds=journal.holds,
    )
    night = next((job for job in nightly.latest(clock.now()) if job.kind == "registry.verify_journal"), None)
    return {
        "checks": checks,
        "files": [check for check in checks if check.about],
        "not_given": receipts.not_given(envelope, evidence) if evidence else [],
        "stands": all(check.stands is not False for check in checks),
        "says": _shown(envelope.receipt),
        "whole_on": night.asked_at if night and night.state == Job.State.DONE and not night.outcome["faults"] else None,
    }


def _given(file: "UploadedFile[bytes]") -> receipts.Given:
    return receipts.given(file.name or "", file.chunks())


def _get(request: SignedInRequest, pk: int) -> Receipt:
    rows = Receipt.objects.select_related("package__unit", "event")
    return access.get(request.user, Act.VIEW_PACKAGE, rows, pk=pk)


def _shown(content: dict[str, Any]) -> dict[str, Any]:
    """A receipt's content with codes as words and instants as instants."""
    roles, sectors = dict(Role.choices), dict(Sector.choices)
    kinds = {each.code: name_of(each) for each in requirements(content["sector"], content["period"])}
    return {
        **content,
        "evidence": [{**file, "supports": _kinds(file["datum"], kinds)} for file in content["evidence"]],
        "sector": sectors.get(content["sector"], content["sector"]),
        "submitted_by": roles.get(content["submitted_by"], content["submitted_by"]),
        "accepted_by": roles.get(content["accepted_by"], content["accepted_by"]),
        "submitted_at": dt.datetime.fromisoformat(content["submitted_at"]),
        "accepted_at": dt.datetime.fromisoformat(content["accepted_at"]) if content["accepted_at"] else None,
    }


def _kinds(datum: str, kinds: dict[str, str]) -> str:
    """What a file supports: a receipt keeps the kinds' codes; what is none stands as it is."""
    return _("; ").join(kinds.get(code, code) for code in datum.split(", "))
