"""What reporting's tests share: the cast's unit with one electrolysis process, listed for 2025. Its story is in story.py."""

import pytest

from registry.models import Line
from reporting.content import Content, Row
from reporting.models import AnnualReport, ControlPlan
from tests.cast import at
from tests.reporting import plans, story


@pytest.fixture
def process(unit, make_line) -> Line:
    return story.electrolysis(unit, make_line)


@pytest.fixture
def report(unit, process, clerk, unit_approver, officer) -> AnnualReport:
    """The unit's filed annual report of 2025."""
    return story.filed(unit, clerk, unit_approver, officer)


@pytest.fixture
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
