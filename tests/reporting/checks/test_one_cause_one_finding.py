"""A cell that can't be read is told once, whatever cell it is: nothing that rests on it is judged beside it."""

import dataclasses
import datetime as dt
import re
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from reporting import checks
from reporting.accounting import account
from reporting.checks import CheckContext, LineFacts, PeerFacts
from reporting.content import Content, Row
from reporting.findings import Finding
from reporting.workbook import filled, read
from reporting.workbook.definition import Key
from reporting.workbook.forms import form_for
from reporting.workbook.reading import typed, typed_records
from reporting.workbook.reading.read import standing_of
from tests.reporting import plans
from tests.reporting.files import VALUE, edited, put
from tests.reporting.months import MONTHS, batch, meter, replaced, row, spec

JULY = dt.date(2025, 7, 1)
CAPACITY = {"steel": "370", "cement": "3000", "aluminium": "200000"}


def month(sector: str, period: str = "2025-07") -> Content:
    """The sector's month, with a test and a meter in order, and stops."""
    content = MONTHS[sector](period)
    line = content.lines[0]
    first = dt.date.fromisoformat(f"{period}-01")
    days: dict[str, Any] = {"sampled": first, "reported": first}
    extra = {
        "steel": (
            batch("coking_coal", "B1", "150000", "26.5", **days),
            meter("fuel//consumed", item="anthracite", error="0.1", calibrated=dt.date(2025, 1, 2)),
        ),
        "cement": (
            batch("bituminous", "B1", "14000", "22.5", **days),
            meter("clinker//amount", item="portland", line=line, error="0.1", calibrated=dt.date(2025, 1, 2)),
        ),
        "aluminium": (meter("electrolysis//anode", line=line, error="0.1", calibrated=dt.date(2025, 1, 2)),),
    }
    stops = [
        dataclasses.replace(row("stop", line=each, days="1"), data={"days": row("stop", days="1").data["days"]})
        for each in content.lines
    ]
    return replaced(content, *stops, *extra[sector])


def plan(content: Content):
    """A plan that fixed an estimate for every parameter."""
    made = plans.plan_for(content)
    entries = {
        place: dataclasses.replace(entry, estimate="1", fallback="x") if entry.how != "unused" else entry
        for place, entry in made.entries.items()
    }
    return dataclasses.replace(made, entries=entries)


def context(content: Content) -> CheckContext:
    """Everything known that a check may look at: the month before, which was the same, the lines, peers, plan."""
    before = month(content.sector, "2025-06")
    opened = {each.item: each.amount("opening") for each in content.table("fuel")}
    rows = []
    for each in before.rows:
        if each.table == "fuel":
            closing = dataclasses.replace(each.data["closing"], value=opened[each.item])
            each = dataclasses.replace(each, data={**each.data, "closing": closing})
        rows.append(each)
    before = dataclasses.replace(before, rows=tuple(rows))
    accounts = account(content)
    middle = {code: line.intensity for code, line in accounts.totals.lines.items()}
    near = next(iter(middle.values()))
    width = Decimal("0.2")
    return CheckContext(
        lines={
            code: LineFacts(code, "", Decimal(CAPACITY[content.sector]), dt.date(2010, 1, 1)) for code in content.lines
        },
        earlier=(before,),
        last_accounts=accounts,
        intensities={code: tuple(value + Decimal(n) / 100 for n in range(-3, 4)) for code, value in middle.items()},
        today=dt.date(2025, 8, 5),
        peers={"": PeerFacts(20, near, width, near - width, near + width)},
        plans=(plan(content),),
    )


def said(content: Content, findings: list[Finding], given: CheckContext) -> set[tuple[str, str, str]]:
    every = [*findings, *checks.run(content, account(content), given)]
    return {(each.code, each.sheet, each.cell) for each in every}


