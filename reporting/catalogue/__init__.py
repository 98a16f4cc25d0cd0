"""Every kind of finding there is, in one table: code, severity, and the words for it.

Codes are stable: they are stored, answered and counted.
"""

from reporting.catalogue.checks import PLAUSIBLE, RULES, THRESHOLDS
from reporting.catalogue.kinds import ERROR, WARNING, Kind
from reporting.catalogue.measuring import MEASURING
from reporting.catalogue.plans import PLANS
from reporting.catalogue.reading import FILE, LAYOUT, NUMBERS, ROUNDED
from reporting.catalogue.registers import RECORDS

CATALOGUE = {
    kind.code: kind for kind in (*FILE, *LAYOUT, *NUMBERS, *ROUNDED, *RULES, *PLAUSIBLE, *MEASURING, *PLANS, *RECORDS)
}

__all__ = ["CATALOGUE", "ERROR", "THRESHOLDS", "WARNING", "Kind"]
