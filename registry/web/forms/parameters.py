"""The form by which a change of a threshold is proposed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.law import Parameter
from registry.parameters.values import BETWEEN, as_text, is_band, parse
from registry.web.fields import DayField


class ParameterForm(forms.Form):
    """A value for a threshold: one number, or the two ends of a band. `value` and `cleaned_data["text"]` hold it once it is valid."""

    low = forms.CharField(max_length=20, label=_("New lower end"))
    high = forms.CharField(max_length=20, label=_("New upper end"))
    number = forms.CharField(max_length=20, label=_("New value"))
    since = DayField(
        label=_("In force from"),
        help_text=_("A day still to come. A month is checked by what is in force on its first day."),
    )
    reason = forms.CharField(
        label=_("Reason, with the figures it rests on"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, parameter: Parameter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parameter = parameter
        self.ends = ("low", "high") if is_band(parameter) else ("number",)
        for name in {"low", "high", "number"} - set(self.ends):
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if all(name in cleaned for name in self.ends):
            try:
                self.value = parse(self.parameter, BETWEEN.join(cleaned[name] for name in self.ends))
                cleaned["text"] = as_text(self.value)
            except ValueError as error:
                self.add_error(self.ends[0], str(error))
        return cleaned
