"""What follows from what in the table of a clinker line."""

from reporting.accounting import items
from reporting.verification.sector import Driver, Rule

RULES = (
    Rule(
        "process",
        (
            Driver("clinker.", items.OUTPUT, "clinker_ef"),
            Driver("alternative.carbide_slag", "carbide_slag", "carbide_slag_deduction", sign=-1),
        ),
        own=("clinker.", "alternative."),
        floor=True,
    ),
)
