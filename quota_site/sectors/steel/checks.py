"""A steel works is checked as every line is; its band is the cohort's (checks.peers)."""

from reporting.checks.sector import Checks

CHECKS = Checks()
