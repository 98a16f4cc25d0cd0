"""What officers say about single data: two questions on what waits for them, one of them answered; reasons of a sending back."""

import datetime as dt

from django.core.files.base import ContentFile

from quota_site.demo.invented.papers import paper
from quota_site.demo.invented.provinces import HOME
from quota_site.demo.running.event import Event
from quota_site.demo.running.world import World
from registry.law.calendar import SHANGHAI
from reporting.content import Content, places
from reporting.content.places import Spot
from reporting.models import Package, Question, Submission
from reporting.review import Noted, questions

QUESTION, ANSWER = "期末库存与上月相比变化较大，请说明原因。", "当月集中到货一批，入库单见附件。"
SLIP = "入库单.pdf"
OPEN_QUESTION = "请说明当月净消耗量的计量器具及检定情况。"
STOCK_WRONG, PURCHASE_WRONG = "期末库存与盘点表不符。", "购入量与发票合计不符。"


ANSWERED_AFTER = dt.timedelta(minutes=20)


def ask(_world: World, _year: int, day: dt.date) -> list[Event]:
    """The home province's officer asks about two packages that wait for them; one clerk has answered."""
    at = dt.datetime.combine(day, dt.time(8, 20), SHANGHAI)
    return [Event(at, ask_two, at), Event(at + ANSWERED_AFTER, answer_one, at)]


def ask_two(world: World, at: dt.datetime) -> None:
    waiting = Package.objects.filter(unit__authority__code=HOME, state=Package.State.SUBMITTED)
    # Not by their keys: several hands made them side by side.
    rows = waiting.select_related("submission", "unit").order_by("unit__credit_code", "sector", "period")[:2]
    for package, text, name in zip(rows, (OPEN_QUESTION, QUESTION), ("consumed", "closing"), strict=False):
        version = _version(package)
        spot = next((each for each in _spots(version) if each.name == name), None)
        questions.ask(version, text=text, spot=spot, by=world.officer(HOME), at=at)


def answer_one(world: World, at: dt.datetime) -> None:
    """Where only one package waited, nobody was asked what could be answered."""
    for asked in Question.objects.filter(text=QUESTION).select_related("submission__package__unit"):
        package = asked.submission.package
        slip = ContentFile(paper(f"{package.unit.name} {package.period}"), SLIP)
        clerk = world.clerk(world.plans[world.number_of[package.unit.credit_code]])
        questions.reply(asked, text=ANSWER, files=[slip], by=clerk, at=at + ANSWERED_AFTER)


def wrong_stocks(version: Submission) -> list[Noted]:
    """Reasons at a fuel's purchase and closing stock."""
    reasons = {"purchased": PURCHASE_WRONG, "closing": STOCK_WRONG}
    spots = _spots(version)
    found = (next((spot for spot in spots if spot.name == name), None) for name in reasons)
    return [Noted(spot, reasons[spot.name]) for spot in found if spot]


def _spots(version: Submission) -> list[Spot]:
    return list(places.spots(Content.from_json(version.stored_content())).values())


def _version(package: Package) -> Submission:
    if package.submission is None:
        raise RuntimeError(f"{package}: it waits for review without a version")
    return package.submission
