"""A person's own account: who they are here, how to reach them, where they are signed in."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from registry.access import SignedInRequest
from registry.law import clock
from registry.people import contact, sessions
from registry.permissions.roles import Role
from registry.web.acting import done, form_here
from registry.web.forms.account import PhoneForm

__all__ = ["account", "end_sessions"]


def account(request: SignedInRequest) -> HttpResponse:
    """What is theirs; the telephone number is entered here."""
    person = request.user
    form = form_here(PhoneForm, request, {"phone": person.phone})
    if request.method == "POST" and form.is_valid():
        contact.choose_phone(person, form.cleaned_data["phone"], at=clock.now())
        return done(request, _("Saved."), "account")
    open_ones = sessions.open_ones(person, request.session.session_key)
    context = {
        "form": form,
        "role": Role(person.role).label,
        "whose": person.unit or person.authority or person.body,
        "before": sessions.before(request),
        "sessions": open_ones,
        "others": sum(not one.is_here for one in open_ones),
    }
    return render(request, "registry/account.html", context, status=422 if form.is_bound else 200)


@require_POST
def end_sessions(request: SignedInRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    count = sessions.end_others(request.user, request.session.session_key, at=clock.now())
    told = ngettext("%(count)s other session ended.", "%(count)s other sessions ended.", count) % {"count": count}
    return done(request, told, "account")
