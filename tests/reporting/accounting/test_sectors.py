"""From a year workbook to the verified result, in the sectors whose lines have components of their own."""

from decimal import Decimal
from fractions import Fraction

import pytest
from django.urls import reverse

from registry.models import Line, LineKind
from reporting import review, verification, workbook
from reporting.content import CALCULATED, DEFAULT, Content, Datum, Row
from reporting.filing import annual, intake
from reporting.models import AnnualReport, VerifiedResult
from tests.cast import at
from tests.reporting import story

WHEN = at("2025-06-20 09:00")


def datum(value: str, how: str = CALCULATED) -> Datum:
    return Datum(Decimal(value), how=how, source="台账", evidence="台账.pdf")


def row(table: str, line: str = "", process: str = "", item: str = "", **data: str) -> Row:
    return Row(table, line, process, item, {name: datum(value) for name, value in data.items()})


def ledger(item: str, amount: str, **more: str) -> Row:
    return row("fuel", item=item, opening="1000", purchased=amount, sold="0", closing="1000", consumed=amount, **more)


def filed(line: Line, rows: tuple[Row, ...], clerk, unit_approver, officer) -> AnnualReport:
    """The year workbook of 2024 submitted, accepted, and filed as the annual report."""
    unit, sector = line.unit, line.sector
    package = intake.package_of(unit, sector, "2024")
    spec = workbook.BlankSpec(sector, "2024", unit.credit_code, unit.name, (workbook.LineSpec(line.code),))
    content = Content(sector, "2024", unit.credit_code, (line.code,), rows)
    intake.receive(package, workbook.filled(spec, content), "2024.xlsx", by=clerk, at=WHEN)
    story.do_jobs()
    submission = story.current(package)
    assert not submission.errors, [
        (finding.code, finding.cell, finding.params) for finding in submission.findings.all()
    ]
    intake.submit(submission, by=clerk, at=WHEN)
    review.accept(submission, by=officer, at=WHEN)
    report = annual.prepare(unit, sector, 2024, by=clerk, at=WHEN)
    return annual.file(report, by=unit_approver, at=WHEN)


@pytest.fixture
def verified(clerk, unit_approver, officer, approver, verifier):
    """`verified(line, rows)`: the result of the line, everything confirmed as reported."""

    def result(line: Line, rows: tuple[Row, ...]) -> VerifiedResult:
        report = filed(line, rows, clerk, unit_approver, officer)
        story.approve_all(report, verifier, officer, approver, at("2025-08-01"))
        return VerifiedResult.objects.get(line=line)

    return result


def test_a_carbide_slag_line_keeps_what_its_rate_is_made_of(unit, make_line, verified):
    line = make_line(unit, "cement", "K1", kind=LineKind.CARBIDE_SLAG, capacity=Decimal("5000.00"))
    coal = Row(
        "line_fuel", "K1", item="bituminous", data={"amount": datum("120000"), "ncv": datum("23.076", how=DEFAULT)}
    )
    result = verified(
        line,
        (
            ledger("bituminous", "120000"),
            coal,
            row("clinker", "K1", item="portland", amount="800000"),
            row("alternative", "K1", item="carbide_slag", amount="200000"),
        ),
    )
    # fuel     120,000 × 23.076 × 0.02618 × 0.99 × 44/12 = 263,158.8886… → 263,158.89
    # process  800,000 × 0.535 − 200,000 × 0.48 = 428,000 − 96,000 = 332,000;  together 595,158.89 → 595,159
    assert (result.emissions, result.main_emissions, result.output) == (595_159, Decimal(595_159), Decimal(800_000))
    assert result.kind == LineKind.CARBIDE_SLAG
    assert result.details == {
        "fuel": "263158.89",
        "process": "332000.00",
        "clinker_ef": "0.5350",
        "carbide_slag": "200000.00",
        "carbide_slag_deduction": "0.4800",
    }
    # R = 96,000 / 428,000 = 24 / 107
    assert result.carbide_slag_rate == Fraction(24, 107)


def test_two_kinds_of_clinker_have_one_factor_weighted_by_output(unit, make_line, verified):
    line = make_line(unit, "cement", "K1", capacity=Decimal("5000.00"))
    result = verified(
        line,
        (
            ledger("bituminous", "120000"),
            Row("line_fuel", "K1", item="bituminous", data={"amount": datum("120000")}),
            row("clinker", "K1", item="portland", amount="600000"),
            row("clinker", "K1", item="white", amount="200000"),
        ),
    )
    # (600,000 × 0.535 + 200,000 × 0.55) / 800,000 = 431,000 / 800,000 = 0.53875 → 0.5388
    assert (result.details["clinker_ef"], result.details["clinker_ef_exact"]) == ("0.5388", "431/800")
    assert result.carbide_slag_rate == 0


TWO_KINDS = (
    ledger("bituminous", "180000"),
    Row("line_fuel", "K1", item="bituminous", data={"amount": datum("180000")}),
    row("clinker", "K1", item="portland", amount="1000000"),
    row("clinker", "K1", item="aluminate", amount="300000"),
    row("alternative", "K1", item="carbide_slag", amount="194556.01"),
)


