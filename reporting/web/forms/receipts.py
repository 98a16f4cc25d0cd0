"""The form by which anybody who is signed in has a receipt checked."""

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.values import figures
from registry.web.fields import XLSX
from reporting import receipts
from reporting.evidence.forms import ManyFilesField, ManyFilesInput
from reporting.evidence.kinds import ACCEPT


class VerifyForm(forms.Form):
    """A receipt to be checked, and the workbook and evidence to be compared with it."""

    receipt = forms.FileField(
        label=gettext_lazy("The receipt"),
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
        error_messages={"empty": gettext_lazy("The file is empty: choose the receipt as it was downloaded.")},
    )
    workbook = forms.FileField(
        label=gettext_lazy("The workbook, if you have it"),
        required=False,
        widget=forms.FileInput(attrs={"accept": XLSX}),
        error_messages={"empty": gettext_lazy("The file is empty: choose the workbook that was uploaded.")},
    )
    evidence = ManyFilesField(
        label=gettext_lazy("Supporting files, if you have them"),
        required=False,
        allow_empty_file=True,  # an empty file is compared like any other
        max_length=None,
        widget=ManyFilesInput(attrs={"accept": ACCEPT}),
    )

    def clean_receipt(self) -> receipts.Envelope:
        """The receipt, if the file is one; refused by its size before it is read into memory."""
        file: UploadedFile[bytes] = self.cleaned_data["receipt"]
        if file.size is not None and file.size > receipts.LIMIT_BYTES:
            raise forms.ValidationError(_("The file is too large to be a receipt."))
        try:
            return receipts.parse(file.read())
        except receipts.UnusableReceiptError as error:
            raise forms.ValidationError(str(error)) from error

    def clean_workbook(self) -> "UploadedFile[bytes] | None":
        file: UploadedFile[bytes] | None = self.cleaned_data["workbook"]
        if file is not None and _size(file) > settings.UPLOAD_LIMIT_BYTES:
            raise forms.ValidationError(_("The file is too large to be a workbook that was submitted."))
        return file

    def clean_evidence(self) -> list["UploadedFile[bytes]"]:
        """As many and as large files as a package can have, all faults at once: they are hashed within the request."""
        files: list[UploadedFile[bytes]] = [file for file in self.cleaned_data["evidence"] if file]
        faults = [
            _("%(name)s is too large to be a supporting file that was submitted.") % {"name": file.name}
            for file in files
            if _size(file) > settings.EVIDENCE_LIMIT_BYTES
        ]
        if len(files) > settings.EVIDENCE_LIMIT_FILES:
            faults.append(_("Choose at most %(limit)s files at once.") % {"limit": settings.EVIDENCE_LIMIT_FILES})
        if sum(map(_size, files)) > settings.BULK_LIMIT_BYTES:
            most = figures.tonnes(settings.BULK_LIMIT_BYTES)
            faults.append(
                _("All files together may have at most %(limit)s bytes: choose fewer at once.") % {"limit": most}
            )
        if faults:
            raise forms.ValidationError([forms.ValidationError(fault) for fault in faults])
        return files


def _size(file: "UploadedFile[bytes]") -> int:
    return file.size or 0
