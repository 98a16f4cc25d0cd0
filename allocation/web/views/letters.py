"""Official letters and the registrar's issue desk."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from allocation import labels, letters
from allocation.letters import issuance, official_tables
from allocation.models import Letter, Run
from allocation.scope import movements, runs_in_force
from allocation.web.consequences import letters as consequences
from allocation.web.filters import LetterFilter
from allocation.web.forms.letters import LetterForm, TablesForm
from allocation.web.tables.letters import LetterTable
from allocation.web.views.papers import paper
from registry import access, files
from registry.access import SignedInRequest
from registry.law import clock, papers
from registry.models import Unit
from registry.permissions import Act
from registry.refusal import Refusal
from registry.values.sectors import Sector
from registry.web.acting import act_on, beside, done, form_here, may
from registry.web.buttons import Button, link, with_reason
from registry.web.downloads import attachment
from registry.web.listing import list_page, listed
from registry.web.reasons import reason_of

State = Letter.State
_SUMMED = ("units", "quota", "before", "kept", "issue", "back")


@list_page(Act.VIEW_LETTER)
def letters_list(request: SignedInRequest) -> HttpResponseBase:
    """The letters within the person's reach, and the approved runs that still wait for one."""
    rows = access.scoped(request.user, Act.VIEW_LETTER, Letter.objects.select_related("authority"))
    if request.user.authority_id is None:
        rows = rows.exclude(
            state__in=[State.DRAFTED, State.DISCARDED]
        )  # the registrar and the ministry see what was sent
    chosen = LetterFilter(request.GET, queryset=rows, request=request)
    approved = runs_in_force.runs().filter(letter__isnull=True).select_related("authority")
    context = {
        "may_write": access.may(request.user, Act.SEND_LETTER),
        "waiting": access.scoped(request.user, Act.SEND_LETTER, approved) if request.user.authority_id else [],
    }
    return listed(
        request,
        LetterTable(chosen.qs),
        chosen,
        title=_("Official letters"),
        lead=_("A province's letter with its data tables tells the registrar what to issue."),
        template="allocation/letters.html",
        context=context,
    )


@access.page(Act.SEND_LETTER)
def write(request: SignedInRequest) -> HttpResponse:
    """Write a letter over what is approved."""
    asked = {"kind": request.GET.get("kind"), "year": request.GET.get("year")}
    form = form_here(LetterForm, request, asked)
    authority = request.user.authority
    if request.method == "POST" and form.is_valid() and authority is not None:
        year, kind, number = (form.cleaned_data[name] for name in ("year", "kind", "number"))
        with beside(form):
            letter = letters.write(authority, year, kind, number=number, by=request.user, at=clock.now())
            return done(request, _("Drafted. Check the tables, then send it."), "allocation:letter", pk=letter.pk)
    return render(request, "allocation/letter_write.html", {"form": form}, status=422 if form.is_bound else 200)


@access.page(Act.VIEW_LETTER)
def letter(request: SignedInRequest, pk: int) -> HttpResponse:
    """A letter with its tables, ready for print, and what is to be done with it."""
    found = _get(request, pk)
    runs = list(found.runs.select_related("authority", "balance_value").order_by("sector"))
    if request.GET.get("format") == "pdf":
        return _as_paper(request, found, runs)
    owed = issuance.owed(found) if found.state == State.EXECUTED else {}
    units = Unit.objects.in_bulk(owed)
    english = (get_language() or "").startswith("en")
    moves = movements.moved(found) if found.state == State.EXECUTED else movements.planned(found)
    context = {
        "letter": found,
        "tone": labels.LETTER_TONES[State(found.state)],
        "runs": runs,
        "english": english,
        "sheets": official_tables.sheets_of(found.authority, found.year, found.kind, runs) if runs else [],
        "moves": moves,
        "owed": [(units[unit], amount) for unit, amount in owed.items()],
    }
    sends = found.state == State.DRAFTED and may(request.user, Act.SEND_LETTER, found)
    context["buttons"] = [
        link(_("Tables (XLSX)"), "allocation:letter_tables", pk),
        link(_("Tables in English"), "allocation:letter_tables", pk, query="language=en") if english else None,
        link(_("Letter (PDF)"), "allocation:letter", pk, query="format=pdf"),
        link(_("Check a file"), "allocation:letter_check", pk),
        link(_("Send to the registrar"), "allocation:letter_send", pk, tone="primary") if sends else None,
        _issuing(request, found, takes_back=moves.only_takes_back, owed=bool(owed)),
    ]
    discard = _("Discard the draft"), _("Discard"), "allocation:letter_discard"
    context["asked"] = [with_reason(request, *discard, pk)] if sends else []
    return render(request, "allocation/letter.html", context)