@pytest.mark.parametrize("text", ["13,5", "很多"])
@pytest.mark.parametrize("sector", MONTHS)
def test_a_number_that_cannot_be_read_has_one_finding(sector, text):
    content = month(sector)
    form, given = form_for(sector, content.period), context(content)
    standing = standing_of(filled(spec(content), content))
    texts = typed.texts(form, standing.rows, {number: number for number in range(len(content.lines) + 1)})
    texts |= typed_records.texts(form, standing.records)
    shape = typed.shape_of(form, len(content.lines), texts)

    def findings_of(cells: dict[str, str]) -> set[tuple[str, str, str]]:
        rows = typed.lines(form, content.lines, shape, cells)
        stated, findings = typed.read(form, content.period, content.unit, rows)
        records = typed_records.read(form, stated.lines, typed_records.lines(form, cells), findings)
        return said(dataclasses.replace(stated, rows=(*stated.rows, *records)), findings, given)

    before = findings_of(texts)
    named = [name for name in texts if is_number(form, name)]
    assert len(named) > 10
    wrong = {name: more for name in named if len(more := findings_of({**texts, name: text}) - before) != 1}
    assert wrong == {}


def is_number(form, name: str) -> bool:
    if record := typed_records.parsed(name):
        register = next(each for each in form.registers if each.table == record.table)
        return typed_records.columns(register)[record.column][1].kind in ("number", "day")
    key = Key.parse(name.rpartition(":")[0])
    return typed.column_of(name) == "value" and key is not None


def test_the_file_of_the_case():
    """Liquid aluminium typed as text: no estimate of the plan, no output missing, no process without output."""
    content = MONTHS["aluminium"]()
    data = edited(filled(spec(content), content), put("L1/electrolysis/1/amount", "17345.50", VALUE))
    reading = read(data, "month.xlsx")
    given = CheckContext(plans=(plan(content),))
    assert {code for code, _sheet, _cell in said(reading.content, reading.findings, given)} == {"number.as_text"}


@pytest.mark.parametrize("sector", MONTHS)
def test_what_was_not_there_may_be_left_empty_or_be_0(sector):
    """As the instructions say: beside outputs and the consumption of what a ledger speaks of, an empty cell and 0 are the same."""
    content = MONTHS[sector]()
    given = CheckContext(plans=(plan(content),))

    def without_zeros(row):
        kept = {
            name: datum for name, datum in row.data.items() if datum.value or name in ("consumed", "amount", "anode")
        }
        return dataclasses.replace(row, data=kept)

    emptied = dataclasses.replace(content, rows=tuple(without_zeros(each) for each in content.rows))
    assert said(emptied, [], given) == said(content, [], given)


def test_a_ledger_of_zeros_is_as_good_as_none():
    """Last month's stock of a fuel that isn't used any more was 0: nothing is asked for."""
    content = MONTHS["cement"]()
    idle = row("fuel", "lignite", opening="0")
    assert said(replaced(content, idle), [], CheckContext(plans=(plan(content),))) == said(
        content, [], CheckContext(plans=(plan(content),))
    )
    begun = replaced(content, row("fuel", "lignite", opening="1"))
    assert "value.missing" in {code for code, _, _ in said(begun, [], CheckContext())}


@pytest.mark.parametrize("sector", MONTHS)
def test_a_finding_calls_things_as_the_form_does(sector):
    """Every fuel and material in its place, and not by its code: 炭阳极（含自产）, 焦粉, 焦炉煤气（自产）."""
    content = MONTHS[sector]()
    form = form_for(sector, content.period)
    checked = checks.Checked(content, account(content), CheckContext())
    for group, _each_line in form.groups.values():
        for item in group.items:
            named = checked.name(Row(group.table, "", group.process, item.code))
            assert named.endswith(f"⟦{item.words.zh}|{item.words.en}⟧"), named
            assert checked.name(Row("batch", item=item.code)) != item.code
    said = [each.message for each in checks.run(replaced(content, *broken(content)), account(content))]
    assert said
    with translation.override("zh-hans"):
        words = [each.message for each in checks.run(replaced(content, *broken(content)), account(content))]
    assert not [
        text for text in words for code in codes_of(form) if re.search(rf"(?<![A-Za-z]){code}(?![A-Za-z])", text)
    ]


def broken(content: Content) -> list[Row]:
    """Every ledger with one tonne too much in store."""
    found = []
    for each in content.table("fuel"):
        opening = dataclasses.replace(each.data["opening"], value=each.amount("opening") + 1)
        found.append(dataclasses.replace(each, data={**each.data, "opening": opening}))
    return found


def codes_of(form) -> set[str]:
    return {item.code for group, _ in form.groups.values() for item in group.items}
