"""The registry's forms."""

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from registry.law import Parameter
from registry.models import ApiToken, DirectoryEntry, Person, Unit
from registry.parameters.values import BETWEEN, as_text, is_band, parse
from registry.parameters.working_years import days_written
from registry.people import tokens
from registry.permissions.roles import Role
from registry.values import printed
from registry.values.sectors import Sector


class SignInForm(AuthenticationForm):
    """Signing in; whoever knows the password of a seat that was ended is told so."""

    def get_invalid_login_error(self) -> forms.ValidationError:
        given = {name: self.cleaned_data.get(name, "") for name in ("username", "password")}
        person = Person.objects.filter(username=given["username"], is_active=False).first()
        if person is not None and person.check_password(given["password"]):
            return forms.ValidationError(
                _("The access of %(name)s has been ended: the account can't be used to sign in.")
                % {"name": person.name}
            )
        return super().get_invalid_login_error()


class EntryProposalForm(forms.Form):
    """A unit's entry into the directory, proposed by its own authority's officer."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Unit"))
    year = printed.IntegerField(min_value=2024, max_value=2100, label=_("Directory year"))
    sector = forms.ChoiceField(choices=Sector.choices, label=_("Sector"))
    on = forms.DateField(label=_("Entered on"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    ground = forms.ChoiceField(choices=DirectoryEntry.EntryGround.choices, label=_("Ground"))
    reason = forms.CharField(max_length=200, label=_("Reason, with the figures it rests on"))

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = Unit.objects.filter(authority=person.authority_id)


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


class ExitProposalForm(forms.Form):
    """A listed unit's leaving, with its ground."""

    on = forms.DateField(label=_("Leaves on"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    ground = forms.ChoiceField(choices=DirectoryEntry.ExitGround.choices, label=_("Ground"))
    reason = forms.CharField(max_length=200, label=_("Reason, with the figures it rests on"))


class ParameterForm(forms.Form):
    """A value for a threshold: one number, or the two ends of a band. `value` and `cleaned_data["text"]` hold it once it is valid."""

    low = forms.CharField(max_length=20, label=_("New lower end"))
    high = forms.CharField(max_length=20, label=_("New upper end"))
    number = forms.CharField(max_length=20, label=_("New value"))
    since = forms.DateField(
        label=_("In force from"),
        help_text=_("A day still to come. A month is checked by what is in force on its first day."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
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


class WorkingYearForm(forms.Form):
    """A year's calendar from the State Council's notice; `off` and `worked` come out as lists of days."""

    year = printed.IntegerField(min_value=2024, max_value=2999, label=_("Year"))
    off = forms.CharField(
        label=_("Holidays"),
        help_text=_("Every day of each holiday, including weekends within it: 2027-02-05..2027-02-11, 2027-04-05"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    worked = forms.CharField(
        label=_("Make-up working days"),
        help_text=_("Saturdays and Sundays that the notice makes working days; leave empty if there are none."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    notice = forms.CharField(
        label=_("Notice"), help_text=_("The State Council's notice: its number and date."), max_length=200
    )

    def clean_off(self) -> list[dt.date]:
        return self._days("off")

    def clean_worked(self) -> list[dt.date]:
        return self._days("worked")

    def _days(self, name: str) -> list[dt.date]:
        try:
            return days_written(self.cleaned_data[name])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class DecisionForm(forms.Form):
    """A second person's decision; refusing needs a reason (the service insists)."""

    decision = forms.ChoiceField(
        choices=[("approve", _("Approve")), ("refuse", _("Refuse"))], widget=forms.RadioSelect, label=_("Decision")
    )
    reason = forms.CharField(
        max_length=200, required=False, label=_("Reason"), help_text=_("Required to refuse, not to approve.")
    )


class WithdrawalForm(forms.Form):
    """Why whoever proposed something takes it back."""

    reason = forms.CharField(max_length=200, label=_("Reason"))


class TokenForm(forms.Form):
    """An access token for a clerk of the approver's own unit."""

    name = forms.CharField(max_length=60, label=_("Name"), help_text=_("Which system will use it, such as “ERP”."))
    person = forms.ModelChoiceField(Person.objects.none(), label=_("Acts as"))
    scopes = forms.MultipleChoiceField(
        choices=ApiToken.Scope.choices,
        label=_("Allowed to"),
        widget=forms.CheckboxSelectMultiple,
        initial=["read", "upload"],
    )
    until = forms.DateField(
        label=_("Valid until"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("At most a year."),
    )

    def __init__(self, *args: Any, person: Person, day: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["person"]
        if isinstance(field, forms.ModelChoiceField):
            clerks = Person.objects.filter(unit=person.unit_id, role=Role.UNIT_CLERK, is_active=True)
            field.queryset = clerks.order_by("name", "pk")
        self.first, self.last = day, day + tokens.LONGEST - dt.timedelta(days=1)
        self.fields["until"].widget.attrs |= {"min": self.first.isoformat(), "max": self.last.isoformat()}

    def clean_until(self) -> dt.date:
        until: dt.date = self.cleaned_data["until"]
        if not self.first <= until <= self.last:
            raise forms.ValidationError(_("Choose a day between today and a year from now."))
        return until


class MandateForm(forms.Form):
    """A mandate for another unit, named by its credit code: nobody browses the other units here."""

    holder = forms.ModelChoiceField(
        Unit.objects.all(),
        to_field_name="credit_code",
        widget=forms.TextInput(attrs={"maxlength": 18, "autocomplete": "off"}),
        label=_("Credit code of the unit that will file for yours"),
        error_messages={"invalid_choice": _("There is no unit with this credit code.")},
    )
    may_submit = forms.BooleanField(
        required=False,
        label=_("May also submit"),
        help_text=_("Otherwise it uploads only, and your own clerk submits."),
    )
    since = forms.DateField(label=_("From"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    until = forms.DateField(label=_("Valid until"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
