"""A melting line is checked as every line is; no band is known."""

from reporting.checks.sector import Checks

CHECKS = Checks()
