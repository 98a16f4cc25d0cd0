"""What follows from what in the table of a steel works."""

from reporting.accounting import items
from reporting.verification.sector import Driver, Rule

RULES = (
    Rule(
        items.EMISSIONS,
        (Driver("product.crude_steel", "crude_steel", sign=-1),),
        own=(),
        closed=False,
    ),
)
