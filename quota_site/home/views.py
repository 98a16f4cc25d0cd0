"""The home page of every role, and the health page."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from allocation.queries import todo as allocation_todo
from quota_site.home import beginnings, deadlines, desks
from quota_site.navigation import waiting
from quota_site.navigation.frame import menus
from registry import todo as registry_todo
from registry.access import SignedInRequest
from registry.law import calendar, clock
from registry.models import Person
from registry.permissions.roles import MINISTRY_ROLES, PROVINCIAL_ROLES, REGISTRAR_ROLES, UNIT_ROLES, Role
from registry.todo import Todo
from reporting.queries import todo as reporting_todo

# How far ahead a home page looks for deadlines.
DAYS_AHEAD = 92
_PRESSING = {"danger": 0, "warn": 1, "info": 2, "ok": 3}

Desk = Callable[[Person, dt.date], dict[str, Any]]
DESKS: dict[str, tuple[str, Desk]] = {
    **dict.fromkeys(UNIT_ROLES, ("home/unit.html", desks.unit)),
    Role.VERIFIER: ("home/verifier.html", desks.verifier),
    **dict.fromkeys(PROVINCIAL_ROLES, ("home/province.html", desks.province)),
    **dict.fromkeys(REGISTRAR_ROLES, ("home/registrar.html", desks.registrar)),
    **dict.fromkeys(MINISTRY_ROLES, ("home/ministry.html", desks.ministry)),
    Role.AUDITOR: ("home/auditor.html", desks.auditor),
}


def home(request: SignedInRequest) -> HttpResponse:
    """What waits for the person, the coming deadlines, and their role's view of how things stand."""
    at = clock.now()
    day = calendar.local_day(at)
    template, desk = DESKS[request.user.role]
    found = todos(request.user, at)
    waiting.keep(request.user, found, at)
    context = {
        "todos": found,
        "deadlines": deadlines.upcoming(request.user, day, day + dt.timedelta(days=DAYS_AHEAD)),
        "year": calendar.compliance_year(day),
        "first": beginnings.first_steps(request.user, day),
        **desk(request.user, day),
    }
    return render(request, template, context)


def counts(request: SignedInRequest) -> HttpResponse:
    """How much waits at each way of the navigation, as numbers that take the places of those on the page."""
    at = clock.now()
    found = waiting.keep(request.user, todos(request.user, at), at)
    numbers = [item for menu in menus(request.user.role, None, found.of) for item in (menu, *menu.items)]
    return render(request, "partials/counts.html", {"numbers": numbers})


def todos(person: Person, at: dt.datetime) -> list[Todo]:
    """What of every app waits for the person, the most pressing first."""
    waiting = [todo for app in (registry_todo, reporting_todo, allocation_todo) for todo in app.todos(person, at)]
    return sorted(waiting, key=lambda todo: (_PRESSING[todo.tone], todo.due or dt.date.max))


@login_not_required
def health(_request: HttpRequest) -> HttpResponse:
    """Whether the site and its database answer; for load balancers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})
