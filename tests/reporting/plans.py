"""Control plans for tests: as a month has it, with what a test changes."""

import datetime as dt
from dataclasses import replace

from quota_site.demo.invented.papers import paper
from registry import files
from registry.models import Person, Unit
from registry.values.canonical import sha256
from reporting.content import Content
from reporting.control_plan import Entry, Place, Plan, asked, form_of, preset
from reporting.models import ControlPlan
from reporting.submissions import control_plans

METER = {"meter": "皮带秤", "number": "M1", "site": "厂内", "accuracy": "0.5", "interval": "12"}
LABORATORY = {"laboratory": "示例检测中心", "accredited": "yes"}


def plan_for(month: Content, **changes: Entry | None) -> Plan:
    """The plan by which a month is as it should be: everything obtained as the month says, meters calibrated on the year's first day.

    `changes` by Place.key: another entry, or None for none.
    """
    year = int(month.period[:4])
    made = preset(month.sector, year, month.unit, month.lines, month)
    entries = dict(made.entries)
    for each in asked(form_of(month.sector, year), month.lines, tuple(entries)):
        entry = entries[each.place]
        if entry.how in ("measured", "calculated") and each.is_metered:
            entries[each.place] = entry = replace(entry, **METER, calibrated=f"{year}-01-01")
        if entry.how == "measured" and each.is_tested:
            entries[each.place] = replace(entry, **LABORATORY)
    by_key = {place.key: place for place in entries}
    for key, entry in changes.items():
        place = by_key.get(key) or Place(*key.split("/"))
        if entry is None:
            del entries[place]
        else:
            entries[place] = entry
    return replace(made, entries=entries)


def entry_of(plan: Plan, key: str) -> Entry:
    return next(entry for place, entry in plan.entries.items() if place.key == key)


def submitted(unit: Unit, content: Plan, clerk: Person, unit_approver: Person, when: dt.datetime) -> ControlPlan:
    """A plan submitted, with the real services."""
    plan = control_plans.open_plan(unit, content.sector, content.year, by=clerk)
    plan = control_plans.save(plan, content, revision=plan.revision, by=clerk)
    control_plans.prepare(plan, by=clerk, at=when)
    control_plans.submit(plan, by=unit_approver, at=when)
    plan.refresh_from_db()
    return plan


def accepted(
    unit: Unit, content: Plan, clerk: Person, unit_approver: Person, officer: Person, when: dt.datetime
) -> ControlPlan:
    """A plan in force, with the real services."""
    plan = submitted(unit, content, clerk, unit_approver, when)
    control_plans.accept(plan.versions.latest("number"), by=officer, at=when)
    plan.refresh_from_db()
    return plan


PAPER = paper("检定证书")
CERTIFICATE = sha256(PAPER)


def with_certificate(plan: Plan) -> Plan:
    """The plan with the certificate of its first meter, kept."""
    files.keep(PAPER)
    place, entry = next((place, entry) for place, entry in plan.entries.items() if entry.number)
    named = replace(entry, certificate="JZ-2025-001", certificate_file=f"{CERTIFICATE} 证书.pdf")
    return replace(plan, entries={**plan.entries, place: named})
