"""The forms by which units and their lines are entered: a table, or one unit with a few lines."""

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.directory.unit_import.columns import BY_CODE, COLUMNS, MEANINGS
from registry.files.tables import Fault
from registry.models import Authority, LineKind, Person
from registry.values.sectors import Sector
from registry.web.fields import TABLE, DayField, UploadField

LINES = 3  # so many lines a new unit's form offers


def _label(code: str) -> Any:
    """A column's name as a field's label: Django's own types know no lazy text but theirs."""
    return BY_CODE[code].label


def _meaning(code: str) -> Any:
    return MEANINGS[code]


class UnitTableForm(forms.Form):
    """A table of units and lines."""

    table = UploadField(accept=TABLE, label=_("Table of units and lines"))


class UnitForm(forms.Form):
    """One unit. Whoever sits in a province enters its units alone, and isn't asked whose."""

    authority = forms.ModelChoiceField(Authority.objects.all(), to_field_name="code", label=_("Authority"))
    credit_code = forms.CharField(label=_label("credit_code"), help_text=_meaning("credit_code"))
    name = forms.CharField(label=_label("name"))
    city = forms.CharField(label=_label("city"), required=False)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._own = person.authority
        if self._own is not None:
            del self.fields["authority"]

    def row(self) -> dict[str, str]:
        """The unit's cells as a table has them."""
        given = self.cleaned_data
        authority = self._own or given["authority"]
        return {"authority": authority.code, **{code: given[code] for code in ("credit_code", "name", "city")}}


class LineForm(forms.Form):
    """One of the unit's lines; cells as texts, for the table's reader to judge."""

    sector = forms.ChoiceField(choices=Sector.choices, label=_label("sector"))
    line = forms.CharField(label=_label("line"), help_text=_meaning("line"))
    line_name = forms.CharField(label=_label("line_name"), required=False, help_text=_meaning("line_name"))
    kind = forms.ChoiceField(choices=LineKind.choices, label=_label("kind"), required=False)
    variety = forms.CharField(label=_label("variety"), required=False, help_text=_meaning("variety"))
    capacity = forms.CharField(label=_label("capacity"), help_text=_meaning("capacity"))
    commissioned = DayField(label=_label("commissioned"))

    def has_changed(self) -> bool:
        """Whether a line is entered here at all: the lists always stand at something."""
        return bool({"line", "line_name", "variety", "capacity", "commissioned"} & set(self.changed_data))


LineFormSet = forms.formset_factory(LineForm, extra=LINES - 1, min_num=1, validate_min=True)


def typed_again(lines: "forms.BaseFormSet[LineForm]", given: Mapping[str, str]) -> None:
    """Fill the empty forms with what was typed, by the names that the fields have on the page.

    The set knows no initial lines: those would be demanded even where the person empties them.
    """
    for form in lines.forms:
        names = {name: form.add_prefix(name) for name in form.fields}
        form.initial = {name: given[full] for name, full in names.items() if full in given}


def stated(lines: "forms.BaseFormSet[LineForm]") -> list[LineForm]:
    """The forms in which a line is entered."""
    return [form for form in lines.forms if form.has_changed()]


def as_table(unit: UnitForm, lines: Iterable[LineForm]) -> bytes:
    """What the forms say as the table that says the same, so that one reader judges both."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for line in lines:
        writer.writerow({**unit.row(), **line.cleaned_data})
    return text.getvalue().encode()


def put_back(faults: Iterable[Fault], unit: UnitForm, lines: list[LineForm]) -> list[str]:
    """Set each fault of the table beside its field; the others are returned, to stand above the form."""
    codes = {str(column.label): code for code, column in BY_CODE.items()}
    rest: list[str] = []
    for fault in faults:
        code, line = codes.get(fault.column, ""), lines[fault.row - 2] if 2 <= fault.row < len(lines) + 2 else None
        if code in unit.fields:
            if not unit.has_error(code):
                unit.add_error(code, fault.message)
        elif line is not None and code in line.fields:
            line.add_error(code, fault.message)
        elif fault.said not in rest:
            rest.append(fault.said)
    return rest
