"""Whatever an enterprise of the demonstration states, the page's cells and the workbook they make state the same."""

from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from quota_site.demo.invented.country import Country, plan
from quota_site.demo.invented.figures import content
from quota_site.demo.invented.scales import scale
from reporting.workbook import BlankSpec, LineSpec, filled
from reporting.workbook.forms import form_for
from reporting.workbook.reading.read import read as read_file
from reporting.workbook.reading.read import standing_of
from reporting.workbook.reading.typed import lines, read, shape_of, texts

PERIODS = ["2024", *(f"{year}-{month:02}" for year in (2025, 2026) for month in range(1, 13))]


@cache
def country(seed: int) -> Country:
    return plan(scale("small"), seed)


@settings(max_examples=80)
@given(st.data(), st.integers(1, 3), st.sampled_from(["steel", "cement", "aluminium"]), st.sampled_from(PERIODS))
def test_what_is_stated_comes_back_from_the_page(data, seed, sector, period):
    unit = data.draw(st.sampled_from(country(seed).in_sector(sector)), label="unit")
    stated = content(unit, sector, period, country(seed).chance)
    spec = BlankSpec(sector, period, stated.unit, unit.name, tuple(LineSpec(code) for code in stated.lines))
    form = form_for(sector, period)
    book = filled(spec, stated)
    shown = texts(form, standing_of(book).rows, {number: number for number in range(len(stated.lines) + 1)})
    rows = lines(form, stated.lines, shape_of(form, len(stated.lines), shown), shown)
    again, findings = read(form, period, stated.unit, rows)
    # The registers of tests and meters aren't on the page.
    registers = {register.table for register in form.registers}
    wanted = [row for row in read_file(book, "book.xlsx").content.rows if row.table not in registers]
    assert (list(again.rows), findings) == (wanted, [])
    assert {row.key: row for row in stated.rows if row.table not in registers} == {row.key: row for row in again.rows}
