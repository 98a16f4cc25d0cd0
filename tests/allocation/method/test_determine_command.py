"""`manage.py determine`: the table in, the table out, with which plan and which balance value."""

import codecs
import csv
import io
import json
import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from django.core.management import CommandError

from allocation.management.commands.determine import Command
from allocation.method.table import write
from tests.allocation import tables
from tests.allocation.tables import BP, HEADER, RESULT, refused, rows, run

ROOT = Path(__file__).parents[3]


@pytest.fixture
def table(tmp_path):
    """`table("A,1,1,1,,,,", …)` writes a table and returns its path."""
    return tables.writer(tmp_path)


def test_the_checks_of_the_rules(table):
    path = table("A,1000000,900000,1000000,,,,", "B,1000000,680000,1000000,,,,", "C,1000000,1020000,1000000,,,,")
    # A: 1,000,000 × (1 − 0.15/17) = 991,176.47; B: X = 0.17/0.85 = 20 %; C: −20 %
    found = [(row["quota"], row["case"]) for row in rows(path, *BP)]
    assert found == [("991176", "within"), ("1030000", "clipped_above"), ("970000", "clipped_below")]
    # 10,000,000 × (1 + 0.15 × 0.0625) = 10,093,750
    path = table("A,10000000,15000000,10000000,,,,")
    assert rows(path, "--balance-value", "1.60", sector="steel")[0]["quota"] == "10093750"


def test_the_output_is_the_input_and_the_result(table):
    path = table("A,1000000,900000,1000000.00,,,2001-02-03,", "", "W,5,,,white,,,")
    out, _err = run(path, *BP)
    assert "\r" not in out  # lines end as those of the programs that read a pipe
    first, second, third = csv.reader(io.StringIO(out))
    assert first == [*HEADER.split(","), *RESULT]
    # I = 0.9; X = −1/17 = −0.0588235…; α = −3/340 = −0.00882352…
    assert second[:8] == ["A", "1000000", "900000", "1000000.00", "", "", "2001-02-03", ""]
    assert second[8:14] == ["0.9000", "-0.058824", "-0.00882353", "991176", "1000000", "within"]
    assert third[8:14] == ["", "", "0.00000000", "5", "5", "white"]
    assert "国环规气候〔2025〕2号" in second[14]


def test_2024_needs_no_balance_value(table):
    path = table("A,1000000,,,,,,", "B,7,1,1,,,2024-03-01,", "C,8,1,1,carbide_slag,,,2025-09-30")
    assert [(row["quota"], row["due"], row["case"]) for row in rows(path, year=2024)] == [
        ("1000000", "1000000", "equal_by_plan"),
        ("0", "0", "outside_commissioned"),
        ("0", "0", "outside_closed"),
    ]
    assert "uses no balance value" in run(path, *BP, year=2024)[1]
    assert json.loads(run(path, "--solve", "--json", year=2024)[0])["balance_value"] is None


def test_emissions_with_decimals_are_rounded_half_up_first(table):
    path = table("A,0.5,,,white,,,", "B,1789.49,,,white,,,", "C,1789.5,,,white,,,", "D,2.5,,,white,,,")
    assert [row["quota"] for row in rows(path, *BP)] == ["1", "1789", "1790", "3"]


def test_json_is_the_documented_object(table):
    path = table(
        "A,1000000,800000,1000000,,,,",
        "B,1000000,900000,1000000,,,,",
        "C,500,,,white,,,",
        "D,700,1,1,,,,2025-01-01",
    )
    found = json.loads(run(path, "--solve", "--json")[0])
    lines = found.pop("lines")
    # BP = (0.80 + 0.90)/2; quota 1,008,823 + 991,176 + 500; D is outside and counts nowhere
    assert found == {
        "plan": "2024-2025-final",
        "sector": "cement",
        "year": 2025,
        "balance_value": "0.8500",
        "interval": None,
        "total_emissions": 2000500,
        "total_quota": 2000499,
        "residue": -1,
        "clipped_above": 0,
        "clipped_below": 0,
        "equal_lines": 1,
        "outside_lines": 1,
    }
    assert list(lines[0]) == [*HEADER.split(","), *RESULT]
    assert (lines[0]["quota"], lines[0]["due"], lines[0]["deviation"]) == (1008823, 1000000, "0.058824")
    assert (lines[2]["intensity"], lines[2]["deviation"]) == (None, None)


def test_solving_reports_an_interval_and_takes_its_middle(table):
    path = table("A,1000,1000,1000,,,,", "B,1000,2000,1000,,,,")
    found = json.loads(run(path, "--solve", "--json")[0])
    # from 1/0.8 = 1.25 to 2/1.2 = 1.6666…; middle 35/24 = 1.45833…
    assert (found["interval"], found["balance_value"]) == (["1.25", "1.6666666666"], "1.4583")
    assert (found["clipped_above"], found["clipped_below"], found["residue"]) == (1, 1, 0)


