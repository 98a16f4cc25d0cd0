"""Steps: what the whole country does from a day on. The three years' steps are one list, done in the order of their days."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from quota_site.demo import handing_in
from quota_site.demo.country import UnitPlan
from quota_site.demo.hands import Hands
from quota_site.demo.world import World


@dataclass(frozen=True, slots=True)
class Step:
    """`act` is done once `day` has come; `title` tells it, `of` names the year or period that it is about."""

    day: dt.date
    title: str | Promise
    of: str
    act: Callable[[World, Hands], None]


def period(text: str, monday: dt.date, belongs: Callable[[UnitPlan], bool] | None = None) -> Iterator[Step]:
    """A period handed in from `monday` on: uploads, submissions a week later, decisions two weeks later."""
    yield Step(monday, _("workbooks uploaded and read"), text, _for_parcels(handing_in.upload, text, monday, belongs))
    day = monday + dt.timedelta(days=7)
    yield Step(day, _("packages submitted"), text, _for_parcels(handing_in.submit, text, monday, belongs))
    day = monday + dt.timedelta(days=13)
    yield Step(day, _("packages reviewed"), text, _for_parcels(handing_in.decide, text, monday, belongs))


def _for_parcels(
    act: Callable[[World, Hands, list[handing_in.Parcel]], None],
    text: str,
    monday: dt.date,
    belongs: Callable[[UnitPlan], bool] | None,
) -> Callable[[World, Hands], None]:
    def for_parcels(world: World, hands: Hands) -> None:
        act(world, hands, handing_in.parcels(world, text, monday, belongs))

    return for_parcels


def by_one(day: dt.date, title: str | Promise, act: Callable[..., None], year: int, *more: object) -> Step:
    """An act of one hand for a year, from `day` on: `act(world, year, *more, day)`."""
    return Step(day, title, str(year), lambda world, _hands: act(world, year, *more, day))


def by_all(day: dt.date, title: str | Promise, act: Callable[..., None], year: int, *more: object) -> Step:
    """An act for many hands for a year, from `day` on: `act(world, hands, year, *more, day)`."""
    return Step(day, title, str(year), lambda world, hands: act(world, hands, year, *more, day))
