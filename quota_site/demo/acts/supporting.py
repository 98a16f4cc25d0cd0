"""The supporting files of a month: one small PDF that stands for everything the month must have."""

import datetime as dt

from django.core.files.base import ContentFile

from quota_site.demo.invented.country import UnitPlan
from quota_site.demo.invented.figures.rows import paper_name
from quota_site.demo.invented.papers import paper
from quota_site.demo.invented.scenarios import Story
from quota_site.demo.running.world import World
from reporting import evidence
from reporting.content import Content
from reporting.models import Package

# Coal of one delivery is burnt in two months; its certificate serves for both.
DELIVERED_IN, BURNT_ON_IN = "2025-04", "2025-05"
CERTIFICATE, REASON = "煤种证明.pdf", "本月继续使用4月到厂的同一批煤，煤种证明与上月相同。"


def attach(world: World, unit: UnitPlan, package: Package, stated: Content, at: dt.datetime) -> None:
    """The clerk attaches what the month needs; a year that had no months needs nothing."""
    needed = [each.code for each in evidence.needed(stated)]
    if not needed:
        return
    by, period = world.clerk(unit), stated.period
    bound = paper(f"{unit.credit_code} {stated.sector} {period}", unit.name, "支撑材料汇编")
    evidence.attach(package, [ContentFile(bound, paper_name(period))], covers=needed, by=by, at=at)
    if Story.REUSED_EVIDENCE in unit.stories and period in (DELIVERED_IN, BURNT_ON_IN):
        certificate = ContentFile(paper(f"{unit.credit_code} {DELIVERED_IN}", unit.name, "煤种证明"), CERTIFICATE)
        reason = REASON if period == BURNT_ON_IN else ""
        evidence.attach(package, [certificate], covers=["coal_type"], reason=reason, by=by, at=at)
