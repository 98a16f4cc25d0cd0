"""What reporting's tests share: the cast's unit with one electrolysis process, listed for 2025. Its story is in story.py."""

import pytest

from registry.law import load
from registry.models import Line
from reporting import guidelines
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


@pytest.fixture
def changing_guideline(tmp_path, monkeypatch):
    """The aluminium guideline until June 2025, and from July a second version by which CF4 is 0.03 kg/t instead of 0.02."""
    first = (guidelines.FOLDER / "aluminium-2024.toml").read_text()
    version, cf4 = 'value = "CETS—AG—04.01—V01—2024", since = 2024-01-01', '"0.02"'
    assert version in first
    assert cf4 in first
    second = first.replace("2024-01-01", "2025-07-01").replace("V01—2024", "V02—2025").replace(cf4, '"0.03"')
    (tmp_path / "aluminium-2024.toml").write_text(first.replace(version, f"{version}, until = 2025-06-30"))
    (tmp_path / "aluminium-2025.toml").write_text(second)
    laws = tuple(load(path) for path in sorted(tmp_path.iterdir()))
    shipped = guidelines.versions
    monkeypatch.setattr(guidelines, "versions", lambda sector: laws if sector == story.ALUMINIUM else shipped(sector))
    _forget_guidelines()
    yield
    _forget_guidelines()


def _forget_guidelines() -> None:
    for kept in (guidelines.on_day, guidelines._since, guidelines._changes):
        kept.cache_clear()
