"""The board's list narrowed: by state, sector, province and name, from the rows above it and from the ministry's home."""

import pytest
from django.urls import reverse

from allocation.compliance import owed as duties
from allocation.models import Notice
from allocation.queries import compliance_board
from registry.models import Authority
from registry.web.listing import narrowed
from tests.cast import at

BOARD = {"year": 2025}


@pytest.fixture(autouse=True)
def _november(monkeypatch):
    monkeypatch.setattr("registry.law.clock.now", lambda: at("2026-11-20 09:00"))


@pytest.fixture
def board(noticed, analyst, client_for):
    """`board(state="missing")`: what the ministry's board answers."""
    return lambda **by: client_for(analyst, "en").get(reverse("allocation:compliance"), BOARD | by)


def names(answer) -> list[str]:
    return [row.record.unit.name for row in answer.context["table"].paginated_rows]


def test_all_units_and_their_sums(board, unit, rival_unit):
    assert set(names(board())) == {unit.name, rival_unit.name}


def test_narrowed_by_name_the_foot_sums_up_what_is_left(board, unit):
    answer = board(q=unit.name)
    assert names(answer) == [unit.name]
    foot = {column.name: column.footer for column in answer.context["table"].columns}
    assert foot["due"] == "1,000,000"
    assert foot["missing"] == "1,000,000"


@pytest.mark.parametrize(
    ("by", "found"),
    [
        ({"state": "missing"}, 2),
        ({"state": "open"}, 2),
        ({"state": "complete_on_time"}, 0),
        ({"sector": "steel", "state": "missing"}, 2),
        ({"sector": "cement"}, 0),
    ],
)
def test_by_state_and_sector(board, by, found):
    assert len(names(board(**by))) == found


def test_the_rows_above_lead_to_their_units_and_keep_what_is_chosen(board, unit):
    page = board(state="missing").text
    own = f"?year=2025&amp;state=missing&amp;authority={unit.authority_id}#units"
    assert own in page
    assert "?year=2025&amp;state=missing&amp;sector=steel#units" in page
    assert '<input type="hidden" name="year" value="2025">' in page


def test_another_day_keeps_what_the_list_is_narrowed_by(board):
    assert '<input type="hidden" name="state" value="missing">' in board(state="missing").text


def test_the_ministrys_home_leads_to_the_units_that_are_not_complete(noticed, analyst, client_for):
    page = client_for(analyst, "en").get(reverse("home")).text
    for authority in Authority.objects.filter(pk__in=[each.unit.authority_id for each in noticed]):
        assert f"?year=2025&amp;authority={authority.pk}&amp;state=missing#units" in page


@pytest.mark.parametrize(("name", "counted"), [("MOST_COUNTED", True), ("MOST_WORKED_OUT", False)])
def test_a_long_list_that_is_worked_out_is_not_counted_choice_by_choice(board, monkeypatch, name, counted):
    assert "Steel (2)" in board().text
    monkeypatch.setattr(narrowed, name, 1)
    assert ("Steel (2)" in board().text) is counted


def test_the_board_is_summed_up_in_few_questions(noticed, analyst, django_assert_num_queries):
    """Duties of one sector, with no adjustment, are not read again for their parts."""
    with django_assert_num_queries(7):
        found = compliance_board.board(analyst, 2025, at("2026-11-20 09:00").date())
    assert [(sector, rate.units, rate.due) for sector, rate in found.by_sector] == [("steel", 2, 2_000_000)]
    assert not duties.by_sector(compliance_board._in_parts(Notice.objects.all()), at("2026-11-20 09:00"))
