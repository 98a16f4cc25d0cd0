"""The forms of an official letter and its tables."""

from django import forms
from django.utils.translation import gettext_lazy

from allocation.models import Run
from allocation.web.forms.years import YearForm
from registry.web.fields import UploadField


class LetterForm(YearForm):
    """A letter over the approved runs of a year and kind."""

    kind = forms.ChoiceField(choices=Run.Kind.choices, label=gettext_lazy("Kind"), widget=forms.RadioSelect)
    number = forms.CharField(
        max_length=60, label=gettext_lazy("Document number"), help_text=gettext_lazy("As your authority registered it.")
    )
    field_order = ("kind", "year", "number")


class TablesForm(forms.Form):
    """A workbook of official tables to be checked."""

    tables = UploadField(label=gettext_lazy("Workbook of tables (XLSX)"), accept=".xlsx")
