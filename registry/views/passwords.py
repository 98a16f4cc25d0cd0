"""Changing one's password, and what is shown while signing in is paused."""

import datetime as dt
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.views import PasswordChangeView
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from registry import clock, passwords


class ChangePassword(PasswordChangeView):
    """The password and its journal entry stand together or not at all."""

    @transaction.atomic
    def form_valid(self, form: "PasswordChangeForm[Any]") -> HttpResponse:
        response = super().form_valid(form)
        passwords.changed(form.user, at=clock.now())
        return response


def locked(request: HttpRequest, credentials: dict[str, Any] | None = None) -> HttpResponse:
    """What django-axes answers instead of looking at a password: the page that says so, and an entry in the journal."""
    username = str((credentials or {}).get("username") or request.POST.get("username", ""))
    pause = dt.timedelta(hours=settings.AXES_COOLOFF_TIME)
    passwords.locked_out(username, at=clock.now(), pause=pause)
    return render(request, settings.AXES_LOCKOUT_TEMPLATE, status=HTTPStatus.TOO_MANY_REQUESTS)
