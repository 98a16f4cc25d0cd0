"""The guideline files: what they hold, and that the month chooses the version."""

import datetime as dt
from decimal import Decimal

import pytest

from registry.law import NotInForceError, load
from reporting import guidelines
from reporting.accounting import account
from reporting.guidelines import FOLDER, for_period, on_day, thresholds
from tests.reporting.months import steel

FILES = sorted(FOLDER.glob("*.toml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_value_has_source_confidence_and_day(path):
    for parameter in load(path).values():  # which refuses a value without a citation
        for value in parameter.values:
            assert value.cite
            assert value.since >= dt.date(2024, 1, 1)
            # Nothing is assumed without saying so, and what is only inferred is an assumption.
            assert value.assumed or value.confidence in "HM", parameter.id


def test_how_much_the_files_hold():
    steel, cement, aluminium = (for_period(sector, "2025-07") for sector in ("steel", "cement", "aluminium"))
    assert len(cement.fuels) == 25
    # semi-coke, which table A.1 names beside coke; coke and three gases also by origin
    assert len(steel.fuels) == 25 + 1 + 4 * 2
    assert len({fuel.kind for fuel in steel.fuels.values()}) == 26
    # 18 rows of table A.2; pig iron stands in it once and is both bought and sold
    groups = ("carbonate", "electrode", "material", "product")
    assert [len(steel.factors(group)) for group in groups] == [2, 1, 12, 4]
    assert (len(cement.factors("clinker")), len(cement.factors("alternative"))) == (4, 30)
    assert len(aluminium.factors("anode")) + len(aluminium.factors("effect")) == 7


def test_defaults_are_scoped_by_sector():
    # table A.1, and the building-materials rows
    assert for_period("steel", "2025-07").fuels["bituminous"].ncv == Decimal("23.736")
    assert for_period("cement", "2025-07").fuels["bituminous"].ncv == Decimal("23.076")


def test_only_coke_is_always_default():
    fuels = for_period("steel", "2025-07").fuels.values()
    assert {fuel.kind for fuel in fuels if fuel.default_only} == {"coke", "semi_coke"}
    assert {fuel.kind for fuel in fuels if fuel.own_made} == {"coke", "coke_oven_gas", "bf_gas", "converter_gas"}


def test_what_is_bought_and_made_has_the_defaults_of_its_kind():
    fuels = for_period("steel", "2025-07").fuels
    kinds = {fuel.kind for fuel in fuels.values() if fuel.origin}
    assert kinds == {"coke", "coke_oven_gas", "bf_gas", "converter_gas"}
    for kind in kinds:
        plain, bought, own = (fuels[code] for code in (kind, f"{kind}_purchased", f"{kind}_own"))
        assert (plain.ncv, plain.cc, plain.of) == (bought.ncv, bought.cc, bought.of) == (own.ncv, own.cc, own.of)
        assert (plain.is_unmarked, bought.is_unmarked, own.is_unmarked) == (True, False, False)
        assert (bought.own_made, own.own_made) == (False, True)
        assert (bought.name, own.name) == (
            f"{plain.zh}（外购） {plain.en} (purchased)",
            f"{plain.zh}（自产） {plain.en} (own)",
        )
    assert (fuels["semi_coke"].ncv, fuels["semi_coke"].cc) == (fuels["coke"].ncv, fuels["coke"].cc)


def test_oxidation_rates():
    rates = {(fuel.state, fuel.of) for fuel in for_period("cement", "2025-07").fuels.values()}
    assert rates == {("solid", Decimal(99)), ("liquid", Decimal(98)), ("gas", Decimal(99))}


@pytest.mark.parametrize("sector", ["steel", "cement", "aluminium"])
def test_rounding(sector):
    guideline = for_period(sector, "2024")
    places = ("quantity", "ncv", "cc", "emission", "total", "intensity")
    assert [guideline.places(name) for name in places] == [2, 3, 5, 2, 0, 4]


VERSION = '[version]\nvalues = [{ value = "%s", since = %s, until = %s, cite = "here", cite_zh = "此处", confidence = "H" }]\n'


@pytest.mark.parametrize(
    ("day", "code"), [(dt.date(2025, 12, 31), "OLD"), (dt.date(2026, 1, 1), "NEW"), (dt.date(2027, 1, 1), None)]
)
def test_the_day_chooses_the_version(day, code, tmp_path, monkeypatch):
    rows = [("OLD", "2024-01-01", "2025-12-31"), ("NEW", "2026-01-01", "2026-12-31")]
    for row in rows:
        (tmp_path / f"nickel-{row[0]}.toml").write_text(VERSION % row)
    laws = tuple(load(path) for path in sorted(tmp_path.iterdir()))
    monkeypatch.setattr(guidelines, "versions", lambda sector: laws)
    if code is None:
        with pytest.raises(NotInForceError):
            on_day.__wrapped__("nickel", day)
    else:
        assert on_day.__wrapped__("nickel", day).code == code


@pytest.mark.parametrize(
    ("period", "version", "emissions"),
    [("2025-06", "V01—2024", "13200.00"), ("2025-07", "V02—2025", "13500.00")],  # 30,000 t × 0.44, × 0.45
)
def test_a_month_is_accounted_by_its_own_version(change_guideline, period, version, emissions):
    change_guideline("steel", dt.date(2025, 7, 1), '"0.44"', '"0.45"')
    terms = account(steel(period)).terms
    limestone = next(term for term in terms if term.source == "carbonate.limestone")
    assert version in limestone.article
    assert limestone.emissions == Decimal(emissions)


@pytest.mark.parametrize("sector", ["steel", "cement", "aluminium"])
def test_no_guideline_is_in_force_for_earlier_years(sector):
    with pytest.raises(NotInForceError):
        for_period(sector, "2023-12")


def test_thresholds_are_ours_and_say_so():
    assert all(value.assumed for parameter in thresholds().values() for value in parameter.values)