@pytest.mark.parametrize(
    ("low", "high", "shown"),
    [
        (Fraction(5, 6), Fraction(7, 6), ["0.8333333334", "1.1666666666"]),
        (Fraction(2, 3), Fraction(7, 9), ["0.6666666667", "0.7777777777"]),
        # one number of ten decimals between the ends: 0.33333333333… and 0.33333333343…
        (Fraction(1, 3), Fraction(1, 3) + Fraction(1, 10**10), ["0.3333333334", "0.3333333334"]),
        # the tenth decimal is too coarse: nothing between the ends has so few
        (Fraction(1, 3), Fraction(1, 3) + Fraction(1, 3 * 10**12), ["0." + "3" * 19 + "4", "0." + "3" * 12 + "6" * 8]),
    ],
)
def test_an_intervals_ends_lie_inside_it(low, high, shown):
    assert write._inside(low, high) == shown
    assert low <= Fraction(shown[0]) <= Fraction(shown[1]) <= high


def test_solving_uses_the_rounded_value(table):
    path = table("A,1000000,850049,1000000,,,,")
    found = json.loads(run(path, "--solve", "--json")[0])
    # root 0.850049 → 0.8500; X = −0.000049/0.85, α·E = −0.15·57.6… = −8.6 → 999,991
    assert (found["balance_value"], found["total_quota"]) == ("0.8500", 999_991)


def test_a_file_instead_of_standard_output(table, tmp_path):
    path, output = table("A,1000000,900000,1000000,,,,"), tmp_path / "out.csv"
    out, _err = run(path, *BP, "-o", str(output))
    assert "1 lines: quota 991176 t" in out
    assert next(csv.DictReader(output.open(encoding="utf-8")))["quota"] == "991176"
    found = json.loads(run(path, *BP, "-o", str(output), "--json")[0])
    assert found["total_quota"] == 991_176
    assert "overwrite" in refused(path, *BP, "-o", str(path))
    assert refused(path, *BP, "-o", str(tmp_path / "no" / "folder.csv"))


def test_until_when_a_closing_counts(table):
    path = table("A,1000,850,1000,,,,2026-09-20", "B,1000,850,1000,,,,2026-09-21")
    cases = [row["case"] for row in rows(path, *BP)]
    assert cases == ["outside_closed", "within"]  # by default the calendar's 2026-09-20
    cases = [row["case"] for row in rows(path, *BP, "--determined-on", "2026-09-21")]
    assert cases == ["outside_closed", "outside_closed"]
    assert "--determined-on" in refused(path, *BP, "--determined-on", "21.9.2026")


# --- which plan


def test_a_draft_must_be_named_and_says_so(table):
    path = table("A,1000000,900000,1000000,,,,")
    message = refused(path, *BP, year=2026)
    assert "2026" in message
    assert "2026-draft" in message
    _out, err = run(path, *BP, "--plan", "2026-draft", year=2026)
    assert "draft" in err
    assert rows(path, *BP, "--plan", "2024-2025-draft")[0]["quota"] == "991176"


@pytest.mark.parametrize(
    ("options", "year", "said"),
    [
        (("--plan", "2027-final"), 2025, "2024-2025-final"),
        (("--plan", "2024-2025-final"), 2026, "2026"),
        (("--plan", "2026-draft"), 2025, "2025"),
        ((), 2019, "2019"),
    ],
)
def test_a_plan_that_can_not_be_used(table, options, year, said):
    assert said in refused(table("A,1,1,1,,,,"), *BP, *options, year=year)


def test_small_units_of_the_2026_draft(table):
    header = HEADER + ",unit"
    path = table(
        "1#,20000,17000,20000,,,,,U",
        "2#,6000,5100,6000,,,,,U",
        "1#,25999,1,1,,,,,V",
        header=header,
    )
    draft = (*BP, "--plan", "2026-draft")
    # U: 20,000 + 6,000 = 26,000, the limit itself; V: 25,999
    assert [row["case"] for row in rows(path, *draft, year=2026)] == ["small_unit"] * 3
    path = table("1#,20000,17000,20000,,,,,U", "2#,6001,5100,6000,,,,,U", header=header)
    assert [row["case"] for row in rows(path, *draft, year=2026)] == ["within", "within"]  # 26,001
    path = table("1#,20000,17000,20000,,,,", "2#,6000,5100,6000,,,,")
    out, err = run(path, *draft, year=2026)
    assert [row["case"] for row in csv.DictReader(io.StringIO(out))] == ["small_unit", "small_unit"]
    assert "“unit”" in err
    path = table("1#,20000,17000,20000,,,,,", header=header)
    assert "line 2: unit is missing" in refused(path, *draft, year=2026)
    assert rows(path, *BP)[0]["case"] == "within"  # under a plan without that rule it is not needed


