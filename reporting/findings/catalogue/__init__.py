"""Every kind of finding there is, in one table: code, severity, and the words for it.

Codes are stable: they are stored, answered and counted.

By where they arise: `reading`, `registers`, `checks`, `measuring`, `plans`; what a kind is stands in `kinds`.
"""

from reporting.findings.catalogue.checks import PLAUSIBLE, RULES, THRESHOLDS
from reporting.findings.catalogue.kinds import ERROR, WARNING, Kind
from reporting.findings.catalogue.measuring import MEASURING
from reporting.findings.catalogue.plans import PLANS
from reporting.findings.catalogue.reading import FILE, LAYOUT, NUMBERS, ROUNDED
from reporting.findings.catalogue.registers import RECORDS

CATALOGUE = {
    kind.code: kind for kind in (*FILE, *LAYOUT, *NUMBERS, *ROUNDED, *RULES, *PLAUSIBLE, *MEASURING, *PLANS, *RECORDS)
}

__all__ = ["CATALOGUE", "ERROR", "THRESHOLDS", "WARNING", "Kind"]
