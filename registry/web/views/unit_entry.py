"""Units and lines entered in the browser: a table or a form, what it would do, and the press that does it."""

import io
from collections.abc import Iterable
from typing import Any

from django.core import signing
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from registry import access
from registry.access import SignedInRequest
from registry.directory import unit_import
from registry.directory.unit_import import BY_CODE, UnusableTableError
from registry.directory.unit_import.columns import MEANINGS, kinds_of
from registry.files import originals, tables
from registry.law import clock
from registry.models import Authority
from registry.permissions import Act
from registry.refusal import Refusal
from registry.values import sectors
from registry.values.bilingual import in_language, name_of
from registry.values.sectors import Sector
from registry.web import kept_input
from registry.web.acting import done, form_here
from registry.web.downloads import attachment
from registry.web.forms.units import LineFormSet, UnitForm, UnitTableForm, as_table, put_back, stated, typed_again

_SALT = "registry.unit_entry"
# A table that was looked at can be entered for so long.
_HOURS = 12


@access.page(Act.ENTER_UNITS)
def upload(request: SignedInRequest) -> HttpResponse:
    """Read a table, and show every fault of it or what it would do."""
    form = UnitTableForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        try:
            return _shown(request, form.cleaned_data["table"].read())
        except UnusableTableError as error:
            plain = error.by_row or [tables.Fault(0, "", said) for said in error.faults]
            context = {"faults": plain, "heading": _("Nothing was stored: correct these cells and upload again")}
    context |= {"form": form, "columns": _columns(request), "sectors": _allowed()}
    return render(request, "registry/units_upload.html", context, status=422 if form.is_bound else 200)


@require_GET
@access.page(Act.ENTER_UNITS)
def template(_request: SignedInRequest) -> HttpResponse:
    """A workbook to fill in, in the language of the page."""
    book = io.BytesIO()
    unit_import.write_template(book)
    return attachment(book.getvalue(), _("units-and-lines.xlsx"))


@access.page(Act.ENTER_UNITS)
def one(request: SignedInRequest) -> HttpResponse:
    """One unit with its lines, judged as the table that says the same."""
    unit = form_here(UnitForm, request, person=request.user)
    lines = LineFormSet(request.POST or None, prefix="lines")
    if not lines.is_bound:
        typed_again(lines, kept_input.given(request, clock.now(), request.path))
    faults: list[str] = []
    if request.method == "POST" and unit.is_valid() and lines.is_valid():
        entered = stated(lines)
        try:
            return _shown(request, as_table(unit, entered))
        except UnusableTableError as error:
            faults = put_back(error.by_row, unit, entered) if error.by_row else error.faults
    context = {"form": unit, "lines": lines, "faults": faults, "sectors": _allowed()}
    return render(request, "registry/unit_one.html", context, status=422 if unit.is_bound else 200)


@access.page(Act.ENTER_UNITS)
@require_POST
def enter(request: SignedInRequest) -> HttpResponse:
    """Do what was shown."""
    try:
        kept = signing.loads(request.POST.get("table", ""), salt=_SALT, max_age=_HOURS * 3600)
    except signing.BadSignature as error:
        raise Refusal(_("Too much time has passed since the table was read: read it again.")) from error
    if kept["by"] != request.user.pk:
        raise Refusal(_("Somebody else read this table: read it yourself before you enter it."))
    try:
        table = unit_import.read_bytes(originals.read(kept["file"]))
        made = unit_import.enter_units(table, shown=kept["shown"], by=request.user, at=clock.now())
    except UnusableTableError as error:
        raise Refusal(_("The table no longer fits what is recorded: %(fault)s") % {"fault": error.faults[0]}) from error
    said = _(
        "Entered: %(units)d new units, %(lines)d new lines, %(changed)d changes. Next, propose them for the directory."
    )
    counts = {"units": made.units, "lines": made.lines, "changed": made.changed}
    return done(request, said % counts, "registry:units")


def _shown(request: SignedInRequest, data: bytes) -> HttpResponse:
    """What the table would do, with the button that does it; raises UnusableTableError. The file is kept once it can be taken."""
    table = unit_import.read_bytes(data)
    outline = unit_import.outline(table, request.user)
    if not outline.units:
        raise UnusableTableError([_("The table has no row below its header.")])
    kept = {"file": originals.keep(data), "shown": outline.seal, "by": request.user.pk}
    names = {authority.code: str(authority) for authority in Authority.objects.all()}
    context = {
        "outline": outline,
        "units": [(unit, names[unit.authority]) for unit in outline.units],
        "note": table.note,
        "table": signing.dumps(kept, salt=_SALT),
    }
    return render(request, "registry/units_outline.html", context)


def _columns(request: SignedInRequest) -> list[tuple[str, str, str, SafeString | str]]:
    """Each column: its name, its code, what it holds, what it may hold."""
    own = request.user.authority
    found = [own] if own else list(Authority.objects.all())
    may_be = {
        "authority": _values([(each.code, str(each)) for each in found]),
        "sector": _values(Sector.choices),
        "change": _values([(one.value, one.label) for one in unit_import.Change if one.value != "move"]),
    }
    return [(str(column.label), code, str(MEANINGS[code]), may_be.get(code, "")) for code, column in BY_CODE.items()]


def _values(choices: Iterable[tuple[str, object]]) -> SafeString:
    """What a cell may hold, as `tables.allowed` says it, with the codes set as code."""
    form = in_language("{}（<code>{}</code>）", "{} (<code>{}</code>)")
    each = (format_html(form, label, code) if code else tables.allowed([(code, str(label))]) for code, label in choices)
    return format_html_join(in_language("、", ", "), "{}", ((value,) for value in each))


def _allowed() -> list[tuple[str, SafeString, str]]:
    """Each sector with the kinds its lines may be of, and the measure of their capacity."""
    return [
        (str(sector.label), _values(kinds_of(sector)), str(name_of(sectors.of(sector).capacity))) for sector in Sector
    ]
