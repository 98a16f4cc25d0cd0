"""The form by which a period's deadline is extended."""

from django import forms
from django.utils.translation import gettext_lazy

from registry.web.fields import DayField


class ExtensionForm(forms.Form):
    """A later day for one unit's period, and why."""

    due = DayField(label=gettext_lazy("New last day"))
    reason = forms.CharField(max_length=2000, label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 4}))
