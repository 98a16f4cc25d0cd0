"""The lists that a person of each role starts from, in six groups. What they may do there is registry.permissions' to say."""

import functools
from collections.abc import Collection
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registry.permissions.roles import MINISTRY_ROLES, PROVINCIAL_ROLES, REGISTRAR_ROLES, UNIT_ROLES, Role

__all__ = ["GROUPS", "Group", "Way", "groups"]

_UNIT = frozenset(UNIT_ROLES)
_VERIFIER = frozenset({Role.VERIFIER})
_PROVINCE = frozenset(PROVINCIAL_ROLES)
_REGISTRAR = frozenset(REGISTRAR_ROLES)
# Whoever oversees the country: the auditor sees what the ministry does.
_MINISTRY = frozenset({*MINISTRY_ROLES, Role.AUDITOR})
_AUDITOR = frozenset({Role.AUDITOR})
_OFFICERS = _PROVINCE | _REGISTRAR | _MINISTRY
_EVERYONE = frozenset(Role)


@dataclass(frozen=True, slots=True)
class Way:
    """A list or a board that the navigation leads to, by the name of its address; for these roles."""

    label: Promise
    name: str
    roles: Collection[str]

    @property
    def url(self) -> str:
        return _address(self.name)


@functools.cache  # every page names some twenty of them
def _address(name: str) -> str:
    return reverse(name)


@dataclass(frozen=True, slots=True)
class Group:
    """Ways that belong together, opened by one button; `name` is for the page's own use."""

    name: str
    label: Promise
    ways: tuple[Way, ...]


GROUPS = (
    Group(
        "units",
        pgettext_lazy("navigation", "Units"),
        (
            Way(_("Units"), "registry:units", _VERIFIER | _OFFICERS),
            Way(_("My year"), "registry:my_year", _UNIT),
            Way(_("Directory"), "registry:directory", _EVERYONE),
            Way(_("People"), "registry:people", _PROVINCE | _MINISTRY),
            Way(_("Mandates"), "registry:mandates", _UNIT | _AUDITOR),
            Way(_("Access tokens"), "registry:tokens", _UNIT | _AUDITOR),
        ),
    ),
    Group(
        "emissions",
        pgettext_lazy("navigation", "Emissions"),
        (
            Way(_("Control plans"), "reporting:control_plans", _UNIT | _VERIFIER | _PROVINCE | _MINISTRY),
            Way(_("Queue"), "reporting:package_queue", _PROVINCE),
            Way(_("Month board"), "reporting:package_board", _PROVINCE | _MINISTRY),
            Way(_("Monthly packages"), "reporting:packages", _UNIT | _VERIFIER | _PROVINCE),
            Way(_("Annual reports"), "reporting:annual_reports", _UNIT | _VERIFIER | _PROVINCE | _MINISTRY),
            Way(_("Verification"), "reporting:verifications", _UNIT | _VERIFIER | _PROVINCE | _MINISTRY),
            Way(_("Verify a receipt"), "reporting:receipt_verify", _EVERYONE),
        ),
    ),
    Group(
        "quota",
        pgettext_lazy("navigation", "Quota"),
        (
            Way(_("Quota"), "allocation:quota", _UNIT),
            Way(_("Quota runs"), "allocation:runs", _PROVINCE | _MINISTRY),
            Way(_("Official letters"), "allocation:letters", _OFFICERS),
            Way(_("Objections"), "allocation:objections", _UNIT | _PROVINCE | _MINISTRY),
            Way(_("Deductions"), "allocation:deductions", _UNIT | _PROVINCE | _MINISTRY),
            Way(_("Differentiated issuance"), "allocation:differentiations", _OFFICERS),
        ),
    ),
    Group(
        "compliance",
        pgettext_lazy("navigation", "Compliance"),
        (
            Way(_("Account"), "allocation:account", _UNIT),
            Way(_("Accounts"), "allocation:accounts", _OFFICERS),
            Way(_("Trades"), "allocation:trades", _REGISTRAR | _MINISTRY),
            Way(_("Compliance notices"), "allocation:notices", _UNIT | _OFFICERS),
            Way(_("Surrender"), "allocation:surrenders", _UNIT | _OFFICERS),
            Way(_("Compliance"), "allocation:compliance", _UNIT | _OFFICERS),
        ),
    ),
    Group(
        "law",
        pgettext_lazy("navigation", "Rules and values"),
        (
            Way(_("Allocation plans"), "allocation:plans", _EVERYONE),
            Way(_("Balance values"), "allocation:balance_values", _EVERYONE),
            Way(_("Thresholds"), "registry:parameters", _EVERYONE),
            Way(_("Working days"), "registry:working_years", _EVERYONE),
        ),
    ),
    Group(
        "system",
        pgettext_lazy("navigation", "System"),
        (
            Way(_("Journal"), "registry:journal", _OFFICERS),
            Way(_("Jobs"), "registry:jobs", _EVERYONE),
        ),
    ),
)


@functools.cache
def groups(role: str) -> tuple[Group, ...]:
    """The groups of a role with its own ways in each; none for whoever has no role."""
    own = [Group(group.name, group.label, tuple(way for way in group.ways if role in way.roles)) for group in GROUPS]
    return tuple(group for group in own if group.ways)
