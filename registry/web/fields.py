"""Fields that forms of every app use: a day, an uploaded file that is refused by its size before it is read into memory."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.values import figures

__all__ = ["TABLE", "XLSX", "DayField", "UploadField"]

XLSX = ".xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TABLE = ".csv,.xlsx"


class DayField(forms.DateField):
    """A day, chosen in the browser's calendar."""

    def __init__(self, **how: Any) -> None:
        super().__init__(widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **how)


class UploadField(forms.FileField):
    """One file of the kinds that `accept` names; `limit` is the setting that says how many bytes it may have."""

    def __init__(
        self,
        *,
        accept: str,
        limit: str = "UPLOAD_LIMIT_BYTES",
        too_large: str | Promise = "",
        **how: Any,
    ) -> None:
        super().__init__(widget=forms.FileInput(attrs={"accept": accept}), **how)
        self._limit = limit
        self._too_large = too_large or _("At most %(limit)s bytes are accepted.")

    def clean(self, data: Any, initial: Any = None) -> Any:
        file: UploadedFile[bytes] | None = super().clean(data, initial)
        limit = getattr(settings, self._limit)
        if file is not None and file.size is not None and file.size > limit:
            sizes = {"size": figures.tonnes(file.size), "limit": figures.tonnes(limit)}
            raise forms.ValidationError(str(self._too_large) % sizes)
        return file