def test_the_carbide_slag_rate_of_two_kinds_is_computed_from_the_factor_in_full(unit, make_line, verified):
    line = make_line(unit, "cement", "K1", capacity=Decimal("5000.00"))
    result = verified(line, TWO_KINDS)
    # (1,000,000 × 0.535 + 300,000 × 0.292) / 1,300,000 = 622,600 / 1,300,000 = 0.478923… → 0.4789
    assert (result.details["clinker_ef"], result.details["clinker_ef_exact"]) == ("0.4789", "3113/6500")
    # 194,556.01 × 0.48 / 622,600 = 93,386.8848 / 622,600 = 14.99950 %; with 0.4789 it were 15.00022 %
    assert result.carbide_slag_rate == Fraction("93386.8848") / 622_600
    assert result.carbide_slag_rate < Fraction(15, 100) < Fraction("93386.8848") / (1_300_000 * Fraction("0.4789"))


def test_the_page_shows_the_factor_in_full_and_the_rate_that_decides(unit, make_line, verified, client, approver):
    result = verified(make_line(unit, "cement", "K1", capacity=Decimal("5000.00")), TWO_KINDS)
    client.force_login(approver)
    page = client.get(reverse("reporting:verified_result", args=[result.pk])).content.decode()
    for shown in ("0.4789", "3113/6500", "14.9995%"):
        assert shown in page


def test_a_factor_that_the_verifier_corrects_is_what_was_typed(
    unit, make_line, clerk, unit_approver, officer, approver, verifier
):
    line = make_line(unit, "cement", "K1", capacity=Decimal("5000.00"))
    report = filed(line, TWO_KINDS, clerk, unit_approver, officer)
    given = verification.assign(report, verifier.body, by=officer, at=at("2025-08-01"))
    # 1,300,000 × 0.478 − 93,386.88 = 528,013.12; with the fuel's 394,738.33 together 922,751.45
    right = {"clinker_ef": "0.4780", "process": "528013.12", "emissions": "922751"}
    decisions = [
        verification.Decision(report.data.get(item=item), Decimal(value), "熟料品种台账更正")
        for item, value in right.items()
    ]
    verification.confirm_all(given, decisions, by=verifier, at=at("2025-08-01"))
    verification.conclude(given, by=verifier, at=at("2025-08-01"))
    verification.approve(given, by=approver, at=at("2025-08-01"))
    result = VerifiedResult.objects.get()
    assert result.details["clinker_ef"] == "0.4780"
    assert "clinker_ef_exact" not in result.details
    assert result.carbide_slag_rate == Fraction("93386.8848") / (1_300_000 * Fraction("0.478"))


def test_a_steel_works_intensity_rests_on_its_main_processes(unit, make_line, verified):
    line = make_line(unit, "steel", "W1", capacity=Decimal("200.00"))
    coke = {"amount": datum("400000"), "ncv": datum("28.435", how=DEFAULT)}
    result = verified(
        line,
        (
            ledger("coke_purchased", "400000", moisture="5.00", dry="380000", excluded="0"),
            row("product", item="crude_steel", amount="1000000"),
            Row("process_in", "W1", "ironmaking", "coke_purchased", coke),
            row("process_output", "W1", "ironmaking", amount="900000"),
            row("process_output", "W1", "sintering", amount="0"),
        ),
    )
    # coke 400,000 × 28.435 × 0.02942 × 44/12 = 1,226,951.2933… → 1,226,951.29; less steel 1,000,000 × 0.037 = 37,000
    # works 1,189,951.29 → 1,189,951; ironmaking 1,226,951, sintering none
    assert (result.emissions, result.main_emissions, result.output) == (
        1_189_951,
        Decimal(1_226_951),
        Decimal(900_000),
    )
    assert result.details == {"ironmaking": "1226951.00", "sintering": "0.00", "crude_steel": "1000000.00"}


def test_a_line_that_is_not_the_units_blocks(unit, make_line, clerk):
    make_line(unit, story.ALUMINIUM, "P1")
    package = intake.package_of(unit, story.ALUMINIUM, "2025-07")
    data = workbook.filled(story.spec(unit, "2025-07", "P9"), story.content(unit, "2025-07", line="P9"))
    intake.receive(package, data, "a.xlsx", by=clerk, at=story.READ_AT)
    story.do_jobs()
    submission = story.current(package)
    assert {"line.unknown", "line.missing"} <= set(submission.findings.values_list("code", flat=True))
    assert not submission.line_totals.exists()
    assert submission.errors >= 2


def test_a_closed_line_is_no_longer_asked_for(unit, make_line, clerk):
    make_line(unit, story.ALUMINIUM, "P1")
    make_line(unit, story.ALUMINIUM, "P2", closed=at("2025-06-30").date())
    assert story.read(unit, "2025-07", clerk).errors == 0
