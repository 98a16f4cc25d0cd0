"""What follows from what in the table of an electrolysis process."""

from reporting.accounting import items
from reporting.verification.sector import Driver, Rule

RULES = (Rule("effect", (Driver("effect", items.OUTPUT),), own=("effect",)),)