def _issuing(request: SignedInRequest, found: Letter, *, takes_back: bool, owed: bool) -> Button | None:
    """The registrar's next step, where it is the person's."""
    if found.state == State.SENT and may(request.user, Act.PREPARE_ISSUE, found):
        label = _("Prepare taking the quota back") if takes_back else _("Prepare the issue")
        return link(label, "allocation:issue_prepare", found.pk, tone="primary")
    if not may(request.user, Act.EXECUTE_ISSUE, found):
        return None
    if found.state == State.PREPARED and request.user.pk != found.prepared_by_id:
        label = _("Take the quota back") if takes_back else _("Issue the quota")
        return link(label, "allocation:issue_execute", found.pk, tone="primary")
    take_back = _("Take back outstanding quota"), "allocation:issue_collect"
    return link(*take_back, found.pk, tone="primary") if owed else None


@access.page(Act.VIEW_LETTER)
@require_GET
def tables(request: SignedInRequest, pk: int) -> HttpResponse:
    """The enclosed workbook as it was written; `?language=en` for the same columns in English."""
    found = _get(request, pk)
    name = f"{found.authority.code}-{found.year}-{found.kind}.xlsx"
    if request.GET.get("language") == "en":
        runs = list(found.runs.select_related("authority", "balance_value"))
        sheets = official_tables.sheets_of(found.authority, found.year, found.kind, runs)
        return attachment(
            official_tables.workbook(sheets, found.written_at, "en", official_tables.marks_of(found.number, runs)),
            f"en-{name}",
        )
    try:
        return attachment(letters.tables(found), name)
    except files.DamagedFileError as error:
        raise Refusal(
            _("The stored tables are damaged. Inform the operators; nothing may be issued from this letter.")
        ) from error


@access.page(Act.VIEW_LETTER)
def check(request: SignedInRequest, pk: int) -> HttpResponse:
    """Compare a file of tables with the letter's; nothing is stored."""
    found = _get(request, pk)
    form = TablesForm(request.POST or None, request.FILES or None)
    checked = None
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["tables"]
        sheets = official_tables.sheets_of_letter(found)
        checked = official_tables.check(file.read(), file.name, sheets, found.tables_sha256)
    return render(request, "allocation/letter_check.html", {"letter": found, "form": form, "checked": checked})


@act_on(Act.SEND_LETTER, Letter, to="allocation:letter", asks=consequences.SENDING)
def send(request: SignedInRequest, found: Letter) -> str:
    """Send the letter to the registrar."""
    letters.send(found, by=request.user, at=clock.now())
    return _("Sent to the registrar.")


@act_on(Act.SEND_LETTER, Letter)
def discard(request: SignedInRequest, found: Letter) -> HttpResponse:
    """Put a draft away."""
    letters.discard(found, reason=reason_of(request), by=request.user, at=clock.now())
    return done(request, _("Discarded. Its runs await another letter."), "allocation:letters")


@act_on(Act.PREPARE_ISSUE, Letter, to="allocation:letter", asks=consequences.PREPARATION)
def prepare_issue(request: SignedInRequest, found: Letter) -> str:
    """The operator puts the issue before a second person."""
    issuance.prepare(found, by=request.user, at=clock.now())
    return _("Prepared. A second person executes the issue.")


@act_on(Act.EXECUTE_ISSUE, Letter, to="allocation:letter", asks=consequences.EXECUTION)
def execute_issue(request: SignedInRequest, found: Letter) -> str:
    """Issue the quota."""
    issuance.execute(found, by=request.user, at=clock.now())
    return ""


@act_on(Act.EXECUTE_ISSUE, Letter, to="allocation:letter", asks=consequences.COLLECTION)
def collect(request: SignedInRequest, found: Letter) -> str:
    """Take in what units still owe."""
    issuance.collect(found, by=request.user, at=clock.now())
    return ""


def _as_paper(request: SignedInRequest, letter: Letter, runs: list[Run]) -> HttpResponse:
    """The letter alone, as the official paper that encloses the tables."""
    sums = movements.by_sector([run.pk for run in runs])
    context = {
        "letter": letter,
        "english": (get_language() or "").startswith("en"),
        "sheets": official_tables.sheets_of_letter(letter),
        "by_sector": [{**row, "label": Sector(row["run__sector"]).label} for row in sums],
        "totals": {name: sum(row[name] for row in sums) for name in _SUMMED},
    }
    name = f"{letter.authority.code}-{letter.year}-{letter.kind}-letter"
    return paper(
        request,
        "allocation/letter_paper.html",
        context,
        name=name,
        at=letter.sent_at or letter.written_at,
        author=letter.authority.department,
        rests_on=papers.ALLOCATION,
    )


def _get(request: SignedInRequest, pk: int) -> Letter:
    rows = Letter.objects.select_related("authority", "written_by", "sent_by", "prepared_by", "executed_by")
    if request.user.authority_id is None:
        rows = rows.exclude(state__in=[State.DRAFTED, State.DISCARDED])
    return access.get(request.user, Act.VIEW_LETTER, rows, pk=pk)
