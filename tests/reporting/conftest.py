"""What reporting's tests share: the cast's unit with one electrolysis process, listed for 2025. Its story is in story.py."""

import datetime as dt

import pytest

from registry.law import load
from registry.models import Line
from reporting import guidelines
from reporting.content import Content, Row
from reporting.models import AnnualReport, ControlPlan
from tests import worlds
from tests.cast import at
from tests.reporting import plans, story


@pytest.fixture
@worlds.part
def process(unit, make_line) -> Line:
    return story.electrolysis(unit, make_line)


@pytest.fixture
@worlds.world
def report(unit, process, clerk, unit_approver, officer) -> AnnualReport:
    """The unit's filed annual report of 2025."""
    return story.filed(unit, clerk, unit_approver, officer)


@pytest.fixture
@worlds.world
def planned(unit, process, clerk, unit_approver, officer) -> ControlPlan:
    """The unit's control plan for 2025, accepted, by which story's months are as they should be."""
    plan = plans.plan_for(story.content(unit, "2025-01"))
    return plans.accepted(unit, plan, clerk, unit_approver, officer, at("2025-06-01 09:00"))


@pytest.fixture
def with_stock(monkeypatch):
    """`with_stock(opening, closing)`: what the works says of its anode stock from now on; it buys what it uses and stores."""
    plain = story.content

    def say(opening: int, closing: int) -> None:
        def content(unit, period: str, anode: str = "8000", metal: str = "17000", line: str = "P1") -> Content:
            month = plain(unit, period, anode, metal, line)
            bought = int(anode) + closing - opening
            amounts = {"opening": opening, "purchased": bought, "sold": 0, "closing": closing, "consumed": anode}
            ledger = Row("fuel", item="anode", data={name: story.datum(str(value)) for name, value in amounts.items()})
            return Content(month.sector, month.period, month.unit, month.lines, (ledger, month.rows[1]))

        monkeypatch.setattr(story, "content", content)

    return say


@pytest.fixture
def change_guideline(tmp_path, monkeypatch):
    """`change_guideline(sector, day, before, after)`: the sector's guideline ends, and on `day` a version V02—2025 begins in which
    the text `before` of its file is `after`."""
    shipped, changed = guidelines.versions, {}
    monkeypatch.setattr(guidelines, "versions", lambda sector: changed.get(sector) or shipped(sector))

    def change(sector: str, day: dt.date, before: str, after: str) -> None:
        first = (guidelines.FOLDER / f"{sector}-2024.toml").read_text()
        assert before in first
        second = first.replace("2024-01-01", f"{day}").replace("V01—2024", "V02—2025").replace(before, after)
        begun, ended = 'V01—2024", since = 2024-01-01', f"until = {day - dt.timedelta(days=1)}"
        head, version, rest = first.partition(begun)
        (tmp_path / f"{sector}-1.toml").write_text(f"{head}{version}, {ended}{rest}")
        (tmp_path / f"{sector}-2.toml").write_text(second)
        changed[sector] = tuple(load(tmp_path / f"{sector}-{number}.toml") for number in (1, 2))
        _forget_guidelines()

    yield change
    _forget_guidelines()


def _forget_guidelines() -> None:
    for kept in (guidelines.on_day, guidelines._since, guidelines._changes):
        kept.cache_clear()
