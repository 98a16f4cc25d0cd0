"""Certificates of a plan's meters: their files, laid beside the values whose meters they are of.

What an entry says of one is "sha256 name", so that a version holds it like everything else that it says; the bytes lie under their sha256.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace

from django.core.files.base import File

from reporting.control_plan import CERTIFICATE_FILE, Plan, file_of
from reporting.evidence import fit
from reporting.models import ControlPlan, ControlPlanVersion
from reporting.submissions import upload_limits

__all__ = ["LONGEST_NAME", "certificates", "digests", "with_files"]

LONGEST_NAME = 120


def with_files(plan: ControlPlan, says: Plan, given: Mapping[str, "File[bytes]"], at: dt.datetime) -> Plan:
    """What is said with the files, by the key of their value; kept before anything names them. Refuses, naming all that can't be taken."""
    places = {place.key: place for place in says.entries}
    wanted = {key: file for key, file in given.items() if key in places}
    if not wanted:
        return says
    found = {key: fit.fit([file])[0] for key, file in wanted.items()}
    upload_limits.refuse_too_much(plan, sum(each.size for each in found.values()), at)
    fit.keep(found.values())
    entries = dict(says.entries)
    for key, each in found.items():
        named = f"{each.sha256} {each.name[-LONGEST_NAME:]}"
        entries[places[key]] = replace(entries[places[key]], certificate_file=named)
    return replace(says, entries=entries)


def certificates(says: Plan) -> dict[str, str]:
    """The names of a plan's files by their sha256."""
    return dict(each for entry in says.entries.values() if (each := file_of(entry)) is not None)


def digests() -> Iterator[str]:
    """The sha256 of every file that a plan or a version of one names."""
    for version in ControlPlanVersion.objects.filter(content__contains=CERTIFICATE_FILE).order_by("pk"):
        yield from certificates(version.stated)
    for plan in ControlPlan.objects.exclude(draft={}).order_by("pk"):
        yield from certificates(plan.plan)
