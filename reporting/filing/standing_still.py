"""A month in which nothing ran: its workbook is written with one press and comes in like any other.

It says that every line was stopped on all days, and that what lay in store lies there still; meters stay listed.
"""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from registry.access import acting
from registry.models import Person
from registry.permissions import Act
from registry.refusal import Refusal
from reporting import workbook
from reporting.content import CALCULATED, Content, Datum, Row, days_in
from reporting.filing import blanks, intake
from reporting.models import Package, Upload
from reporting.workbook import BlankSpec
from reporting.workbook.definition import Words

__all__ = ["content_of", "take_in"]

SOURCE = Words("上期期末库存，本期全部停产", "closing stock of the period before; nothing ran")


@acting(Act.UPLOAD_PACKAGE)
def take_in(package: Package, *, by: Person, at: dt.datetime) -> Upload:
    """Write the workbook and take it in; it is read, checked and submitted like any other. Refused as an upload would be."""
    spec = blanks.known_before(package)
    if not spec.lines:
        raise Refusal(_("No line of the unit existed in %(period)s: nothing is required.") % {"period": package.period})
    data = workbook.filled(spec, content_of(spec))
    return intake.receive(package, data, f"{package.period}.xlsx", by=by, at=at, way="standing_still")


def content_of(spec: BlankSpec) -> Content:
    """What such a period says."""
    codes = tuple(line.code for line in spec.lines)
    meters = (meter for meter in spec.meters if meter.line in ("", *codes))
    rows = (*_ledgers(spec), *_stops(spec, codes), *meters)
    return Content(spec.sector, spec.period, spec.unit_code, codes, rows)


def _ledgers(spec: BlankSpec) -> Iterator[Row]:
    for item, stock in spec.opening_stocks.items():
        none = Decimal(0)
        amounts = {"opening": stock, "purchased": none, "sold": none, "closing": stock, "consumed": none}
        data = {name: Datum(amount, CALCULATED, SOURCE.text) for name, amount in amounts.items()}
        yield Row("fuel", item=item, data=data)


def _stops(spec: BlankSpec, codes: tuple[str, ...]) -> Iterator[Row]:
    for code in codes:
        yield Row("stop", code, data={"days": Datum(Decimal(days_in(spec.period)))})
