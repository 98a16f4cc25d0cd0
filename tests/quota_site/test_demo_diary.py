"""The order in which a country lives its days."""

import datetime as dt
import multiprocessing
import threading
import types
from typing import Any

from quota_site.demo.acts.yearly_reports import Report
from quota_site.demo.invented.random_values import Chance
from quota_site.demo.running.clock import moment
from quota_site.demo.running.event import Event, turns
from quota_site.demo.running.timeline import Step, live
from quota_site.demo.running.worker_process import Turns
from quota_site.demo.running.workers import OwnHands
from tests.cast import at

told: list[str] = []


def write(_world, thing):
    told.append(thing)


def note(_world, thing):
    told.append(f"noted {thing}")


def _lived(*steps: Step) -> list[str]:
    told.clear()
    live(None, OwnHands(None), steps, lambda step: told.append(f"begin {step.of}"))
    return list(told)


def _step(day: dt.date, of: str, *events: Event) -> Step:
    return Step(day, "title", of, lambda _world: events)


def test_a_step_waits_for_what_happened_before_its_day():
    later = _step(dt.date(2026, 3, 5), "later", Event(at("2026-03-05 10:00"), write, "e"))
    early = _step(
        dt.date(2026, 3, 2),
        "early",
        Event(at("2026-03-04 09:00"), write, "c"),
        Event(at("2026-03-02 09:00"), write, "a"),
        Event(at("2026-03-06 09:00"), write, "f"),
        Event(at("2026-03-03 09:00"), write, "b"),
    )
    assert _lived(later, early) == ["begin early", "a", "b", "c", "begin later", "e", "f"]


def test_what_a_day_brings_is_done_in_the_order_of_its_instants_whomever_it_happens_to():
    events = (
        Event(at("2026-03-02 11:00"), write, "late"),
        Event(at("2026-03-02 09:30"), write, "another's"),
        Event(at("2026-03-02 10:00"), note, "middle"),
        Event(at("2026-03-02 09:00"), write, "early"),
    )
    lived = _lived(_step(dt.date(2026, 3, 2), "day", *events))
    assert lived == ["begin day", "early", "another's", "noted middle", "late"]


def make(_world, thing):
    return f"made of {thing}"


def use(_world, thing, made):
    told.append(f"{thing}: {made}")


def test_an_act_is_given_what_was_made_ready_for_it():
    assert _lived(_step(dt.date(2026, 3, 2), "day", Event(at("2026-03-02 09:00"), use, "a", make)))[1:] == [
        "a: made of a"
    ]


def test_steps_of_one_day_keep_their_order():
    day = dt.date(2026, 3, 2)
    assert _lived(_step(day, "first"), _step(day, "second")) == ["begin first", "begin second"]


def test_a_day_ends_at_midnight_in_shanghai():
    """23:30 in Shanghai is still the 2nd, though it is 15:30 in Greenwich; a step of the 3rd comes after it."""
    evening = _step(dt.date(2026, 3, 2), "evening", Event(at("2026-03-02 23:30"), write, "a"))
    assert _lived(evening, _step(dt.date(2026, 3, 3), "morning")) == ["begin evening", "a", "begin morning"]


def test_nobody_works_at_the_weekend_nor_at_night():
    # 2026-03-07 and 08 are Saturday and Sunday: both move to Monday the 9th.
    for number in range(50):
        instant = moment(Chance("seed"), dt.date(2026, 3, 7), 2, number)
        assert instant.date() == dt.date(2026, 3, 9)
        assert 9 <= instant.hour < 17


class CountingHands:
    """Notes what is handed over at once."""

    def __init__(self):
        self.handed: list[list[str]] = []

    def in_turn(self, events):
        self.handed.append([event.thing for event in events])


def test_hands_are_waited_for_only_where_a_step_begins():
    days = [dt.date(2026, 3, 2), dt.date(2026, 3, 9)]
    first = [Event(at(f"2026-03-0{day} 09:00"), write, f"{day}") for day in (3, 4, 5)]
    hands = CountingHands()
    live(None, hands, [_step(days[0], "a", *first), _step(days[1], "b")], lambda _step: None)
    assert hands.handed == [[], ["3", "4", "5"], []]


def test_an_act_of_another_hand_waits_until_those_before_it_are_done():
    turns_of_all = Turns.of(multiprocessing.get_context("fork"))
    done: list[int] = []

    def act(after: int) -> None:
        turns_of_all.wait_for(after)
        done.append(after)
        turns_of_all.one_more()

    hands = [threading.Thread(target=act, args=(after,)) for after in (2, 1, 0)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join(timeout=60)
    assert done == [0, 1, 2]


def test_reports_of_a_company_are_done_side_by_side():
    """Units 4 to 7 act at the same instant, and none of them waits for another."""
    world: Any = types.SimpleNamespace(moment=lambda first, days, *name: moment(Chance("seed"), first, days, *name))
    reports = [Report(number, "steel", 2025, dt.date(2026, 3, 2), 5) for number in range(4, 8)]
    events = [Event(report.when(world, "file"), write, report, of=report.number) for report in reports]
    assert list(turns(events)) == [0, 0, 0, 0]