def test_oxygen_furnaces_are_a_kind_of_the_2026_draft(table):
    path = table("A,1000000,1000000,1000000,oxygen_furnace,,,")
    assert rows(path, *BP, "--plan", "2026-draft", year=2026, sector="steel")[0]["case"] == "oxygen_furnace"
    assert "line 2: kind" in refused(path, *BP, year=2025, sector="steel")


# --- which balance value


def test_a_balance_value_is_needed_and_above_zero(table):
    path = table("A,1,1,1,,,,")
    assert "balance value" in refused(path)
    assert "above zero" in refused(path, "--balance-value", "0")
    for text in ("-1", "NaN", "inf", "0,85", "abc", ""):
        assert "--balance-value" in refused(path, f"--balance-value={text}")
    with pytest.raises(CommandError):
        run(path, *BP, "--solve")


def test_nothing_to_solve(table):
    assert "balance value" in refused(table("A,1,,,white,,,"), "--solve")


def test_what_spreadsheets_save_is_read(table):
    row = "甲,1000000,900000,1000000,,,,"
    marked = ("\ufeff" + HEADER + "\r\n" + row + "\r\n,,,,,,,\r\n\r\n").encode()
    assert rows(table(marked), *BP)[0]["line"] == "甲"
    out, err = run(table((HEADER + "\n" + row).encode("gb18030")), *BP)
    assert next(csv.DictReader(io.StringIO(out)))["line"] == "甲"
    assert "GB18030" in err
    assert rows(table('"A", 1000000 ,900000,"1000000",,,,'), *BP)[0]["quota"] == "991176"


def test_a_table_with_chinese_columns_and_days_below_a_title(table):
    header = "生产线编号,碳排放量,主要排放量,产量,类别,电石渣替代率,投产日期,关停日期"
    plain = rows(table("A,1000000,900000,1000000,,,2015-03-01,"), *BP)
    typed = f"2025年度熟料生产线,,,,,,,\r{header}\rA\u200b,1000000,900000 ,1000000,,,2015年3月1日,,\r".encode("gb18030")
    assert rows(table(typed), *BP)[0] | {"commissioned": "2015-03-01"} == plain[0]


def test_the_output_opens_right_in_a_chinese_spreadsheet_program(table, tmp_path):
    out = tmp_path / "out.csv"
    run(table("甲,1000000,900000,1000000,,,,"), *BP, "-o", str(out))
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")


def test_columns_may_stand_in_any_order_with_others_between(table):
    path = table(
        "=HYPERLINK(1),,2001-01-01,,,1000000,900000,1000000,A,-5",
        header="remarks,closed,commissioned,carbide_slag_rate,kind,output,main_emissions,emissions,line,change",
    )
    (row,) = rows(path, *BP)
    assert row["quota"] == "991176"
    assert row["remarks"] == "'=HYPERLINK(1)"  # no spreadsheet runs it
    assert row["change"] == "-5"


def test_the_carbide_slag_rate_alone_decides_and_a_label_that_differs_is_pointed_out(table):
    path = table("A,1000,900,1000,,0.5,,", "B,1000,900,1000,carbide_slag,0.15,,", "C,1000,900,1000,,0.15,,")
    out, err = run(path, *BP)
    found = list(csv.DictReader(io.StringIO(out)))
    assert [row["case"] for row in found] == ["carbide_slag", "within", "within"]
    assert [row["quota"] for row in found] == ["1000", "991", "991"]
    assert "not of the kind carbide_slag: the rate decides (lines of the file: 2)." in err
    assert "their intensity decides (lines of the file: 3)." in err


@pytest.mark.parametrize(("many", "more"), [(10, ""), (11, " …")])
def test_a_note_names_ten_lines_at_most(table, many, more):
    """0.15 is not above 15 %. The header is line 1."""
    path = table(*(f"L{number},1000000,850000,1000000,carbide_slag,0.15,," for number in range(many)))
    said = (
        "These lines are of the kind carbide_slag and their rate is not above 0.15: their intensity decides "
        f"(lines of the file: 2, 3, 4, 5, 6, 7, 8, 9, 10, 11{more})."
    )
    assert said in run(path, *BP)[1]


def test_the_2026_draft_asks_the_rate_of_any_kind_of_line(table):
    # a line of no special kind above 30 %: quota equals emissions, where its intensity would have given 99,140
    path = table("A,100000,90000,100000,,0.5,,", "B,100000,90000,100000,,0.3,,")
    draft = ("--balance-value", "0.8512", "--plan", "2026-draft")
    assert [row["quota"] for row in rows(path, *draft, year=2026)] == ["100000", "99140"]


