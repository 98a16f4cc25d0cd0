"""Units and lines entered in the browser: everything is shown before it is stored, and only the own province's."""

import html
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from registry.directory import unit_import
from registry.directory.unit_import import COLUMNS
from registry.models import JournalEntry, Line, Unit
from registry.refusal import Refusal
from tests.cast import HEBEI, SHANDONG, at, credit_code

WHEN = at("2026-03-02 09:00")


def row(authority=HEBEI, code="", name="甲示例钢铁有限公司", line="L1", closed="", sector="steel", kind="") -> str:
    code = code or credit_code(1)
    return f"{authority},{code},{name},示例市,{sector},{line},一号,{kind},,300,2015-01-01,{closed}"


def table(*rows: str, header: str = ",".join(COLUMNS)) -> bytes:
    return "\n".join([header, *rows, ""]).encode()


@pytest.fixture
def send(client_for, officer):
    """`send(*rows, by=officer)`: the answer to a table that is uploaded."""

    def post(*rows: str, by=officer, header: str = ",".join(COLUMNS), language: str = "en"):
        file = SimpleUploadedFile("units.csv", table(*rows, header=header))
        return client_for(by, language).post(reverse("registry:units_upload"), {"table": file})

    return post


def kept(answer) -> str:
    return html.unescape(re.search(r'name="table" value="([^"]+)"', answer.content.decode())[1])


def test_a_table_is_shown_first_and_stored_by_a_press(send, client_for, officer):
    answer = send(row(), row(line="L2"))
    assert answer.status_code == 200
    assert answer.context["outline"].new_units == 1
    assert answer.context["outline"].new_lines == 2
    assert not Unit.objects.exists()
    client_for(officer).post(reverse("registry:units_enter"), {"table": kept(answer)})
    assert Unit.objects.get().authority == officer.authority
    assert set(Line.objects.values_list("code", flat=True)) == {"L1", "L2"}
    entry = JournalEntry.objects.get(act="unit.imported")
    assert entry.actor == officer


def test_every_fault_is_told_with_row_and_column_and_nothing_is_stored(send):
    answer = send(row(kind="white"), row(sector="glassware", line="L2"), row(code="9113", line="L3"))
    assert answer.status_code == 422
    told = [(fault.row, fault.column) for fault in answer.context["faults"]]
    assert told == [(2, "Line's kind"), (3, "Sector"), (4, "Credit code")]
    assert "steel (" in answer.context["faults"][1].message
    assert not Unit.objects.exists()


def test_another_provinces_unit_is_refused_and_nothing_of_it_told(send, far_unit):
    answer = send(row(SHANDONG), row(code=far_unit.credit_code, line="L2"))
    assert [(fault.row, fault.column) for fault in answer.context["faults"]] == [(2, "Authority"), (3, "Credit code")]
    assert far_unit.name not in answer.content.decode()


def test_the_ministry_enters_units_of_every_province(send, client_for, analyst):
    answer = send(row(SHANDONG, credit_code(2, SHANDONG)), row(), by=analyst)
    client_for(analyst).post(reverse("registry:units_enter"), {"table": kept(answer)})
    assert set(Unit.objects.values_list("authority__code", flat=True)) == {HEBEI, SHANDONG}


def test_a_recorded_line_is_not_closed_and_no_unit_moved_in_the_browser(send, unit, make_line, analyst):
    line = make_line(unit, code="L1", name="一号")
    common = {"code": unit.credit_code, "name": unit.name}
    answer = send(row(closed="2026-01-31", **common))
    assert [(fault.row, fault.column) for fault in answer.context["faults"]] == [(2, "Closed")]
    moved = row(SHANDONG, **common) + ",move"
    answer = send(moved, by=analyst, header=",".join([*COLUMNS, "change"]))
    assert [fault.column for fault in answer.context["faults"]] == ["Change of particulars"]
    line.refresh_from_db()
    assert line.closed is None


def test_what_would_be_done_otherwise_by_now_is_refused(officer, make_unit):
    text = unit_import.read_bytes(table(row()))
    shown = unit_import.outline(text, officer).seal
    make_unit(number=1, name="甲示例钢铁有限公司")
    with pytest.raises(Refusal):
        unit_import.enter_units(text, shown=shown, by=officer, at=WHEN)
    assert not Line.objects.exists()


def test_a_table_that_somebody_else_read_is_not_entered(send, client_for, second_officer):
    answer = send(row())
    client_for(second_officer).post(reverse("registry:units_enter"), {"table": kept(answer)})
    client_for(second_officer).post(reverse("registry:units_enter"), {"table": "forged"})
    assert not Unit.objects.exists()


def test_a_change_of_a_name_stands_with_before_and_after(send, unit, make_line):
    make_line(unit, code="L1", name="一号")
    header = ",".join([*COLUMNS, "change"])
    answer = send(row(code=unit.credit_code, name="甲新名有限公司") + ",rename", header=header)
    ((planned, _authority),) = answer.context["units"]
    assert [(before, after) for _what, before, after in planned.changes] == [(unit.name, "甲新名有限公司")]


FORM = {
    "credit_code": credit_code(1),
    "name": "甲示例钢铁有限公司",
    "city": "",
    "lines-TOTAL_FORMS": "3",
    "lines-INITIAL_FORMS": "0",
    "lines-0-sector": "cement",
    "lines-0-line": "C1",
    "lines-0-kind": "white",
    "lines-0-capacity": "2,500",
    "lines-0-commissioned": "2016-05-01",
    "lines-1-sector": "aluminium",
    "lines-2-sector": "aluminium",
}


def test_one_unit_with_its_lines_is_entered_by_a_form(client_for, officer):
    client = client_for(officer)
    answer = client.post(reverse("registry:unit_one"), FORM)
    client.post(reverse("registry:units_enter"), {"table": kept(answer)})
    assert Line.objects.get().unit.credit_code == credit_code(1)


def test_the_forms_faults_stand_beside_their_fields(client_for, officer):
    given = FORM | {"credit_code": "9113", "lines-0-sector": "steel", "lines-0-capacity": "0"}
    answer = client_for(officer).post(reverse("registry:unit_one"), given)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"credit_code"}
    assert set(answer.context["lines"].errors[0]) == {"capacity"}


def test_the_template_is_handed_out_and_read_again(client_for, officer):
    answer = client_for(officer).get(reverse("registry:units_template"))
    text = unit_import.read_bytes(io.BytesIO(answer.content).getvalue())
    assert text.header == [*COLUMNS, "change"]
