"""Units from a table: all of it or nothing, every fault at once, no silent change."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command

from registry.models import JournalEntry, Line, Person, SectorMembership, Unit, VerifierBody
from registry.unit_import import COLUMNS
from tests.cast import credit_code

STEEL = f"130000,{credit_code(1)},甲示例钢铁有限公司,示例市,steel,L1,一号,,,300,2015-01-01,"
KILN = (
    f"130000,{credit_code(1)},甲示例钢铁有限公司,示例市,cement,C1,白水泥线,white,白色硅酸盐水泥熟料,2500.5,2016-05-01,"
)


@pytest.fixture
def take(tmp_path, db):
    """`take(*rows)`: `manage.py import_units` on a CSV of these rows."""

    def run(*rows: str, header: str = ",".join(COLUMNS)):
        path = tmp_path / "units.csv"
        path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8-sig")
        call_command("import_units", str(path))

    return run


def refused(take, *rows, **kwargs) -> str:
    with pytest.raises(CommandError) as caught:
        take(*rows, **kwargs)
    assert caught.value.returncode == 2
    return str(caught.value)


def test_a_unit_comes_in_with_its_lines_and_sectors(take):
    take(STEEL, KILN)
    unit = Unit.objects.get()
    assert (unit.name, unit.authority.code) == ("甲示例钢铁有限公司", "130000")
    assert set(unit.lines.values_list("sector", "code", "kind")) == {("steel", "L1", ""), ("cement", "C1", "white")}
    assert set(unit.memberships.values_list("sector", flat=True)) == {"steel", "cement"}
    assert JournalEntry.objects.get().act == "unit.imported"


def test_the_same_table_again_changes_nothing(take):
    take(STEEL, KILN)
    take(STEEL, KILN)
    assert (Unit.objects.count(), Line.objects.count(), SectorMembership.objects.count()) == (1, 2, 2)


def test_a_closing_day_can_be_added_and_is_never_changed(take):
    take(STEEL)
    take(STEEL + "2026-06-30")
    assert Line.objects.get().closed == dt.date(2026, 6, 30)
    assert "2" in refused(take, STEEL + "2026-07-31")
    assert Line.objects.get().closed == dt.date(2026, 6, 30)


def test_other_particulars_are_not_overwritten(take):
    take(STEEL)
    refused(take, STEEL.replace(",300,", ",400,"))
    assert Line.objects.get().capacity == 300


def test_all_faults_come_at_once_and_nothing_is_stored(take):
    bad = "999999,91,,示例市,coal,,,magic,,-1,2015-13-01,tomorrow"
    told = refused(take, STEEL, bad, STEEL)
    assert not Unit.objects.exists()
    assert told.count("3") >= 8  # row 3's own faults, each with its row
    for word in ("999999", "coal", "magic", "-1", "2015-13-01", "tomorrow"):
        assert word in told
    assert "4" in told  # row 4 repeats row 2


def test_two_names_for_one_unit_are_refused(take):
    assert "3" in refused(take, STEEL, KILN.replace("甲示例", "乙示例"))


def test_a_missing_column_is_named(take):
    assert "closed" in refused(take, "x", header=",".join(COLUMNS[:-1]))


def test_a_file_that_is_no_table_is_refused(tmp_path, db):
    path = tmp_path / "units.xlsx"
    path.write_bytes(b"not a workbook")
    with pytest.raises(CommandError):
        call_command("import_units", str(path))


def test_a_body_is_added_once(db):
    call_command("add_verifier_body", "V009", "示例核查机构")
    assert VerifierBody.objects.get().name == "示例核查机构"
    with pytest.raises(CommandError):
        call_command("add_verifier_body", "V009", "另一机构")


def test_a_retired_person_cannot_sign_in(auditor, client):
    auditor.set_password("correct horse battery")
    auditor.save()
    call_command("retire_person", "auditor", "--reason", "left the service")
    assert not client.login(username="auditor", password="correct horse battery")
    assert Person.objects.filter(username="auditor").exists()
    with pytest.raises(CommandError):
        call_command("retire_person", "auditor", "--reason", "again")
