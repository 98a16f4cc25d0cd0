"""What every page's frame shows: the way about for the person's role, their seat, the day, the demonstration's clock."""

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registry import notifications
from registry.law import clock
from registry.permissions.roles import MINISTRY_ROLES, PROVINCIAL_ROLES, REGISTRAR_ROLES, UNIT_ROLES, Role
from registry.web import as_of as asof
from registry.web import kept_input

Entry = tuple[Promise | str, str]

HOME: Entry = (_("To do"), "home")
PACKAGES: Entry = (pgettext_lazy("navigation", "Packages"), "reporting:packages")
QUEUE: Entry = (_("Queue"), "reporting:package_queue")
BOARD: Entry = (pgettext_lazy("navigation", "Months"), "reporting:package_board")
CONTROL_PLANS: Entry = (_("Control plans"), "reporting:control_plans")
REPORTS: Entry = (pgettext_lazy("navigation", "Reports"), "reporting:annual_reports")
VERIFICATIONS: Entry = (_("Verification"), "reporting:verifications")
DIRECTORY: Entry = (_("Directory"), "registry:directory")
UNITS: Entry = (_("Units"), "registry:units")
PARAMETERS: Entry = (_("Thresholds"), "registry:parameters")
JOURNAL: Entry = (_("Journal"), "registry:journal")
MANDATES: Entry = (_("Mandates"), "registry:mandates")
TOKENS: Entry = (_("Access tokens"), "registry:tokens")
JOBS: Entry = (_("Jobs"), "registry:jobs")
PLANS: Entry = (pgettext_lazy("navigation", "Allocation"), "allocation:plans")
BALANCE_VALUES: Entry = (_("Balance values"), "allocation:balance_values")
RUNS: Entry = (pgettext_lazy("navigation", "Quota"), "allocation:runs")
LETTERS: Entry = (pgettext_lazy("navigation", "Letters"), "allocation:letters")
DEDUCTIONS: Entry = (_("Deductions"), "allocation:deductions")
DIFFERENTIATED: Entry = (pgettext_lazy("navigation", "Differentiated"), "allocation:differentiations")
OBJECTIONS: Entry = (_("Objections"), "allocation:objections")
ACCOUNTS: Entry = (_("Accounts"), "allocation:accounts")
ACCOUNT: Entry = (_("Account"), "allocation:account")
TRADES: Entry = (_("Trades"), "allocation:trades")
QUOTA: Entry = (_("Quota"), "allocation:quota")
SURRENDERS: Entry = (_("Surrender"), "allocation:surrenders")
COMPLIANCE: Entry = (_("Compliance"), "allocation:compliance")

_UNIT = (
    HOME,
    CONTROL_PLANS,
    PACKAGES,
    REPORTS,
    VERIFICATIONS,
    QUOTA,
    OBJECTIONS,
    DEDUCTIONS,
    ACCOUNT,
    SURRENDERS,
    COMPLIANCE,
    MANDATES,
    TOKENS,
)
_PROVINCE = (
    HOME,
    CONTROL_PLANS,
    QUEUE,
    BOARD,
    PACKAGES,
    REPORTS,
    VERIFICATIONS,
    DIRECTORY,
    UNITS,
    RUNS,
    OBJECTIONS,
    DEDUCTIONS,
    DIFFERENTIATED,
    LETTERS,
    ACCOUNTS,
    SURRENDERS,
    COMPLIANCE,
    JOURNAL,
)
_REGISTRAR = (HOME, LETTERS, ACCOUNTS, DIFFERENTIATED, TRADES, SURRENDERS, COMPLIANCE, UNITS, JOURNAL, JOBS)
_MINISTRY = (
    HOME,
    BOARD,
    CONTROL_PLANS,
    REPORTS,
    DIRECTORY,
    UNITS,
    PLANS,
    BALANCE_VALUES,
    RUNS,
    OBJECTIONS,
    DEDUCTIONS,
    DIFFERENTIATED,
    ACCOUNTS,
    COMPLIANCE,
    PARAMETERS,
    JOURNAL,
    JOBS,
)

ENTRIES: dict[str, tuple[Entry, ...]] = {
    **dict.fromkeys(UNIT_ROLES, _UNIT),
    Role.VERIFIER: (HOME, VERIFICATIONS, PACKAGES, REPORTS),
    **dict.fromkeys(PROVINCIAL_ROLES, _PROVINCE),
    **dict.fromkeys(REGISTRAR_ROLES, _REGISTRAR),
    **dict.fromkeys(MINISTRY_ROLES, _MINISTRY),
    Role.AUDITOR: (
        HOME,
        BOARD,
        CONTROL_PLANS,
        REPORTS,
        VERIFICATIONS,
        DIRECTORY,
        UNITS,
        PLANS,
        BALANCE_VALUES,
        RUNS,
        OBJECTIONS,
        DEDUCTIONS,
        DIFFERENTIATED,
        ACCOUNTS,
        COMPLIANCE,
        PARAMETERS,
        JOURNAL,
        JOBS,
    ),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One way in the main navigation; `current` when the page lies below it, `here` when it is the page itself."""

    label: Promise | str
    url: str
    current: bool
    here: bool


def context(request: HttpRequest) -> dict[str, Any]:
    """The frame's variables; works for a visitor who isn't signed in, too."""
    person = getattr(request, "user", None)
    return {
        "navigation": items(getattr(person, "role", ""), request.path),
        "seat": getattr(person, "seat", ""),
        "today": clock.today(),
        "as_of_ignored": asof.is_ignored(request),
        "unread": functools.partial(_unread, person),
        "demonstration": bool(settings.CLOCK_OFFSET_SECONDS),
        "typed_left": kept_input.left(request, clock.now()) if getattr(person, "is_authenticated", False) else [],
    }


def _unread(person: Any) -> int:
    """How many messages the person has not read. Asked by the frame, not by fragments."""
    return notifications.unread(person).count() if getattr(person, "is_authenticated", False) else 0


def items(role: str, path: str) -> list[Item]:
    """The navigation of a role seen from `path`; of the ways that lead to the page only the longest is current."""
    ways = list(_ways(ENTRIES.get(role, ())))
    nearest = max((url for _label, url in ways if url != "/" and path.startswith(url)), key=len, default="")
    return [Item(label, url, current=url in (path, nearest), here=url == path) for label, url in ways]


def _ways(entries: tuple[Entry, ...]) -> Iterator[tuple[Promise | str, str]]:
    for label, name in entries:
        try:
            yield label, reverse(name)
        except NoReverseMatch:
            continue
