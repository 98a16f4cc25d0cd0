"""What would raise or lower an award: the numbers by hand, and the page and JSON that show them."""

import pytest

from allocation.models import Run
from allocation.runs.proof.effects import effects
from registry.values.sectors import Sector
from reporting.models import ReportSource
from tests.cast import at
from tests.reporting import story

pytestmark = pytest.mark.usefixtures("in_english")


def of(run, unit):
    return {each.code: each for each in effects(run.inputs, f"{unit.credit_code}/L1")}


def test_a_line_within_the_limits(steel, publish, prepared, unit):
    """甲: E 1,000,000, I 0.90, BP 0.85, quota 991,176."""
    publish()
    found = of(prepared(), unit)
    # I = 0.891: floor(10⁶ × (1 − 0.15 × 0.041/0.85)) = floor(992,764.7)
    assert (found["intensity_lower"].quota, found["intensity_lower"].more) == (992_764, 1_588)
    # I = 0.909: floor(10⁶ × (1 − 0.15 × 0.059/0.85)) = floor(989,588.2)
    assert (found["intensity_higher"].quota, found["intensity_higher"].more) == (989_588, -1_588)
    # E = 990,000 at I = 0.891: floor(990,000 × 0.9927647)
    assert (found["emissions_lower"].quota, found["emissions_lower"].surplus) == (982_837, -7_163)
    # at ±20 % of BP the cap is reached: ±3 %
    assert [(str(found[code].at), found[code].quota) for code in ("most", "equal", "least")] == [
        ("17/25", 1_030_000),
        ("17/20", 1_000_000),
        ("51/50", 970_000),
    ]


def test_in_advance_only_emissions_matter(steel, publish, prepared, unit):
    """甲: 0.7 × 1,000,001 or what the plan's rate says; one per cent less of it."""
    found = effects(prepared(Run.Kind.PRE_ALLOCATION).inputs, f"{unit.credit_code}/L1")
    assert [each.code for each in found] == ["emissions_lower", "emissions_higher"]
    assert found[0].more < 0 < found[1].more


def test_page_and_json_tell_it(steel, publish, approved, unit, clerk, client_for):
    publish()
    award = approved().awards.get(unit=unit)
    page = client_for(clerk).get(f"/allocation/awards/{award.pk}/").content.decode()
    assert "排放量不变，碳排放强度降低1%" in page
    assert "992,764" in page
    assert f'href="/reporting/reports/{award.result.verification.report_id}/"' in page
    told = client_for(clerk).get(f"/allocation/awards/{award.pk}.json").json()
    assert told["explanation"] == award.explained
    assert told["run"]["result_sha256"] == award.run.result_sha256
    assert {row["change"]: row["difference"] for row in told["effects"]}["intensity_lower"] == 1_588
    assert told["papers"]["verified_result"].endswith(f"/{award.result_id}/")


def test_a_line_with_an_earlier_award_says_why_it_changed(steel, publish, approved, unit, clerk, client_for):
    """2024 by plan A = E; 2025 by intensity: the page tells the causes, which sum to the difference."""
    first = approved(year=2024)
    publish()
    award = approved().awards.get(unit=unit)
    since = client_for(clerk).get(f"/allocation/awards/{award.pk}/").context["since"]
    assert (since.before, since.after) == (first.awards.get(unit=unit).quota, 991_176)
    # E falls by a tonne from 1,000,001; then the intensity decides: 991,176 − 1,000,000
    assert (since.verified_result, since.plan, since.balance_value) == (-1, -8_824, 0)
    told = client_for(clerk).get(f"/allocation/awards/{award.pk}.json").json()["since"]
    assert (told["before"], told["after"], told["plan"], told["difference"]) == (since.before, 991_176, -8_824, -8_825)


def test_the_page_leads_to_the_cell_of_each_month(
    unit, make_line, clerk, officer, list_in_directory, verify, approved, client_for
):
    line = story.electrolysis(unit, make_line)
    list_in_directory(unit, 2024, Sector.ALUMINIUM)
    result = verify(line, 2024, 320_942)
    submission = story.accepted(unit, "2024", clerk, officer, at("2025-06-20"), anode="96000", metal="204000")
    ReportSource.objects.create(report=result.verification.report, submission=submission)
    award = approved(year=2024, sector=Sector.ALUMINIUM).awards.get()
    browser, url = client_for(clerk), f"/allocation/awards/{award.pk}/"
    (month,) = browser.get(url).context["behind"]["months"]
    assert (month["emissions"], month["output"]) == (320_942, 204_000)
    (spot,) = month["output_cells"]
    assert spot["value"] == "204,000.00"
    path, anchor = spot["url"].split("#")
    there = browser.get(path).content.decode()
    assert f'id="{anchor}"' in there
    assert f'<td class="code">{spot["cell"]}</td>' in there
    assert browser.get(f"{url[:-1]}.json").json()["papers"]["months"][0]["output_cells"] == [spot]
