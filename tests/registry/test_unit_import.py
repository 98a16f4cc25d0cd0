"""Units from a table: all of it or nothing, every fault at once, no silent change."""

import datetime as dt
import json
from typing import Any

import pandas as pd
import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from allocation.ledger import accounts
from registry.directory.unit_import import COLUMNS
from registry.models import JournalEntry, Line, Person, SectorMembership, Unit, VerifierBody
from tests.cast import at, credit_code

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


# --- whatever differs from what is stored is told, with both values


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"甲示例钢铁有限公司": "某某化工有限公司"}, ("甲示例钢铁有限公司", "某某化工有限公司", "rename")),
        ({"130000,91": "440000,91"}, ("130000", "440000", "move")),
        ({"示例市": "另一市"}, ("示例市", "另一市", "correct")),
        ({"steel,L1,一号,": "cement,C9,九号,"}, ("Steel", "Cement", "join")),
        ({"一号": "改名的线"}, ("一号", "改名的线", "correct")),
        ({",300,": ",400,"}, ("300.00", "400")),
        ({"2015-01-01": "2016-01-01"}, ("2015-01-01", "2016-01-01")),
        ({",,,300": ",oxygen_furnace,,300"}, ("ordinary", "oxygen")),
    ],
)
@pytest.mark.parametrize("line", ["L1", "L9"])
@pytest.mark.usefixtures("in_english")
def test_what_a_row_says_of_a_known_unit_otherwise_is_a_fault(take, changed, said, line):
    take(STEEL)
    row = STEEL
    for old, new in changed.items():
        row = row.replace(old, new)
    if line == "L9":  # a new line, of which only the unit is known
        if len(said) == 2 or "改名的线" in said:
            pytest.skip("says something of the line itself")
        row = row.replace(",L1,", ",L9,")
    told = refused(take, row)
    assert all(word in told for word in said), told
    assert told.startswith("row 2: ")
    assert Line.objects.count() == 1


@pytest.mark.usefixtures("in_english")
def test_another_works_name_and_sector_with_a_known_code(take):
    take(KILN)
    row = f"130000,{credit_code(1)},某某化工有限公司,示例市,steel,S1,钢厂,white,,300,2015-03-01,"
    told = refused(take, row)
    for word in (
        "white",
        "oxygen_furnace",
        "某某化工有限公司",
        "Cement",
    ):  # the kinds that steel has, the name, the sector
        assert word in told
    assert SectorMembership.objects.count() == 1


@pytest.mark.usefixtures("in_english")
def test_two_cities_for_one_unit_in_a_table(take):
    told = refused(take, STEEL, STEEL.replace("L1", "L2").replace("示例市", "另一市"))
    assert "row 3: City" in told
    assert not Unit.objects.exists()


# --- what changes is said, and the journal has it

CHANGING = ",".join([*COLUMNS, "change"])


def test_a_rename_a_move_and_a_further_sector_are_said(take, shandong):
    take(STEEL)
    row = f"370000,{credit_code(1)},甲新名钢铁有限公司,新市,cement,C1,白水泥线,white,,2500,2016-05-01,,"
    take(row + "rename；move、join correct", header=CHANGING)
    unit = Unit.objects.get()
    assert (unit.name, unit.authority, unit.city) == ("甲新名钢铁有限公司", shandong, "新市")
    assert (unit.pinyin, unit.initials) == ("jiaxinminggangtieyouxiangongsi", "jxmgtyxgs")
    assert set(unit.memberships.values_list("sector", flat=True)) == {"steel", "cement"}
    acts = {entry.act: json.loads(entry.facts) for entry in JournalEntry.objects.filter(subject_id=unit.pk)}
    assert all(facts.pop("seals") for facts in acts.values())
    assert acts["unit.renamed"] == {"before": "甲示例钢铁有限公司", "value": "甲新名钢铁有限公司"}
    assert acts["unit.moved"] == {"before": "130000", "value": "370000"}
    assert acts["unit.corrected"] == {"before": "示例市", "city": "新市"}
    assert acts["unit.joined"] == {"sector": "cement"}


def test_a_lines_name_is_corrected_and_its_capacity_never(take):
    take(STEEL)
    take(STEEL.replace("一号", "壹号") + ",correct", header=CHANGING)
    assert Line.objects.get().name == "壹号"
    assert "400" in refused(take, STEEL.replace(",300,", ",400,").replace("一号", "壹号") + ",correct", header=CHANGING)


def test_a_closing_is_in_the_journal(take):
    take(STEEL)
    take(STEEL + "2026/6/30")
    assert json.loads(JournalEntry.objects.get(act="line.closed").facts)["on"] == "2026-06-30"


def test_a_change_of_a_unit_that_is_new(take):
    assert "2" in refused(take, STEEL + ",rename", header=CHANGING)


