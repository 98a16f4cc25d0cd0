"""Correcting a month on the page: its tables shown, what is typed kept, saved as a workbook, discarded."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from registry import access
from registry.access import SignedInRequest
from registry.law import clock
from registry.permissions import Act
from registry.refusal import Refusal
from registry.values import figures
from registry.web.acting import act_on
from reporting import queries
from reporting.correction import drafts, saving
from reporting.correction.carrying import changed, laid_over
from reporting.correction.month import Month, computed_of, key_of, latest_of, month_of, over
from reporting.correction.offers import Offers
from reporting.correction.reasons import jumps, reasons_of, returned_by
from reporting.correction.rebase import differences
from reporting.correction.registers import first_faulty, registers_of
from reporting.correction.sheets import first_fault, opened, placed, sheets_of
from reporting.filing import blanks, intake
from reporting.models import ControlPlan, CorrectionDraft, Package, Submission
from reporting.workbook.definition import ANSWERS, HOW_WORDS
from reporting.workbook.reading import typed_records
from reporting.workbook.reading.typed import Texts, is_open, pasted
from reporting.workbook.reading.typed_records import items_of

MOST_CELLS = 24_000


@access.page(Act.UPLOAD_PACKAGE)
def correct(request: SignedInRequest, pk: int) -> HttpResponse:
    """The month's tables to be corrected; sent, they become a workbook that is taken in like any other."""
    package = access.get(request.user, Act.UPLOAD_PACKAGE, queries.packages(), pk=pk)
    if request.method == "POST":
        return _sent(request, package)
    if closed := _closed(package):
        messages.info(request, closed)
        return redirect("reporting:package", pk=package.pk)
    month = month_of(package, latest_of(package), clock.now())
    return _show(request, month, drafts.draft_of(package, request.user))


def _closed(package: Package) -> str:
    """Why the package can't be corrected at this moment; "" if it can."""
    if not package.takes_uploads:
        return _("The package takes no corrections now: it is under review or accepted. What you typed is kept.")
    if package.job is not None and not package.job.is_over:
        return _("A workbook is currently being read: wait until it is done, then correct what was found.")
    return ""


def _sent(request: SignedInRequest, package: Package) -> HttpResponse:
    """Keep what was typed first, whatever comes of it; then save it, unless somebody or something else has changed meanwhile."""
    month = month_of(package, _version(package, request.POST.get("base", "")), clock.now())
    block, unknown = pasted(month.form, len(month.codes), request.POST.get("block", ""))
    posted = {name: str(text) for name, text in request.POST.items() if _is_open(month, name)} | block
    cells = changed({name: month.texts.get(name, "") for name in posted}, posted)
    revision = _number(request.POST.get("revision", ""))
    kept = drafts.keep(month, cells, revision, by=request.user, at=clock.now(), whole=True)
    current = latest_of(package)
    if closed := _closed(package):
        messages.error(request, closed)
        return redirect("reporting:package", pk=package.pk)
    if kept.overtaken or key_of(current) != key_of(month.version):
        words = _("Not saved yet: something changed in the meantime. Look at the tables again, then save.")
        messages.error(request, words)
        return _show(request, month_of(package, current, clock.now()), kept.draft, status=422)
    if "estimate" in request.POST:
        return _estimated(request, month, cells, kept.draft)
    if unknown:
        words = _("Nothing was saved: no row here has the code “%(code)s”.") % {"code": unknown[0][:40]}
        messages.error(request, words)
        return _show(request, month, kept.draft, block=request.POST["block"], status=422)
    return _saved(request, month, kept.draft, cells)


def _estimated(request: SignedInRequest, month: Month, cells: Texts, draft: CorrectionDraft) -> HttpResponse:
    """The control plan's estimate laid into one row of what was typed; looked at before it is saved. With a script the page does it."""
    offers = Offers(month, blanks.plans_of(month.package, clock.now()))
    filled = offers.filled(request.POST["estimate"], laid_over(month.texts, cells))
    kept = drafts.keep(month, filled, draft.revision, by=request.user, at=clock.now())
    return _show(request, month, kept.draft)


def _saved(request: SignedInRequest, month: Month, draft: CorrectionDraft, cells: Texts) -> HttpResponse:
    """Save, if there is anything to save and every cell can be read."""
    package = month.package
    if not cells and key_of(month.version) == package.submission_id:
        drafts.discard(package, by=request.user)
        messages.info(request, _("Nothing was changed, so there is no new version."))
        return redirect("reporting:package", pk=package.pk)
    if month.has_unread_register:
        words = _(
            "Not saved: a register of tests or meters has moved headings or more than %(most)s rows, so not all of it is on this page. "
            "Correct it in the workbook and upload it first."
        ) % {"most": typed_records.MOST}
        messages.error(request, words)
        return _show(request, month, draft, status=422)
    typed = saving.read(month, cells)
    if typed.blocks:
        messages.error(request, _("Nothing was saved: correct the marked cells. What you typed is kept."))
        return _show(request, month, draft, typed=typed, status=422)
    try:
        upload = saving.save(month, typed.content, by=request.user, at=clock.now())
    except Refusal as refused:  # the draft holds what was typed; the session need not keep a thousand fields besides
        messages.error(request, str(refused))
        return redirect("reporting:package_correct", pk=package.pk)
    if again := intake.again(upload):
        messages.warning(request, again)
    else:
        messages.success(request, _("Saved as a workbook. It is being read."))
    return redirect("reporting:package", pk=package.pk)


