"""The forms by which workbooks come in, one or many, and the files of an archive are looked through."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from registry.values.sectors import Sector
from registry.web.fields import XLSX, UploadField
from registry.web.listing.in_memory import one_of

_OUTCOME = gettext_lazy("Outcome")


class UploadForm(forms.Form):
    """A workbook; its kind is judged by the reader, which says what is wrong with it."""

    workbook = UploadField(
        label=gettext_lazy("The filled-in workbook"),
        accept=XLSX,
        too_large=gettext_lazy(
            "The file has %(size)s bytes; at most %(limit)s are accepted. Remove pictures and sheets you have added."
        ),
        error_messages={"empty": gettext_lazy("The file is empty: choose the saved workbook and upload it again.")},
    )


class BulkForm(forms.Form):
    """A zip of workbooks; what is in it is judged file by file."""

    archive = UploadField(
        label=gettext_lazy("The zip of filled-in workbooks"),
        accept=".zip,application/zip",
        limit="BULK_LIMIT_BYTES",
        too_large=gettext_lazy("The archive has %(size)s bytes; at most %(limit)s are accepted. Send it in parts."),
    )


class BulkFilterForm(forms.Form):
    """Which files of a zip are shown; what outcomes there can be the view knows."""

    outcome = one_of((), label=_OUTCOME)
    sector = one_of(Sector.choices, label=gettext_lazy("Sector"))
    period = forms.CharField(required=False, label=gettext_lazy("Period"))
    q = forms.CharField(required=False, label=gettext_lazy("File, unit or credit code"))

    def __init__(self, *args: Any, outcomes: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"] = one_of(outcomes, label=_OUTCOME)