def test_a_line_commissioned_after_the_year_is_refused_by_its_row(table):
    path = table("A,1000,850,1000,,,,", "B,1000,850,1000,,,2026-01-01,", "C,5,,,white,,2027-02-01,")
    said = refused(path, *BP)
    assert "line 3: commissioned is later than the emission year 2025" in said
    assert "line 4: commissioned is later than the emission year 2025" in said
    assert "line 2" not in said


def test_a_line_closed_before_the_year_with_emissions_of_it_is_pointed_out(table):
    """The rules only put it outside; nobody should overlook that its tonnes are gone."""
    path = table("A,1000,850,1000,,,,2024-12-31", "B,0,0,0,,,,2024-12-31", "C,1000,850,1000,,,,2025-01-01")
    out, err = run(path, *BP)
    assert [row["case"] for row in csv.DictReader(io.StringIO(out))] == ["outside_closed"] * 3
    assert "closed before 2025 yet report emissions for it: one of the two is wrong (lines of the file: 2)." in err


def test_what_is_said_of_a_table_is_said_in_one_language(table):
    """The columns are those of the documentation; the words, also of the article, are the reader's."""
    odd = table("h,1000,850,1000,,0.5,,")
    out, err = run(odd, *BP, language="zh-hans")
    assert (
        next(csv.DictReader(io.StringIO(out)))["article"]
        == "国环规气候〔2025〕2号，配额等于经核查排放量：电石渣替代率超过限值"
    )
    assert err == "以下生产线的电石渣替代率超过0.15，但类型未填carbide_slag，按替代率核定（文件第2行）。\n"
    assert "quota equals verified emissions: carbide slag above the rate" in rows(odd, *BP)[0]["article"]
    assert refused(table("A,x,1,1,,,,", 'B,"1"x,1,1,,,,'), *BP, language="zh-hans").endswith("第3行：本行引号不配对")
    assert "第2行：emissions “x”不是数字" in refused(table("A,x,1,1,,,,"), *BP, language="zh-hans")
    assert "水泥行业2023年度尚无现行有效的正式方案" in refused(odd, *BP, year=2023, language="zh-hans")
    assert "Cement in 2023" in refused(odd, *BP, year=2023)


# --- as it is used


def test_very_many_lines_go_the_fast_way_with_the_same_result(table, monkeypatch):
    path = table(*(f"L{n},{100_000 + n},{70_000 + 5 * n}.5,{100_000 + n},,,," for n in range(3000)))
    slow = run(path, "--solve", "--json")
    monkeypatch.setattr("allocation.method.table.run.MANY", 100)
    assert run(path, "--solve", "--json") == slow


@pytest.mark.parametrize(
    ("options", "code"),
    [((*BP,), 0), ((), 2), (("--balance-value", "0.85", "--solve"), 2), (("--year", "never"), 2)],
)
def test_it_needs_no_database_and_says_by_its_exit_code_how_it_went(table, options, code, capsys):
    """A test without a database fails at the first statement to one."""
    arguments = ["manage.py", "determine", str(table("A,1000000,900000,1000000,,,,"))]
    arguments += ["--sector", "cement", "--year", "2025", *options]
    ended = 0
    try:
        Command().run_from_argv(arguments)
    except SystemExit as end:
        ended = int(end.code or 0)
    out, err = capsys.readouterr()
    assert ended == code, err
    assert ("991176" in out) == (code == 0)
    assert bool(err) == (code != 0)


def test_a_file_that_the_shell_writes_is_marked_and_a_pipe_is_not(table, tmp_path):
    """Chinese spreadsheet programs take UTF-8 without its mark for GB 18030; a program that reads the pipe would take it for a name.

    In processes of their own, with a database that is out of reach.
    """
    environment = os.environ | {
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing",
        "DJANGO_SETTINGS_MODULE": "quota_site.settings",
        "QUOTA_DATA_DIR": str(tmp_path),
    }
    command = [sys.executable, "manage.py", "determine", str(table("甲,1000000,900000,1000000,,,,"))]
    command += ["--sector", "cement", "--year", "2025", *BP]
    written = tmp_path / "out.csv"
    with (
        written.open("wb") as stream,
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=stream) as writing,
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE) as piping,
    ):
        piped, _nothing = piping.communicate()
        assert (writing.wait(), piping.returncode) == (0, 0)
    assert piped.startswith(HEADER.encode())
    assert "991176" in piped.decode()
    assert written.read_bytes() == codecs.BOM_UTF8 + piped
