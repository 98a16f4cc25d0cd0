"""The form by which people sign in."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from registry.models import Person


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
