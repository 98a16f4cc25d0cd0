"""The order in which a country lives its days."""

import datetime as dt

from quota_site.demo.diary import Event, Step, live
from quota_site.demo.dice import Dice
from quota_site.demo.hands import OwnHands
from quota_site.demo.moments import moment
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
        instant = moment(Dice("seed"), dt.date(2026, 3, 7), 2, number)
        assert instant.date() == dt.date(2026, 3, 9)
        assert 9 <= instant.hour < 17
