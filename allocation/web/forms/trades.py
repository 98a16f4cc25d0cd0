"""The forms by which the exchange's record is proposed and executed."""

from django import forms
from django.utils.translation import gettext_lazy

from registry.web.fields import TABLE, UploadField


class FileForm(forms.Form):
    """The sha256 of the file that the approver has before them."""

    sha256 = forms.CharField(min_length=64, max_length=64, widget=forms.HiddenInput)


class TradesForm(forms.Form):
    """The exchange's record as a CSV table."""

    table = UploadField(label=gettext_lazy("The exchange's record (CSV or XLSX)"), accept=TABLE)
