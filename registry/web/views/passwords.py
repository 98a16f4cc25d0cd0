"""Changing one's password, and what is shown while signing in is paused."""

import datetime as dt
import logging
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.contrib.auth.views import PasswordChangeView, PasswordResetConfirmView
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _

from registry.law import clock
from registry.models import Person
from registry.people import guessing, password_events, throttling

logger = logging.getLogger(__name__)


class ChangePasswordForm(PasswordChangeForm):
    """The old password isn't guessed at an open session either: after a few wrong ones none is looked at for a while."""

    def clean_old_password(self) -> str:
        now = clock.now()
        pause = dt.timedelta(hours=settings.AXES_COOLOFF_TIME)
        key = f"old-password:{self.user.pk}"
        if not throttling.within(key, guessing.most("old_password.most_wrong", now), int(pause.total_seconds())):
            logger.warning("changing the password of %r is paused: too many wrong old passwords", self.user.username)
            password_events.locked_out(self.user.username, at=now, pause=pause)
            raise ValidationError(_("Too many attempts with a wrong password: try again in 15 minutes."))
        return super().clean_old_password()


class ChangePassword(PasswordChangeView):
    """The password and its journal entry stand together or not at all."""

    form_class = ChangePasswordForm

    @transaction.atomic
    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        response = super().form_valid(form)
        password_events.changed(form.user, at=clock.now())
        return response


@method_decorator(login_not_required, name="dispatch")
class FirstPassword(PasswordResetConfirmView):
    """The link that a new person is handed: it works until they have chosen a password, and for nobody who has one."""

    template_name = "registration/first_password.html"
    post_reset_login = False
    success_url = reverse_lazy("login")

    def get_user(self, uidb64: str) -> Person | None:
        found = super().get_user(uidb64)
        return found if isinstance(found, Person) and found.is_active and not found.has_usable_password() else None

    @transaction.atomic
    def form_valid(self, form: "SetPasswordForm[Person]") -> HttpResponse:
        response = super().form_valid(form)
        password_events.changed(form.user, at=clock.now())
        messages.success(self.request, _("The password is set. Sign in with it."))
        return response


def locked(request: HttpRequest, credentials: dict[str, Any] | None = None) -> HttpResponse:
    """What django-axes answers instead of looking at a password: the page that says so, and an entry in the journal."""
    username = str((credentials or {}).get("username") or request.POST.get("username", ""))
    pause = dt.timedelta(hours=settings.AXES_COOLOFF_TIME)
    password_events.locked_out(username, at=clock.now(), pause=pause)
    return render(request, settings.AXES_LOCKOUT_TEMPLATE, status=HTTPStatus.TOO_MANY_REQUESTS)
