"""account_year, as the outside calls it; no database."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from reporting.content import Content
from reporting.workbook import filled
from tests.reporting.months import UNIT, aluminium, cement, ledger, meter, replaced, row, spec, steel


def run(*args: str) -> str:
    out = StringIO()
    call_command("account_year", *args, stdout=out)
    return out.getvalue()


@pytest.fixture
def saved(tmp_path):
    def save(content: Content, name: str = "") -> str:
        path: Path = tmp_path / (name or f"{content.sector}-{content.period}.xlsx")
        path.write_bytes(filled(spec(content), content))
        return str(path)

    return save


def works(period: str, ncv: str, ironmaking: str, sintering: str) -> Content:
    """tests/reporting/months.py's works, whose anthracite goes into two processes."""
    return replaced(
        steel(period),
        ledger("anthracite", "0", "50000", "0", "0", "50000", ncv=ncv, moisture="8.5", dry="45750"),
        row("process_in", "anthracite", line="W1", process="ironmaking", amount=ironmaking),
        row("process_in", "anthracite", line="W1", process="sintering", amount=sintering),
    )


@pytest.fixture
def two_months(saved) -> list[str]:
    return [saved(works("2025-02", "26", "20000", "30000")), saved(works("2025-01", "24", "40000", "10000"))]


def test_json_of_a_year(two_months):
    document = json.loads(run(*two_months, "--json"))
    assert list(document) == [
        "sector",
        "year",
        "unit",
        "months",
        "findings",
        "spans",
        "terms",
        "totals",
        "differences",
    ]
    assert (document["sector"], document["year"], document["unit"]) == ("steel", 2025, UNIT)
    assert document["months"] == ["2025-01", "2025-02"]
    terms = {term["source"]: term for term in document["terms"]}
    assert terms["ironmaking.in.anthracite"]["emissions"] == "149181.08"
    assert terms["sintering.in.anthracite"]["emissions"] == "102812.60"
    [span] = document["spans"]
    assert (span["first"], span["last"]) == ("2025-01", "2025-02")
    totals = document["totals"]
    assert totals["processes"]["ironmaking"] == totals["ironmaking"]
    assert list(totals["lines"]["W1"]) == ["emissions", "output", "intensity", "carbide_slag_rate"]


def test_every_place_stands_beside_the_sum_of_its_months(two_months, saved):
    found = json.loads(run(*two_months, "--json"))["differences"]
    places = [(each["level"], each["code"]) for each in found]
    processes = ["coking", "sintering", "ironmaking", "power", "other"]
    assert places == [("enterprise", ""), *(("process", name) for name in processes), ("line", "W1")]
    months = [json.loads(run(path, "--json"))["differences"] for path in two_months]
    for each, *of_months in zip(found, *months, strict=True):
        assert int(each["months"]) == sum(int(month["year"]) for month in of_months)
        assert int(each["difference"]) == int(each["year"]) - int(each["months"])
        causes = [each[cause] for cause in ("rounding", "floor", "sign", "penalty")]
        assert sum(round(float(cause) * 100) for cause in causes) == int(each["difference"]) * 100
    ironmaking = found[places.index(("process", "ironmaking"))]
    # The rest of ironmaking, 225,559.42 − 100,893.43 = 124,665.99 a month and 249,332.01 in the year (24,539.03 + 576,667.11 − 9,202.13
    # − 342,672.00), and the coal: 149,179.07 by month, 149,181.08 by year.
    assert (ironmaking["year_terms"], ironmaking["months_terms"]) == ("398513.09", "398511.05")
    assert (ironmaking["year"], ironmaking["months"], ironmaking["rounding"]) == ("398513", "398511", "2.00")


def test_the_causes_of_a_cement_line(saved):
    slag = row("alternative", "carbide_slag", line="2#", amount="30000")  # 14,400.00 against 11,000.00 of the clinker
    stopped = replaced(cement("2025-01"), slag, meter("line_fuel//amount", item="bituminous", line="1#"))
    found = json.loads(run(saved(stopped), saved(cement("2025-02")), "--json"))
    by_code = {each["code"]: each for each in found["differences"]}
    assert list(by_code) == ["", "1#", "2#"]
    assert by_code["2#"]["floor"] == "-3400.00"
    assert by_code[""]["floor"] == "-3400.00"
    assert found["totals"]["lines"]["2#"]["carbide_slag_rate"].startswith("0.654545454545")  # 14,400 / 22,000


def test_a_year_workbook_is_a_year_by_itself(saved):
    document = json.loads(run(saved(aluminium("2024")), "--json"))
    assert (document["year"], document["months"]) == (2024, ["2024"])
    assert {each["difference"] for each in document["differences"]} == {"0"}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            [
                "Steel · 2025",
                "The year compared with the sum of its months",
                "Ironmaking: year 398,513 t",
                " · Rounding +2.00",
            ],
        ),
        ("zh-hans", ["钢铁 · 2025", "全年与各月合计对照", "炼铁工序：全年398,513吨", " · 数值修约 +2.00"]),
    ],
)
def test_text_for_people(two_months, language, words):
    with translation.override(language):
        text = run(*two_months)
    assert [word for word in words if word not in text] == []
    assert "149,181.08" in text


def test_what_a_month_contradicts_is_told(saved, in_english):
    anode = ledger("anode", "9000", "20613.27", "0", "9000", "20613.27")
    files = [saved(aluminium("2025-01")), saved(replaced(aluminium("2025-02"), anode))]
    document = json.loads(run(*files, "--json"))
    [found] = [each for each in document["findings"] if each["blocks"]]
    assert (found["file"], found["month"], found["code"]) == (files[1], "2025-02", "ledger.discontinuous")
    assert f"{files[1]}: 1 errors" in run(*files)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            [
                "there is no such file",
                "This is not an Excel workbook but PDF",
                "of several sectors: Steel",
                "of several years: 2025",
                "2025-01 appears in several files",
                "can't be combined with monthly ones",
            ],
        ),
        (
            "zh-hans",
            [
                "没有此文件或目录",
                "PDF",
                "分属多个行业：钢铁",
                "分属多个年度：2025",
                "2025-01出现在多个文件中",
                "不能与月度数据表并用",
            ],
        ),
    ],
)
def test_all_that_keeps_files_from_being_a_year_is_said_at_once(saved, tmp_path, language, words):
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"%PDF-1.7")
    files = [
        saved(steel("2025-01")),
        saved(steel("2025-01"), "again.xlsx"),
        saved(cement("2024")),
        str(tmp_path / "missing.xlsx"),
        str(broken),
    ]
    with translation.override(language), pytest.raises(CommandError) as failure:
        run(*files)
    assert failure.value.returncode == 2
    assert [word for word in words if word not in str(failure.value)] == []


def test_files_of_two_units_are_no_year(saved, in_english):
    other = Content("steel", "2025-02", "91990000MA0TEST11X", ("W1",), steel("2025-02").rows)
    with pytest.raises(CommandError, match=r"of several units: .*TEST00X .*TEST11X") as failure:
        run(saved(steel("2025-01")), saved(other))
    assert failure.value.returncode == 2
