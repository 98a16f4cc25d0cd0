"""read_workbook and blank_workbook, as the outside calls them."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from registry.models import Line
from registry.values.sectors import Sector
from reporting.workbook import filled, read
from tests.reporting.months import MONTHS, UNIT, spec


def run(*args: str) -> str:
    out = StringIO()
    call_command(*args, stdout=out)
    return out.getvalue()


@pytest.fixture
def saved(tmp_path):
    def save(sector: str) -> str:
        content = MONTHS[sector]()
        path = tmp_path / f"{sector}.xlsx"
        path.write_bytes(filled(spec(content), content))
        return str(path)

    return save


def test_json_of_a_steel_month(saved):
    document = json.loads(run("read_workbook", saved("steel"), "--json"))
    assert list(document) == ["sector", "month", "unit", "findings", "terms", "totals"]
    assert (document["sector"], document["month"], document["unit"]) == ("steel", "2025-07", UNIT)
    assert document["findings"] == []
    assert list(document["terms"][0]) == ["level", "line", "source", "formula", "inputs", "emissions", "article"]
    # The sums stand in test_accounting.
    assert document["totals"] == {
        "enterprise": "490806",
        "ironmaking": "225559",
        "sintering": "41092",
        "lines": {"W1": {"emissions": "490806", "output": "290000.00", "intensity": "0.9195"}},
    }


@pytest.mark.parametrize(("sector", "enterprise"), [("cement", "96129"), ("aluminium", "68702")])
def test_json_of_sectors_without_processes(saved, sector, enterprise):
    totals = json.loads(run("read_workbook", saved(sector), "--json"))["totals"]
    assert (totals["enterprise"], totals["ironmaking"], totals["sintering"]) == (enterprise, None, None)
    assert sum(int(line["emissions"]) for line in totals["lines"].values()) == int(enterprise)


def test_findings_in_json(tmp_path):
    path = tmp_path / "blank.xlsx"
    run("blank_workbook", "--sector", "cement", "--month", "2025-07", "-o", str(path))
    document = json.loads(run("read_workbook", str(path), "--json"))  # an error finding, and yet readable
    assert [finding["code"] for finding in document["findings"]] == ["form.identity", "value.missing"]
    assert list(document["findings"][0]) == ["code", "severity", "blocks", "sheet", "cell", "message", "rule"]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            [
                "Cement · 2025-07",
                "Emissions of the enterprise",
                "1#: Output of clinker 100,000.00 t",
                "Line 1# · bituminous",
            ],
        ),
        ("zh-hans", ["水泥 · 2025-07", "企业碳排放量", "1#: 熟料产量 100,000.00 吨", "生产线/工序 1# · 烟煤"]),
    ],
)
def test_text_for_people(saved, language, words):
    with translation.override(language):
        text = run("read_workbook", saved("cement"))
    assert "78,283  1#" in text
    assert [word for word in words if word not in text] == []


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Error ", "What to do: Enter the value", "Rule: monthly evidence", "and so no intensity"]),
        ("zh-hans", ["错误 ", "处理方法：请填写数值", "依据：核算报告指南", "因此没有碳排放强度"]),
    ],
)
def test_each_finding_is_told_with_its_remedy(tmp_path, language, words):
    path = tmp_path / "blank.xlsx"
    run("blank_workbook", "--sector", "cement", "--month", "2025-07", "-o", str(path))
    with translation.override(language):
        text = run("read_workbook", str(path))
    assert [word for word in words if word not in text] == []
    assert "None" not in text


@pytest.mark.parametrize("flags", [(), ("--json",)])
def test_what_cannot_be_read_exits_2(tmp_path, flags):
    path = tmp_path / "month.xlsx"
    path.write_bytes(b"%PDF-1.7")
    with pytest.raises(CommandError, match="PDF") as failure:
        run("read_workbook", str(path), *flags)
    assert failure.value.returncode == 2


@pytest.mark.parametrize("name", ["missing.xlsx", "."])
def test_a_file_that_is_not_there_exits_2(tmp_path, name):
    with pytest.raises(CommandError) as failure:
        run("read_workbook", str(tmp_path / name))
    assert failure.value.returncode == 2


@pytest.mark.parametrize("sector", Sector.values)
@pytest.mark.parametrize("month", ["2025-07", "2024"])
def test_a_generic_blank_needs_no_database(tmp_path, sector, month):
    path = tmp_path / "blank.xlsx"
    run("blank_workbook", "--sector", sector, "--month", month, "-o", str(path))
    reading = read(path.read_bytes(), path.name)
    assert (reading.sector, reading.period, reading.unit) == (sector, month, "")
    assert reading.content.lines == ("1",)


@pytest.mark.parametrize("month", ["2025-13", "2025-7", "July", "2019-07", "2024-03", "2025"])
def test_a_period_that_nothing_is_asked_for_exits_2(tmp_path, month):
    with pytest.raises(CommandError) as failure:
        run("blank_workbook", "--sector", "steel", "--month", month, "-o", str(tmp_path / "blank.xlsx"))
    assert failure.value.returncode == 2
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("language", "said"), [("en", "No monthly evidence"), ("zh-hans", "不要求月度存证")])
def test_a_refused_month_is_told_as_the_page_tells_it(tmp_path, language, said):
    with translation.override(language), pytest.raises(CommandError, match=said):
        run("blank_workbook", "--sector", "steel", "--month", "2024-03", "-o", str(tmp_path / "blank.xlsx"))


@pytest.mark.django_db
def test_the_blank_of_a_unit_has_its_lines(tmp_path, unit, make_line):
    line: Line = make_line(unit, Sector.CEMENT)
    path = tmp_path / "blank.xlsx"
    run("blank_workbook", "--sector", "cement", "--month", "2025-07", "--unit", unit.credit_code, "-o", str(path))
    reading = read(path.read_bytes(), path.name)
    assert (reading.unit, reading.content.lines) == (unit.credit_code, (line.code,))


@pytest.mark.django_db
def test_an_unknown_unit_exits_2(tmp_path, in_english):
    with pytest.raises(CommandError, match="There is no unit X") as failure:
        run("blank_workbook", "--sector", "cement", "--month", "2025-07", "--unit", "X", "-o", str(tmp_path / "x.xlsx"))
    assert failure.value.returncode == 2
