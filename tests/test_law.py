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


WHOLE = """
source = "the notice"
source_zh = "通知"

[cap.rate]
unit = "%"
zh = "上限"
en = "cap"
editable = true
least = "0"
values = [
    { value = [2, 2026-01-01, "A"], since = 2026-01-01, confidence = "M", assumed = true },
    { value = 1, since = 2025-01-01, until = 2025-12-31, cite = "the plan", cite_zh = "方案", confidence = "H" },
]

[cap.text]
values = [{ value = true, since = 2025-01-01, until = 2025-06-30, confidence = "L" }]
"""


def test_everything_that_a_file_says_of_a_parameter_is_kept():
    found = law.read(tomllib.loads(WHOLE), "whole.toml")
    assert (list(found), len(found)) == (["cap.rate", "cap.text"], 2)
    rate = found["cap.rate"]
    assert (rate.id, rate.unit, rate.zh, rate.en) == ("cap.rate", "%", "上限", "cap")
    assert rate.extra == {"editable": True, "least": "0"}
    assert rate.values == (
        law.DatedValue(1, dt.date(2025, 1, 1), dt.date(2025, 12, 31), "the plan", "H", False, "方案"),
        law.DatedValue(
            (Decimal(2), dt.date(2026, 1, 1), "A"), dt.date(2026, 1, 1), None, "the notice", "M", True, "通知"
        ),
    )
    bare = found["cap.text"]
    assert (bare.unit, bare.zh, bare.en, bare.extra) == ("", "", "", {})
    assert found.under("cap") == {"rate": rate, "text": bare}
    assert found.under("ca") == {}


def test_a_value_holds_from_its_first_day_to_its_last():
    rate = law.read(tomllib.loads(WHOLE), "whole.toml")["cap.rate"]
    assert rate.number(dt.date(2025, 1, 1)) == rate.number(dt.date(2025, 12, 31)) == 1
    assert isinstance(rate.number(dt.date(2025, 1, 1)), Decimal)
    assert rate.at(dt.date(2026, 1, 1)).assumed
    with pytest.raises(law.NotInForceError, match=r"^cap.rate: nothing in force on 2024-12-31$") as refused:
        rate.at(dt.date(2024, 12, 31))
    assert (refused.value.parameter, refused.value.day) == ("cap.rate", dt.date(2024, 12, 31))


@pytest.mark.parametrize(("name", "day"), [("cap.rate", dt.date(2026, 1, 1)), ("cap.text", dt.date(2025, 1, 1))])
def test_only_a_number_is_a_number(name, day):
    """Neither a list nor yes and no, which Python would count as 1 and 0."""
    with pytest.raises(law.LawError, match=f"{name}: .* is not a number"):
        law.read(tomllib.loads(WHOLE), "whole.toml")[name].number(day)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[a]\nb = 1", r"^some.toml: a.b is neither a table nor a parameter with values$"),
        (
            f"[a.b]\nvalues = [{GOOD.replace('0.15', '1')}, {GOOD}]",
            "^some.toml: a.b: the value since 2025-01-01 begins",
        ),
        ("[a.b]\nvalues = []", "^some.toml: a.b has no value$"),
        (f"[a.b]\nvalues = [{GOOD.replace(chr(34) + '0.15' + chr(34), '{ c = 1 }')}]", "of no kind"),
        (f"[a.b]\nvalues = [{GOOD.replace(chr(34) + '0.15' + chr(34), '2025-01-01T08:00:00')}]", "of no kind"),
        (f"[a.b]\nvalues = [{GOOD.replace('plan, article 5', '')}]", "without a citation in both languages"),
        (f"[a.b]\nvalues = [{GOOD.replace('方案', '')}]", "without a citation in both languages"),
        (f"[a.b]\nvalues = [{GOOD.replace(', cite_zh', ', until = 1, cite_zh')}]", "since and until must be dates"),
    ],
)
def test_a_document_with_a_fault_is_refused_by_its_place(text, complaint):
    with pytest.raises(law.LawError, match=complaint):
        law.read(tomllib.loads(text), "some.toml")


def test_values_meet_without_a_gap_and_never_on_one_day():
    ends = GOOD.replace("since = 2025-01-01", "since = 2025-01-01, until = 2025-12-31")
    for first, fits in (("2026-01-01", True), ("2025-12-31", False)):
        text = f"[a]\nvalues = [{ends}, {GOOD.replace('2025-01-01', first)}]"
        if fits:
            assert law.read(tomllib.loads(text), "some.toml")["a"].number(dt.date(2026, 1, 1)) == Decimal("0.15")
            continue
        with pytest.raises(law.LawError, match="begins before the one before it ends"):
            law.read(tomllib.loads(text), "some.toml")


def test_files_are_one_law_and_name_nothing_twice(tmp_path):
    one, other = tmp_path / "one.toml", tmp_path / "other.toml"
    one.write_text(f"[a]\nvalues = [{GOOD}]", encoding="utf-8")
    other.write_text(f"[b]\nvalues = [{GOOD}]", encoding="utf-8")
    assert list(law.load(one, other)) == ["a", "b"]
    with pytest.raises(law.LawError, match=r"^one.toml: a is defined twice$"):
        law.load(one, one)


@pytest.mark.parametrize("key", ["cite", "cite_zh"])
def test_a_citation_of_its_own_never_takes_the_files_for_its_other_language(key):
    row = f'{{ value = "1", since = 2025-01-01, {key} = "the plan", confidence = "H" }}'
    document = tomllib.loads(f'source = "the notice"\nsource_zh = "通知"\n[a]\nvalues = [{row}]')
    if key == "cite":
        with pytest.raises(law.LawError, match="both languages"):
            law.read(document, "some.toml")
    else:
        assert law.read(document, "some.toml")["a"].values[0].cite_zh == "通知"


@pytest.mark.parametrize(
    ("header", "value", "complaint"),
    [
        # A value that cites nothing takes the file's source, and a file that names none has none, in either language.
        ("", "value = 1", "a value without a citation in both languages"),
        ('source = "plan"', "value = 1", "a value without a citation in both languages"),
        ('source_zh = "方案"', "value = 1", "a value without a citation in both languages"),
        (
            'source = "plan"\nsource_zh = "方案"',
            "value = 1.5",
            "1.5 is not exact; write numbers as text or integers",
        ),
        (
            'source = "plan"\nsource_zh = "方案"',
            "value = [1, 1.5]",
            "1.5 is not exact; write numbers as text or integers",
        ),
    ],
)
def test_a_fault_is_said_with_its_file_and_parameter(tmp_path, header, value, complaint):
    path = tmp_path / "some.toml"
    path.write_text(
        f'{header}\n[slope]\nvalues = [{{ {value}, since = 2025-01-01, confidence = "H" }}]\n', encoding="utf-8"
    )
    with pytest.raises(law.LawError) as refused:
        law.load(path)
    assert str(refused.value) == f"some.toml: slope: {complaint}"


def test_the_known_confidences_are_named(tmp_path):
    with pytest.raises(law.LawError) as refused:
        load(tmp_path, GOOD.replace('"H"', '"X"'))
    assert str(refused.value) == "some.toml: slope: confidence must be one of H, M, L"
