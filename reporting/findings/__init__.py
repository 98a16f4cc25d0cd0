"""Findings: what is wrong or odd in a workbook, each with a stable code, where it is, the rule it rests on and what to
do (`finding`); every kind of them stands in `catalogue`; `causes` puts what follows from a cause under it, `explained`
the reasons that stand in a workbook at the warnings for which they are given.
"""

from reporting.findings.causes import grouped
from reporting.findings.explained import Explained, listed, matched
from reporting.findings.finding import Finding, Reason, both, halves, in_one

__all__ = ["Explained", "Finding", "Reason", "both", "grouped", "halves", "in_one", "listed", "matched"]
