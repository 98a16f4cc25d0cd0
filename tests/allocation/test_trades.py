"""The exchange's record: all faults at once, nothing half stored, once per reference."""

import pytest

from allocation import accounts, selectors
from allocation.models import Holding, Trade
from allocation.trades import TradeFaultsError, import_trades
from tests.cast import at

NOW = at("2026-10-20 09:00")
HEAD = "reference,traded_on,seller,buyer,vintage,quantity\n"


@pytest.fixture
def market(steel, publish, issued, unit, rival_unit):
    """甲 holds 991,176 t and 乙 1,008,823 t of 2025; a function that writes rows with their codes as S and B."""
    publish()
    issued()

    def table(*rows):
        text = "".join(f"{row}\n" for row in rows)
        return (
            HEAD + text.replace(",S,", f",{unit.credit_code},").replace(",B,", f",{rival_unit.credit_code},")
        ).encode()

    return table


def held(unit):
    return Holding.objects.get(account__unit=unit, vintage=2025).amount


def test_trades_move_quota(market, unit, rival_unit, registrar_operator):
    made = import_trades(
        market("T1,2026-10-15,S,B,2025,1000", "T2,2026-10-16,B,S,2025,300"), by=registrar_operator, at=NOW
    )
    assert [trade.reference for trade in made] == ["T1", "T2"]
    # 991,176 − 1,000 + 300; 1,008,823 + 1,000 − 300
    assert (held(unit), held(rival_unit)) == (990_476, 1_009_523)
    assert accounts.disagreements() == []


def test_a_known_reference_is_passed_over(market, unit, registrar_operator):
    table = market("T1,2026-10-15,S,B,2025,1000")
    import_trades(table, by=registrar_operator, at=NOW)
    assert import_trades(table, by=registrar_operator, at=NOW) == []
    assert held(unit) == 990_176


def test_all_faults_at_once_and_nothing_stored(market, unit, registrar_operator):
    table = market(
        "T1,2026-10-15,S,B,2025,1000",
        "T2,2026-10-99,S,B,2025,1000",
        "T3,2026-10-21,S,B,2025,1000",  # lies ahead
        "T4,2026-10-15,S,S,2025,1.5",
        "T5,2026-10-15,S,91130000000000000X,2025,10",
        ",2026-10-15,S,B,25,10",
        "T1,2026-10-15,S,B,2025,1001",
        "T8,2026-10-15,S,B,2025,2000000",
    )
    with pytest.raises(TradeFaultsError) as caught:
        import_trades(table, by=registrar_operator, at=NOW)
    assert [line for line, _fault in caught.value.faults] == [3, 4, 5, 5, 6, 7, 7, 8, 9]
    assert not Trade.objects.exists()
    assert held(unit) == 991_176


@pytest.mark.parametrize(
    "table", [b"", b"\xff\xfe", b"reference;traded_on\n", HEAD.encode() + b'T1,"2026', HEAD.encode() + b"T1,2026-10-15"]
)
def test_files_of_another_kind(market, registrar_operator, table):
    with pytest.raises(TradeFaultsError):
        import_trades(table, by=registrar_operator, at=NOW)


def test_a_frozen_seller_is_a_fault(market, unit, registrar_operator, registrar_approver):
    accounts.freeze(accounts.of_unit(unit, NOW), reason="x", by=registrar_approver, at=NOW)
    with pytest.raises(TradeFaultsError):
        import_trades(market("T1,2026-10-15,S,B,2025,1000"), by=registrar_operator, at=NOW)


def test_a_trade_of_a_day_gone_by_leaves_no_balance_below_zero(market, unit, registrar_operator):
    """Issued on 2026-09-10; the trade counts on the 1st, before anything was there."""
    import_trades(market("T1,2026-09-01,S,B,2025,1000"), by=registrar_operator, at=NOW)
    shown = selectors.entries(accounts.of_unit(unit, NOW))
    assert [entry.balance for entry in shown] == [990_176, 991_176]
