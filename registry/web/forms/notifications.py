"""The form by which a person chooses their e-mails."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class MailForm(forms.Form):
    """Whether, where and in which language a person gets e-mails."""

    wanted = forms.BooleanField(
        required=False,
        label=_("Send me e-mails"),
        help_text=_("At most one a day, summarising what you have not read here."),
    )
    address = forms.EmailField(required=False, label=_("E-mail address"))
    language = forms.ChoiceField(choices=settings.LANGUAGES, label=_("Language of the e-mails"))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("wanted") and not given.get("address") and "address" not in self.errors:
            self.add_error("address", _("Without an address no e-mail can be sent."))
        return given
