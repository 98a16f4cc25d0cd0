"""Which way of the navigation a page belongs to, for the person who looks at it."""

import functools
from dataclasses import dataclass

from quota_site.navigation.ways import Group, Way, groups

__all__ = ["Place", "of_page"]

# Pages whose address doesn't begin with that of a list, by its first two parts: the lists that they belong to. The first that the
# person has counts, so that a ministry's analyst who looks at a month of a unit finds the board marked, having no list of months.
_ELSEWHERE = {
    "reporting/control-plans": ("registry:units",),
    "reporting/packages": ("reporting:packages", "reporting:package_board", "registry:units"),
    "reporting/submissions": ("reporting:package_queue", "reporting:packages", "registry:units"),
    "reporting/questions": ("reporting:package_queue", "reporting:packages", "registry:units"),
    "reporting/receipts": ("reporting:packages", "reporting:package_board", "registry:units"),
    "reporting/reports": ("registry:units",),
    "reporting/verifications": ("registry:units",),
    "reporting/results": ("reporting:verifications", "registry:units"),
    "allocation/runs": ("allocation:letters",),
    "allocation/awards": ("allocation:quota", "allocation:runs", "allocation:letters"),
    "allocation/differentiated": ("allocation:quota",),
    "allocation/releases": ("allocation:differentiations", "allocation:quota"),
    "allocation/accounts": ("allocation:account",),
    "allocation/transactions": ("allocation:accounts", "allocation:account"),
    "allocation/quota": ("allocation:compliance", "registry:units"),
    "allocation/adjustments": ("allocation:notices",),
    "allocation/certificates": ("allocation:compliance",),
    "allocation/consequences": ("allocation:compliance", "allocation:plans"),
    "registry/units": ("registry:my_year", "registry:directory"),
    "registry/lines": ("registry:units", "registry:my_year"),
    "registry/acts": ("registry:journal", "registry:jobs"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page is: its group and its list; `is_list` where it is that list itself."""

    group: Group
    way: Way
    is_list: bool


def of_page(role: str, path: str) -> Place | None:
    """The place of the page at `path`; None where no way of the role leads there (the home page, one's own account, messages)."""
    own = _ways(role)
    nearest = max((url for url in own if path.startswith(url)), key=len, default=None)
    if nearest is None:
        nearest = _elsewhere(own, path)
    return Place(*own[nearest], is_list=path == nearest) if nearest is not None else None


@functools.cache
def _ways(role: str) -> dict[str, tuple[Group, Way]]:
    """The role's ways by their addresses."""
    return {way.url: (group, way) for group in groups(role) for way in group.ways}


def _elsewhere(own: dict[str, tuple[Group, Way]], path: str) -> str | None:
    section = "/".join(path.split("/")[1:3])
    by_name = {way.name: url for url, (_group, way) in own.items()}
    return next((by_name[name] for name in _ELSEWHERE.get(section, ()) if name in by_name), None)
