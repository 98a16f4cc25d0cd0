"""The 2025 year: twelve months, pre-allocation, a balance value for each sector, trades; in the middle of its surrender."""

import datetime as dt
from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext_lazy as _

from quota_site.demo.acts import (
    contesting,
    exchange,
    handing_in,
    listing,
    plans,
    quota,
    surrendering,
    yearly_reports,
)
from quota_site.demo.running.timeline import Step, by_all
from registry.law.calendar import monthly_deadline

BACK_FILLED_FROM = date(2025, 6, 23)
# Of the month that the provinces have for a month, each takes the week that it is used to: the desks are never idle nor swamped.
WEEKS = 3


def steps() -> Iterator[Step]:
    """market.md §3: report by 2026-03-31, pre-allocation by 2026-04-10, verified by 2026-07-31, issued by 2026-09-30."""
    yield by_all(date(2025, 4, 24), _("directory proposed"), listing.propose, 2025)
    yield by_all(date(2025, 5, 6), _("directory decided"), listing.decide, 2025)
    yield by_all(date(2025, 6, 3), _("control plans submitted"), plans.hand_in, 2025)
    yield by_all(date(2025, 6, 16), _("control plans accepted"), plans.decide, 2025)
    yield from _months()
    yield by_all(date(2026, 2, 24), _("annual reports prepared"), yearly_reports.prepare, 2025, 10)
    yield by_all(date(2026, 3, 10), _("annual reports filed"), yearly_reports.file, 2025, 9)
    yield from _pre_allocation()
    yield by_all(date(2026, 4, 14), _("verifications assigned"), yearly_reports.assign, 2025, 3)
    yield by_all(date(2026, 5, 11), _("verifications concluded"), yearly_reports.conclude, 2025, 30)
    yield by_all(date(2026, 6, 22), _("verified results approved"), yearly_reports.approve, 2025, 26)
    yield from _determination()
    yield by_all(date(2026, 10, 8), _("an account frozen"), surrendering.freeze, 2025)
    yield by_all(date(2026, 10, 19), _("quota traded"), exchange.trade, 2025)
    yield by_all(date(2026, 10, 20), _("quota surrendered as far as told"), surrendering.begin, 2025)
    yield by_all(date(2026, 11, 5), _("a table of trades proposed"), exchange.propose_more, 2025)
    yield by_all(date(2026, 11, 10), _("an objection filed late"), contesting.object_late, 2025)
    yield by_all(date(2026, 11, 9), _("a verification begun again"), yearly_reports.verify_again, 2025)


def _months() -> Iterator[Step]:
    """January to June are back-filled week by week, the others come in before their deadlines."""
    for month in range(1, 13):
        text = f"2025-{month:02}"
        if month <= 6:
            yield from handing_in.steps(text, BACK_FILLED_FROM + dt.timedelta(weeks=month - 1))
        else:
            yield from handing_in.steps(text, monday_for(text), weeks=WEEKS)


def monday_for(month: str) -> date:
    """The Monday from which a month is submitted, so that the last submission still comes in time."""
    day = monthly_deadline(month) - dt.timedelta(days=12)
    return day - dt.timedelta(days=day.weekday())


def _pre_allocation() -> Iterator[Step]:
    kind = quota.PRE
    yield by_all(date(2026, 3, 16), _("decisions on deductions entered"), contesting.deduct, 2025)
    yield by_all(date(2026, 3, 23), _("quota pre-allocated"), quota.prepare, 2025, kind)
    yield by_all(date(2026, 3, 26), _("quota approved"), quota.approve, 2025, kind)
    yield by_all(date(2026, 3, 30), _("letters sent"), quota.write_letters, 2025, kind)
    yield by_all(date(2026, 4, 7), _("quota issued"), quota.execute_issue, 2025, kind)


def _determination() -> Iterator[Step]:
    kind = quota.DETERMINATION
    yield by_all(date(2026, 8, 24), _("a unit's quota withheld"), contesting.withhold, 2025)
    yield by_all(date(2026, 9, 1), _("balance values computed"), quota.compute_balance_values, 2025)
    yield by_all(date(2026, 9, 3), _("balance values published"), quota.publish_balance_values, 2025)
    yield by_all(date(2026, 9, 7), _("quota determined"), quota.prepare, 2025, kind)
    yield by_all(date(2026, 9, 9), _("a run refused and prepared again"), quota.refuse_one, 2025, kind)
    yield by_all(date(2026, 9, 10), _("quota approved"), quota.approve, 2025, kind)
    yield by_all(date(2026, 9, 14), _("letters sent"), quota.write_letters, 2025, kind)
    yield by_all(date(2026, 9, 16), _("an objection filed"), contesting.object_in_time, 2025)
    yield by_all(date(2026, 9, 23), _("an objection answered"), contesting.answer, 2025)
    yield by_all(date(2026, 9, 21), _("quota issued"), quota.execute_issue, 2025, kind)
    yield by_all(date(2026, 9, 28), _("notices sent"), quota.send_notices, 2025)
