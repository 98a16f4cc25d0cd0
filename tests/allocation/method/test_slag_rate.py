"""A line that makes two kinds of clinker: its carbide-slag rate decides from the factor in full, not from its four decimals."""

import datetime as dt
from decimal import Decimal

from allocation import plans
from allocation.letters.official_tables.columns import remark
from allocation.method.determination import determine_line
from allocation.method.plan_rules import Case, rules_of
from allocation.models import Award
from allocation.scope import line_input
from registry.models import Line, Unit
from reporting.models import VerifiedResult

# 1,000,000 t × 0.535 + 300,000 t × 0.292 = 622,600 t of 1,300,000 t: 0.478923… = 3113/6500.
# 194,556.01 t of slag × 0.48 = 93,386.8848: R = 14.999500 %, and with 0.4789 15.000220 %.
DETAILS = {"carbide_slag": "194556.01", "carbide_slag_deduction": "0.4800", "clinker_ef": "0.4789"}
IN_FULL = {**DETAILS, "clinker_ef_exact": "3113/6500"}


def result(details: dict[str, str]) -> VerifiedResult:
    unit = Unit(credit_code="91370000MA00000001")
    line = Line(unit=unit, code="C1", sector="cement", commissioned=dt.date(2010, 1, 1))
    return VerifiedResult(
        line=line,
        unit=unit,
        sector="cement",
        year=2025,
        emissions=923_951,
        main_emissions=Decimal(923_951),
        output=Decimal(1_300_000),
        details=details,
    )


def case(details: dict[str, str]) -> Case:
    rules = rules_of(plans.in_force("cement", 2025), "cement", 2025).at(Decimal("0.8500"))
    return determine_line(line_input(result(details), 923_951), rules).case


def test_the_factor_in_full_decides():
    assert str(line_input(result(IN_FULL)).carbide_slag_rate).startswith("0.1499949964")
    assert case(IN_FULL) is Case.WITHIN
    assert case(DETAILS) is Case.CARBIDE_SLAG


def test_the_official_table_says_which_rate_decided():
    award = Award(result=result(IN_FULL), case="within")
    assert remark(award) == "因子为加权平均值，电石渣替代率按未修约值计算为14.9995%"
    assert remark(Award(result=result(DETAILS), case="within")) == ""