# --- cells and files as people send them


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ((",300,", ",NaN,"), "NaN"),
        ((",300,", ",sNaN,"), "sNaN"),
        ((",300,", ",Infinity,"), "Infinity"),
        ((",300,", ",1e18,"), "1e18"),
        ((",300,", ",99999999999,"), "99999999999"),
        ((",300,", ",300.125,"), "300.125"),
        (("2015-01-01", "2015-03-01或2016-03-01"), "2015-03-01或2016-03-01"),
        (("2015-01-01", "2015-W09-1"), "2015-W09-1"),
        (("甲示例钢铁有限公司", "山东" * 200), "400"),
        (("示例市", "市" * 41), "41"),
        ((",L1,", f",{'L' * 21},"), "21"),
        (("steel", "煤"), "aluminium"),
        (("130000", "河北"), "130000"),
        ((",,,300", ",特种,,300"), "carbide_slag"),
    ],
)
@pytest.mark.usefixtures("in_english")
def test_a_cell_that_can_not_be_taken_is_named_on_every_database(take, changed, said):
    told = refused(take, STEEL.replace(*changed))
    assert told.startswith("row 2: ")
    assert said in told
    assert not Unit.objects.exists()


PLAIN = "\n".join([",".join(COLUMNS), STEEL]) + "\n"
IN_CHINESE = (
    "主管部门,统一社会信用代码,重点排放单位名称,城市,行业,生产线编号,生产线名称,生产线类别,熟料品种,批复产能,投产日期,关停日期\n"
    + STEEL.replace("130000", "河北省", 1)
    .replace("steel", "钢铁")
    .replace("L1,一号,", "L1,一号,通用")
    .replace("01-01", "1-1")
)


@pytest.mark.parametrize(
    "data",
    [
        PLAIN.encode("gb18030"),
        PLAIN.replace(",", ", ", 11).encode(),
        PLAIN.replace("01-01,", "01-01,,").encode(),
        PLAIN.replace("2015-01-01", "2015/1/1").encode("utf-8-sig"),
        PLAIN.replace("2015-01-01", "2015年1月1日").replace("\n", "\r").encode(),
        PLAIN.replace("甲示", "甲\u200b示").encode(),
        ("名录,,,\n" + PLAIN).encode(),
        IN_CHINESE.encode("gb18030"),
    ],
)
def test_a_table_as_spreadsheets_save_it(tmp_path, db, data, capsys):
    path = tmp_path / "units.csv"
    path.write_bytes(data)
    call_command("import_units", str(path))
    line = Line.objects.select_related("unit").get()
    assert (line.unit.name, line.unit.authority.code, line.commissioned) == (
        "甲示例钢铁有限公司",
        "130000",
        dt.date(2015, 1, 1),
    )
    assert ("GB18030" in capsys.readouterr().err) is (b"\xbc\xd7" in data)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_template_is_read_as_it_is_filled_in(tmp_path, db, language):
    empty, filled = tmp_path / "empty.xlsx", tmp_path / "filled.xlsx"
    with translation.override(language):
        call_command("import_units", "--template", str(empty))
    sheets = pd.read_excel(empty, sheet_name=None, dtype=str, engine="calamine")
    table, guide = sheets.values()
    assert len(table.columns) == len(COLUMNS) + 1
    assert guide.iloc[:, 1].tolist() == [*COLUMNS, "change"]
    assert guide.iloc[:, 2].notna().all()
    row: dict[str, Any] = dict(zip(table.columns, [*STEEL.split(","), ""], strict=True))
    row[table.columns[10]] = pd.Timestamp("2015-01-01")
    pd.DataFrame([row]).to_excel(filled, index=False)
    with translation.override(language):
        call_command("import_units", str(filled))
    assert Line.objects.get().commissioned == dt.date(2015, 1, 1)


def test_a_units_account_moves_with_it(take, unit, hebei, shandong):
    account = accounts.of_unit(unit, at("2026-01-01"))
    row = f"370000,{unit.credit_code},{unit.name},,steel,L1,一号,,,300,2015-01-01,,move"
    take(row, header=CHANGING)
    account.refresh_from_db()
    assert account.authority == shandong


def test_a_body_is_added_once(db):
    call_command("add_verifier_body", "V009", "示例核查机构")
    assert VerifierBody.objects.get().name == "示例核查机构"
    with pytest.raises(CommandError):
        call_command("add_verifier_body", "V009", "另一机构")


def test_whoever_retires_somebody_is_told_the_login_and_what_is_left_empty(
    clerk, make_person, unit, capsys, in_english
):
    second = make_person("unit_clerk", "第二经办人", username="second-clerk", unit=unit)
    call_command("retire_person", second.username, "--reason", "left the service")
    told = capsys.readouterr()
    assert "第二经办人 (second-clerk)" in told.out
    assert told.err == ""
    call_command("retire_person", clerk.username, "--reason", "left the service")
    told = capsys.readouterr()
    assert "(clerk)" in told.out
    assert f"{unit.name} has no active person of the role" in told.err


def test_a_retired_person_cannot_sign_in(auditor, client):
    auditor.set_password("correct horse battery")
    auditor.save()
    call_command("retire_person", "auditor", "--reason", "left the service")
    assert not client.login(username="auditor", password="correct horse battery")
    assert Person.objects.filter(username="auditor").exists()
    with pytest.raises(CommandError):
        call_command("retire_person", "auditor", "--reason", "again")
