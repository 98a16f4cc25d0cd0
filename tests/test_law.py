"""Law is dated data: every law file of the tree loads, and nothing gets in without a source, a date and an exact number."""

import datetime as dt
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from registry import law

ROOT = Path(__file__).resolve().parents[1]
APPS = ("registry", "reporting", "allocation")
FILES = sorted(path for app in APPS for path in (ROOT / app).rglob("*.toml"))
GOOD = '{ value = "0.15", since = 2025-01-01, cite = "plan, article 5", cite_zh = "方案", confidence = "H" }'


def rows(node: object):
    """Every dated value of a document."""
    if isinstance(node, dict):
        if isinstance(node.get("values"), list):
            yield from node["values"]
        else:
            for child in node.values():
                yield from rows(child)


def load(tmp_path: Path, *values: str, source: str = "") -> law.Law:
    path = tmp_path / "some.toml"
    path.write_text(
        f'source = "{source}"\nsource_zh = "{source}"\n[slope]\nvalues = [{", ".join(values)}]\n', encoding="utf-8"
    )
    return law.load(path)


def test_there_is_law_in_every_app():
    assert {path.relative_to(ROOT).parts[0] for path in FILES} == set(APPS)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_value_has_a_source_a_date_and_an_exact_number(path):
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    found = list(rows(document))
    assert found
    for row in found:
        for key, default in (("cite", "source"), ("cite_zh", "source_zh")):
            assert (row.get(key) or document.get(default, "")).strip(), row
        assert type(row["since"]) is dt.date, row
        assert row["confidence"] in law.CONFIDENCES, row
        values = row["value"] if isinstance(row["value"], list) else [row["value"]]
        assert not any(isinstance(value, float) for value in values), row


def test_a_good_value_is_taken_exactly(tmp_path):
    slope = load(tmp_path, GOOD)["slope"]
    assert slope.number(dt.date(2025, 1, 1)) == Decimal("0.15")
    with pytest.raises(law.NotInForceError):
        slope.at(dt.date(2024, 12, 31))


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        (['{ value = "0.15", since = 2025-01-01, confidence = "H" }'], "without a citation"),
        (
            ['{ value = "0.15", since = 2025-01-01, cite = " ", cite_zh = "方案", confidence = "H" }'],
            "without a citation",
        ),
        (['{ value = "0.15", since = 2025-01-01, cite = "plan", cite_zh = "方案" }'], "confidence"),
        (
            ['{ value = "0.15", since = 2025-01-01, cite = "plan", cite_zh = "方案", confidence = "sure" }'],
            "confidence",
        ),
        (['{ value = "0.15", cite = "plan", cite_zh = "方案", confidence = "H" }'], "must be dates"),
        (
            ['{ value = "0.15", since = "2025-01-01", cite = "plan", cite_zh = "方案", confidence = "H" }'],
            "must be dates",
        ),
        (['{ value = 0.15, since = 2025-01-01, cite = "plan", cite_zh = "方案", confidence = "H" }'], "not exact"),
        (['{ value = [1, 0.5], since = 2025-01-01, cite = "plan", cite_zh = "方案", confidence = "H" }'], "not exact"),
        (['{ since = 2025-01-01, cite = "plan", cite_zh = "方案", confidence = "H" }'], "not exact"),
        ([GOOD, GOOD.replace("2025", "2026")], "begins before the one before it ends"),
        ([], "has no value"),
    ],
)
def test_the_loader_refuses(tmp_path, values, complaint):
    with pytest.raises(law.LawError, match=complaint):
        load(tmp_path, *values)


def test_a_file_may_name_its_source_once(tmp_path):
    law_of_file = load(tmp_path, GOOD.replace('cite = "plan, article 5", cite_zh = "方案", ', ""), source="the plan")
    assert law_of_file["slope"].at(dt.date(2025, 1, 1)).cite == "the plan"
