"""Every unit's name in a table leads to the unit's page, for those who may open it; so does every line. A table that names one otherwise
fails here."""

import pytest
from django_tables2 import Table
from django_tables2.utils import A

from registry.models import Line, Unit
from registry.web.columns import LineColumn, UnitColumn
from tests.access_world import *  # noqa: F403 (its fixtures)
from tests.addresses import URLS, address
from tests.test_every_list import product_tables

# Tables whose rows name units or lines as text, as a file or a comparison did; each with its reason.
AS_TEXT = {
    ("ComparisonTable", "unit"): "two runs' manifests name units by their codes",
    ("ComparisonTable", "line"): "two runs' manifests name lines by their codes",
    ("IssueTable", "unit"): "two runs' manifests name units by their codes",
    ("ChangedLineTable", "unit"): "a recomputation's stored outcome names units by their codes",
    ("ChangedLineTable", "line"): "a recomputation's stored outcome names lines by their codes",
    ("BulkItemTable", "unit"): "as the file names it, which may be nobody's",
    ("TradeRowTable", "line"): "the line of a file",
    ("UnitTable", "name"): "the list of the units that the reader may open",
}
NAMES = {"unit": UnitColumn, "holder_unit": UnitColumn, "line": LineColumn}


def test_units_and_lines_are_named_in_the_columns_that_lead_to_them():
    wrong = [
        f"{name}.{column}"
        for name, table in product_tables().items()
        for column, kind in NAMES.items()
        if column in table.base_columns
        and not isinstance(table.base_columns[column], kind)
        and (name, column) not in AS_TEXT
    ]
    assert not wrong


@pytest.fixture
def shown(monkeypatch) -> list[Table]:
    """The tables that pages render, as they come."""
    found: list[Table] = []
    before = Table.before_render

    def noting(self, request):
        found.append(self)
        before(self, request)

    monkeypatch.setattr(Table, "before_render", noting)
    return found


@pytest.mark.parametrize("name", ["officer", "clerk", "verifier"])
def test_what_a_row_names_leads_to_its_page_where_the_reader_may_open_it(world, name, request, client_for, shown):
    person = request.getfixturevalue(name)
    client = client_for(person)
    client.raise_request_exception = False
    seen, wrong = 0, []
    for route, about in URLS.items():
        if about is not None:
            continue
        shown.clear()
        client.get(address(route, world))
        for table in shown:
            for column in table.columns:
                if not isinstance(column.column, UnitColumn | LineColumn):
                    continue
                for row in table.paginated_rows:
                    of = column.accessor if column.column._of is None else column.column._of
                    named = A(of).resolve(row.record, quiet=True)
                    if not isinstance(named, Unit | Line):
                        continue
                    unit = named.unit if isinstance(named, Line) else named
                    opens = (
                        person.role == "auditor"
                        or unit.pk == world.unit.pk
                        or (name == "officer" and unit.authority_id == person.authority_id)
                        or (name == "verifier" and unit.verifications.filter(body=person.body_id).exists())
                    )
                    page = "lines" if isinstance(named, Line) else "units"
                    leads = f'href="/registry/{page}/{named.pk}/"' in str(row.get_cell(column.name))
                    seen += 1
                    wrong += [] if leads is opens else [f"{type(table).__name__}.{column.name}: {unit} {leads}"]
    assert not wrong, "\n".join(wrong)
    assert seen
