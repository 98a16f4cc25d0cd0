"""The exchange: units with more quota than they owe sell to units with less, and its record comes to the registrar as a table."""

import csv
import datetime as dt
import io
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from allocation.ledger import trades
from allocation.models import Notice, TradeImport
from quota_site.demo.acts.surrendering import Stage, free_tonnes, stage_of
from quota_site.demo.running import eager_jobs
from quota_site.demo.running.event import Event
from quota_site.demo.running.world import World
from registry.models import Unit
from registry.permissions.roles import Role

LARGEST_LOT = 50_000


@dataclass
class _Place:
    """A seller's surplus or a buyer's want, in tonnes."""

    unit: Unit
    tonnes: int


Market = tuple[int, dt.date]  # the year whose quota is traded, and the day on which its record comes
EXECUTED_AFTER = dt.timedelta(hours=2)


def trade(world: World, year: int, day: dt.date) -> list[Event]:
    """Those who are to complete the year and lack quota buy it; the registrar executes the record of the ten days before `day`."""
    at = world.moment(day, 1, "trades")
    return [Event(at, propose_trades, (year, day)), Event(at + EXECUTED_AFTER, execute_trades, (year, day))]


def propose_trades(world: World, of: Market) -> None:
    year, day = of
    if table := record(world, year, day - dt.timedelta(days=10)):
        at = world.moment(day, 1, "trades")
        trades.propose(table, f"trades-{day}.csv", by=world.national(Role.REGISTRAR_OPERATOR), at=at)


def execute_trades(world: World, of: Market) -> None:
    _year, day = of
    approver, later = world.national(Role.REGISTRAR_APPROVER), world.moment(day, 1, "trades") + EXECUTED_AFTER
    for proposed in TradeImport.objects.filter(state=TradeImport.State.PROPOSED, name=f"trades-{day}.csv"):
        eager_jobs.answer_now(trades.execute(proposed, sha256=proposed.sha256, by=approver, at=later).job)


def propose_more(world: World, year: int, day: dt.date) -> list[Event]:
    """A few units sell of what they have left, those that are done with the year first; the record waits for the registrar's approver."""
    return [Event(world.moment(day, 1, "more trades"), propose_what_is_left, (year, day))]


def propose_what_is_left(world: World, of: Market) -> None:
    year, day = of
    held = free_tonnes(year)
    notices = Notice.objects.filter(year=year, unit__in=[unit for unit, tonnes in held.items() if tonnes])
    order = sorted(
        notices.select_related("unit").prefetch_related("certificates"),
        key=lambda notice: (not notice.certificates.all(), notice.unit.credit_code),
    )
    units = [notice.unit for notice in order]
    sellers, buyers = units[: min(3, len(units) // 2)], reversed(units)
    lots = [(seller, buyer, min(held[seller.pk], 1_500)) for seller, buyer in zip(sellers, buyers, strict=False)]
    if lots:
        at, table = world.moment(day, 1, "more trades"), _table(world, year, day - dt.timedelta(days=10), lots, "EY")
        trades.propose(table, f"trades-{day}.csv", by=world.national(Role.REGISTRAR_OPERATOR), at=at)


def record(world: World, year: int, day: dt.date) -> bytes:
    """The exchange's record of the trades from `day` on that bring them together, b"" if there are none."""
    lots = list(_lots(*_places(world, year)))
    return _table(world, year, day, lots, "EX") if lots else b""


def _table(world: World, year: int, day: dt.date, lots: Iterable[tuple[Unit, Unit, int]], series: str) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(trades.COLUMNS)
    for number, (seller, buyer, tonnes) in enumerate(lots, 1):
        traded_on = world.moment(day, 5, "trade", number).date()
        reference = f"{series}-{year}-{number:05}"
        writer.writerow([reference, traded_on, seller.credit_code, buyer.credit_code, year, tonnes])
    return out.getvalue().encode()


def _places(world: World, year: int) -> tuple[deque[_Place], deque[_Place]]:
    """Who has more than it owes, and who must buy to complete; those who are not done yet keep what they have."""
    held = free_tonnes(year)
    sellers: deque[_Place] = deque()
    buyers: deque[_Place] = deque()
    for notice in Notice.objects.filter(year=year).select_related("unit").order_by("unit__credit_code"):
        plan = world.plans[world.number_of[notice.unit.credit_code]]
        surplus = held.get(notice.unit_id, 0) - notice.due
        if surplus > 0 and notice.unit_id in held:
            sellers.append(_Place(notice.unit, surplus))
        elif surplus < 0 and notice.unit_id in held and stage_of(plan, world) is Stage.COMPLETE:
            buyers.append(_Place(notice.unit, -surplus))
    return sellers, buyers


def _lots(sellers: deque[_Place], buyers: deque[_Place]) -> Iterator[tuple[Unit, Unit, int]]:
    """Lots from the first seller to the first buyer until one side has none left."""
    while sellers and buyers:
        seller, buyer = sellers[0], buyers[0]
        tonnes = min(seller.tonnes, buyer.tonnes, LARGEST_LOT)
        yield seller.unit, buyer.unit, tonnes
        seller.tonnes -= tonnes
        buyer.tonnes -= tonnes
        if not seller.tonnes:
            sellers.popleft()
        if not buyer.tonnes:
            buyers.popleft()
