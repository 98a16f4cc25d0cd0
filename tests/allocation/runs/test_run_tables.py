"""The official tables of a run that has no letter yet: on the screen and as a file, the same cells as a letter's."""

import io

import openpyxl
import pytest
from django.urls import reverse

from allocation import runs
from allocation.letters import official_tables
from tests.allocation.conftest import PREPARED, approve


@pytest.fixture
def run(steel, publish, prepared):
    publish()
    return prepared()


def test_before_there_is_a_letter_the_tables_stand_on_the_screen(run, client_for, officer):
    text = client_for(officer).get(reverse("allocation:run_tables", args=[run.pk])).content.decode()
    sheets = official_tables.sheets_of(run.authority, run.year, run.kind, [run])
    assert [sheet.name for sheet in sheets] == ["2-2", "2-5"]
    for sheet in sheets:
        assert sheet.zh in text
        assert [column.zh for column in sheet.columns if column.zh not in text] == []
    assert "991,176" in text
    assert "2,000,000" in text  # the foot: E of 甲 and 乙
    english = client_for(officer, "en").get(reverse("allocation:run_tables", args=[run.pk])).content.decode()
    assert "The run has not been approved" in english
    assert "Total of the province" in english


def test_the_file_is_what_the_screen_shows(run, client_for, officer):
    answer = client_for(officer).get(reverse("allocation:run_tables", args=[run.pk]), {"_export": "xlsx"})
    assert openpyxl.load_workbook(io.BytesIO(answer.content)).sheetnames == ["2-2", "2-5"]
    sheets = official_tables.sheets_of(run.authority, run.year, run.kind, [run])
    assert official_tables.check(answer.content, "表.xlsx", sheets, "").agrees


def test_where_a_letter_encloses_them_the_page_leads_to_it(run, approver, sent, client_for, officer):
    approve(run, approver)
    letter = sent()
    text = client_for(officer).get(reverse("allocation:run_tables", args=[run.pk])).content.decode()
    assert reverse("allocation:letter", args=[letter.pk]) in text


def test_a_run_without_a_result_has_none(steel, publish, hebei, officer, client_for):
    publish()
    run = runs.prepare(hebei, "steel", 2025, "determination", by=officer, at=PREPARED)
    text = client_for(officer, "en").get(reverse("allocation:run_tables", args=[run.pk])).content.decode()
    assert "Nothing is computed yet" in text