@access.page(Act.UPLOAD_PACKAGE)
@require_POST
def keep(request: SignedInRequest, pk: int) -> HttpResponse:
    """Keep what was typed so far: {"base", "revision", "cells": {name: text or null}}; says {"revision", "at", "overtaken", "stale"}."""
    package = access.get(request.user, Act.UPLOAD_PACKAGE, queries.packages(), pk=pk)
    sent = _json(request)
    if sent is None:
        return JsonResponse({"error": "base, revision and cells are expected"}, status=400)
    month = month_of(package, _version(package, str(sent["base"])), clock.now())
    cells = {name: text for name, text in sent["cells"].items() if _is_open(month, name)}
    kept = drafts.keep(month, cells, sent["revision"], by=request.user, at=clock.now())
    stale = key_of(latest_of(package)) != key_of(month.version) or not package.takes_uploads
    at = figures.instant(kept.draft.at)
    return JsonResponse({"revision": kept.draft.revision, "at": at, "overtaken": kept.overtaken, "stale": stale})


@act_on(Act.UPLOAD_PACKAGE, queries.packages(), to="reporting:package_correct")
def discard(request: SignedInRequest, package: Package) -> str:
    """Throw away what one has typed."""
    return _("Your entries were discarded.") if drafts.discard(package, by=request.user) else ""


def _show(
    request: SignedInRequest,
    month: Month,
    draft: CorrectionDraft | None,
    *,
    typed: saving.Typed | None = None,
    block: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page; `typed` has faults in its cells, which are shown beside what was found in the version."""
    package, version = month.package, month.version
    draft_cells = over(month, draft.cells, draft.lines, draft.base) if draft else {}
    cells = changed(month.texts, laid_over(month.texts, draft_cells))
    found, left = placed(month.places, [row.finding for row in version.findings.order_by("number")] if version else [])
    returned = returned_by(package)
    reasons = reasons_of(returned, version)
    at_cells, _placeless = placed(month.places, reasons)
    found = {name: [*at_cells.get(name, []), *found.get(name, [])] for name in {**at_cells, **found}}
    if typed is not None:
        now, left_now = placed(typed.places(month), typed.findings)
        kept = {name: [*at_cells.get(name, []), *faults] for name, faults in now.items()}
        found, left = {**found, **kept}, [*left_now, *left]
    offers = Offers(month, blanks.plans_of(package, clock.now()))
    computed = computed_of(month)
    sheets = sheets_of(month, cells, found, computed, offers)
    registers = registers_of(month, cells, found, computed)
    context: dict[str, Any] = {
        "package": package,
        "version": version,
        "is_current": version is None or version.pk == package.submission_id,
        "sheets": sheets,
        "plan_url": _plan_url(request, package) if offers.plans else "",
        "registers": registers,
        "opened": opened(sheets, any(register.is_touched for register in registers)),
        "first_fault": first_fault(sheets) or first_faulty(registers),
        "left": left,
        "returned": returned,
        "jumps": jumps(reasons, sheets, registers),
        "block_text": block,
        "unknown_lines": month.unknown_lines,
        "draft": draft if draft is not None and cells else None,
        "revision": draft.revision if draft else 0,
        "meanwhile": _meanwhile(month, draft, cells),
        "others": drafts.others(package, request.user),
        "names": _names(month),
        "local_key": f"correction {request.user.pk} {package.pk}",
        "keep_url": reverse("reporting:package_correct_keep", args=[package.pk]),
    }
    return render(request, "reporting/correction.html", context, status=status)


def _plan_url(request: SignedInRequest, package: Package) -> str:
    """Where the plan that the offers come from is shown; "" for who may not look at it, filing by a mandate."""
    plans = access.scoped(request.user, Act.VIEW_CONTROL_PLAN, ControlPlan.objects.all())
    plan = plans.filter(unit=package.unit_id, sector=package.sector, year=package.year).first()
    return reverse("reporting:control_plan", args=[plan.pk]) if plan else ""


def _meanwhile(month: Month, draft: CorrectionDraft | None, cells: Texts) -> list[Any] | None:
    """What changed since the version that the draft was typed over; None where that is the one shown."""
    if draft is None or not cells or draft.base_id == key_of(month.version):
        return None
    return differences(month_of(month.package, draft.base, month.at), month, cells)


def _names(month: Month) -> dict[str, list[str]]:
    """What a pasted cell may call a fuel, a material, a metered quantity, an answer or a way of obtaining: the names of each code in
    both languages."""
    named = [*HOW_WORDS.items(), *ANSWERS.items()]
    named += [(item.code, item.words) for group, _each_line in month.form.groups.values() for item in group.items]
    for register in month.form.registers:
        named += [(target.code, target.words) for target in register.targets]
        named += [(item.code, item.words) for item in items_of(register)]
    found: dict[str, set[str]] = {}
    for code, words in named:
        found.setdefault(code, set()).update((words.zh, words.en))
    return {code: sorted(names) for code, names in found.items()}


def _is_open(month: Month, name: str) -> bool:
    return is_open(month.form, len(month.codes), name) or typed_records.is_open(month.form, name)


def _version(package: Package, key: str) -> Submission | None:
    """The version that a form was made from; None for the blank."""
    versions = package.submissions.exclude(content="").select_related("upload")
    return versions.filter(pk=int(key)).first() if key.isdecimal() and len(key) < 19 else None


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _json(request: SignedInRequest) -> dict[str, Any] | None:
    """The body of an autosave, if it is one."""
    try:
        sent = json.loads(request.body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(sent, dict) or not isinstance(sent.get("cells"), dict) or len(sent["cells"]) > MOST_CELLS:
        return None
    texts_only = all(text is None or isinstance(text, str) for text in sent["cells"].values())
    revision = sent.get("revision")
    return sent if texts_only and isinstance(revision, int) and revision >= 0 and "base" in sent else None
