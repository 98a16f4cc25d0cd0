"""What the sectors' figures have in common: the period, the rows, the ledger that adds up and goes on from month to month."""

import datetime as dt
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from quota_site.demo.invented.random_values import Chance
from registry.values.exact import half_up
from reporting.content import CALCULATED, MEASURED, YES, Datum, Row, days_in, first_day, is_year, last_day


@dataclass(frozen=True, slots=True)
class Period:
    """A month or, for a year workbook, twelve of them."""

    text: str

    @property
    def months(self) -> int:
        return 12 if is_year(self.text) else 1

    @property
    def year(self) -> int:
        return int(self.text[:4])

    @property
    def first(self) -> dt.date:
        return first_day(self.text)

    @property
    def last(self) -> dt.date:
        return last_day(self.text)

    @property
    def days(self) -> int:
        return days_in(self.text)

    def days_from(self, commissioned: dt.date, closed: dt.date | None) -> int:
        """On how many days of the period a line of those dates exists."""
        first, last = max(self.first, commissioned), min(self.last, closed or self.last)
        return max(0, (last - first).days + 1)

    @property
    def month_before(self) -> str:
        """The month whose closing stock is this period's opening stock."""
        day = self.first - dt.timedelta(days=1)
        return f"{day.year}-{day.month:02}"

    @property
    def last_month(self) -> str:
        return f"{self.last.year}-{self.last.month:02}"

    @property
    def days_of_year(self) -> int:
        return 365 + (monthrange(self.year, 2)[1] == 29)


def rounded(value: Decimal, places: int = 2) -> Decimal:
    return half_up(value, places)


def of(amount: Decimal, times: Decimal | int) -> Decimal:
    """A product as a clerk writes it: two decimals."""
    return rounded(amount * times)


def paper_name(period: str) -> str:
    """The supporting file that every datum of a period names: ledgers, reports and certificates bound into one."""
    return f"支撑材料汇编-{period}.pdf"


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes rows as a clerk of one unit does, with source and supporting file: the unit's own, or those of a line or process."""

    period: Period
    chance: Chance
    line: str = ""
    process: str = ""

    def at(self, line: str, process: str = "") -> "Writer":
        """A writer of rows that belong to a line, or a process of it."""
        return replace(self, line=line, process=process)

    def datum(self, value: Decimal, how: str = MEASURED, source: str = "生产统计月报") -> Datum:
        return Datum(value, how, source, paper_name(self.period.text))

    def row(self, table: str, item: str = "", /, **amounts: Decimal) -> Row:
        """A row of plain amounts; an `ncv` among them is measured and has its report."""
        data = {name: self._datum(name, rounded(value, 3 if name == "ncv" else 2)) for name, value in amounts.items()}
        return Row(table, self.line, self.process, item, data)

    def ledger(
        self, item: str, consumed: Decimal, usual: Decimal, /, sold: Decimal | None = None, **more: Decimal
    ) -> Row:
        """A fuel's ledger that gives `consumed`: about a fifth of a month's `usual` consumption lies in store at any time."""
        opening = self._stock(item, usual, self.period.month_before)
        closing = self._stock(item, usual, self.period.last_month)
        purchased = rounded(consumed) + closing - opening + (sold or Decimal(0))
        amounts = {"opening": opening, "purchased": purchased, "sold": sold or Decimal(0), "closing": closing}
        return self.row("fuel", item, **amounts, consumed=rounded(consumed), **more)

    def batches(self, item: str, mass: Decimal, ncv: Decimal) -> Iterator[Row]:
        """Two halves of what was used, one test as far above `ncv` as the other is below, so that `ncv` is their mean."""
        off = self.chance.between("0.050", "0.250", "batch", item, self.period.text)
        halves = (mass - rounded(mass / 2), ncv + rounded(off, 3)), (rounded(mass / 2), ncv - rounded(off, 3))
        for number, (half, value) in enumerate(halves, start=1):
            part = f"{self.period.text}-{number:02}"
            sampled = self.period.first + dt.timedelta(days=12 * number - 8)
            data = {
                "mass": Datum(half),
                "ncv": Datum(rounded(value, 3)),
                "report": Datum(f"JC-{part}", evidence=f"低位发热量检测报告-{self.period.text}.pdf"),
                "sampled": Datum(sampled),
                "reported": Datum(sampled + dt.timedelta(days=6)),
                "accredited": Datum(YES),
                "sound": Datum(YES),
            }
            yield Row("batch", item=item, data=data, part=part)

    def scale_of(self, item: str) -> Row:
        """The belt scale of a fuel, calibrated every May: in 2025 on the 27th, twelve days after its certificate had ended."""
        year = self.period.year - (self.period.last < dt.date(self.period.year, 5, 27))
        calibrated, late = dt.date(year, 5, 27 if year >= 2025 else 15), year == 2025
        before = dt.date(year, 5, 14) if year <= 2025 else calibrated - dt.timedelta(days=1)
        data = {
            "measures": Datum("fuel//consumed"),
            "accuracy": Datum(Decimal("0.50")),
            "calibrated": Datum(calibrated, evidence=f"皮带秤检定证书-{calibrated}.pdf"),
            "valid_until": Datum(dt.date(year + 1, 5, 26 if year >= 2025 else 14)),
            "before": Datum(before),
            "error": Datum(Decimal("0.42") if late else Decimal("0.30")),
        }
        return Row("meter", item=item, data=data, part="PDC-03")

    def stop(self, days: int, first: dt.date) -> Row:
        """That the line stood still for `days` days from `first` on."""
        data = {
            "days": Datum(Decimal(days)),
            "stopped": Datum(first),
            "restarted": Datum(first + dt.timedelta(days=days)),
        }
        return Row("stop", self.line, "", "", data)

    def _stock(self, item: str, usual: Decimal, month: str) -> Decimal:
        return of(usual, self.chance.between("0.15", "0.25", "stock", item, month))

    def _datum(self, name: str, value: Decimal) -> Datum:
        if name == "ncv":
            return self.datum(value, source="每批次检测")
        if name in ("consumed", "dry"):
            return self.datum(value, CALCULATED, "库存台账")
        if name in ("purchased", "sold"):
            return self.datum(value, source="结算单")
        return self.datum(value)
