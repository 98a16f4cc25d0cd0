"""Every sector has all its parts; the first that is missing is named."""

import tomllib
from pathlib import Path

import pytest

from allocation.letters.official_tables import sector as official_tables
from allocation.letters.official_tables.sector import OfficialTables
from registry.law import NotInForceError
from registry.models import LineKind
from registry.values.sectors import FOLDER, Sector, of, with_quota
from reporting.accounting import sector as accounting
from reporting.checks import sector as checks
from reporting.content import tables
from reporting.guidelines import for_period
from reporting.verification import sector as dependents
from reporting.workbook import sector as workbook
from reporting.workbook.forms import form_for

PARTS = {
    "tables": (tables.of, tables.Tables),
    "accounting": (accounting.of, accounting.Accounting),
    "form": (workbook.of, workbook.Workbook),
    "checks": (checks.of, checks.Checks),
    "dependents": (dependents.of, tuple),
}
ALL = [sector.value for sector in Sector]


def test_every_folder_is_a_sector():
    folders = {path.name for path in FOLDER.iterdir() if path.is_dir() and not path.name.startswith("_")}
    assert folders == set(Sector.values)
    places = [of(sector).place for sector in ALL]
    assert places == sorted(set(places))


@pytest.mark.parametrize("sector", ALL)
def test_a_sector_has_all_its_parts(sector):
    for name, (part, kind) in PARTS.items():
        try:
            assert isinstance(part(sector), kind)
        except ModuleNotFoundError as missing:
            pytest.fail(f"{sector} has no {name}: {missing}")
    try:
        guideline = for_period(sector, "2025-07")
    except NotInForceError:
        pytest.fail(f"{sector} has no guideline in reporting/guidelines")
    form = form_for(sector, "2025-07")
    table, process, name = tables.of(sector).output
    groups = [group for group, each_line in form.groups.values() if each_line]
    assert any(group.table == table and group.process == process and group.field(name) for group in groups), sector
    codes = {item.code for item in accounting.of(sector).items}
    assert {accounting.EMISSIONS, accounting.OUTPUT} <= codes
    assert all(guideline.factors(group) for group in workbook.of(sector).factors), sector


@pytest.mark.parametrize("sector", ALL)
def test_a_sector_is_described(sector):
    facts = of(sector)
    assert Sector(sector).label
    assert set(facts.kinds) <= set(LineKind.values)
    assert facts.capacity.per in ("day", "year")
    assert {"place", "zh", "en", "also", "kinds", "capacity"} <= set(
        tomllib.loads((Path(FOLDER) / sector / "sector.toml").read_text(encoding="utf-8"))
    )


def test_sectors_with_quota_have_official_tables_and_the_others_none():
    numbers = []
    for sector in ALL:
        if sector in with_quota():
            found = official_tables.of(sector)
            assert isinstance(found, OfficialTables)
            numbers.append(found.number)
        else:
            with pytest.raises(ModuleNotFoundError):
                official_tables.of(sector)
    assert len(set(numbers)) == len(numbers)


def test_a_sector_gets_quota_from_its_first_year_on():
    assert with_quota(2023) == []
    assert with_quota(2024) == with_quota(2030)[: len(with_quota(2024))]
