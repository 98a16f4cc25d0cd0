"""The 2026 year is running: its months come in, one unit is overdue, one has a month back; the next directory is being made."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext_lazy as _

from quota_site.demo.acts import asking, handing_in, listing, plans, systems
from quota_site.demo.invented.country import Country, UnitPlan
from quota_site.demo.invented.provinces import HOME
from quota_site.demo.invented.scenarios import Story
from quota_site.demo.running.timeline import Step, by_all
from quota_site.demo.years.year_2025 import WEEKS, monday_for


def steps(country: Country) -> Iterator[Step]:
    """Months by 40 days; the directory of 2026 by 2025-10-31, that of 2027 by 2026-10-31, which a few proposals missed."""
    yield by_all(date(2025, 10, 13), _("directory proposed"), listing.propose, 2026)
    yield by_all(date(2025, 10, 27), _("directory decided"), listing.decide, 2026)
    yield by_all(date(2025, 12, 8), _("control plans submitted"), plans.hand_in, 2026)
    yield by_all(date(2025, 12, 22), _("control plans accepted"), plans.decide, 2026)
    yield by_all(date(2026, 9, 14), _("control plans changed in the year"), plans.change_some, 2026)
    yield by_all(date(2026, 9, 15), _("systems and mandates"), systems.connect, 2026)
    for month in country.scale.months_2026:
        yield from handing_in.steps(month, monday_for(month), weeks=WEEKS)
    yield from _begun(country)
    yield by_all(date(2026, 10, 13), _("directory proposed"), listing.propose, 2027)
    yield by_all(date(2026, 10, 26), _("directory decided"), listing.decide_most, 2027)
    yield by_all(date(2026, 11, 12), _("an exit proposed"), listing.propose_an_exit, 2027)


def _begun(country: Country) -> Iterator[Step]:
    """October has just begun to come in: some packages wait for the officer. The logins' own clerks have not begun."""

    def is_early(unit: UnitPlan) -> bool:
        return Story.LOGIN not in unit.stories and (
            unit.authority == HOME or country.chance.happens(20, "is early", unit.number)
        )

    uploads, submissions, _reviews = handing_in.steps("2026-10", date(2026, 11, 4), is_early)
    yield uploads
    yield submissions
    yield by_all(date(2026, 11, 16), _("many workbooks uploaded"), systems.upload_many, 2026)
    yield by_all(date(2026, 11, 16), _("questions asked"), asking.ask, 2026)
