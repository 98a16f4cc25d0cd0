"""What reporting tells people, and whom (`events`); that every act is told, or why not, is one table (`recipients`)."""

from reporting.notifications.events import (
    KINDS,
    clerks_of,
    of_package,
    plan_decided,
    plan_prepared,
    plan_submitted,
    report_filed,
    report_prepared,
    report_returned,
    verification_approved,
    verification_assigned,
    verification_concluded,
    verification_returned,
    verification_taken_back,
    verification_withdrawn,
)

__all__ = [
    "KINDS",
    "clerks_of",
    "of_package",
    "plan_decided",
    "plan_prepared",
    "plan_submitted",
    "report_filed",
    "report_prepared",
    "report_returned",
    "verification_approved",
    "verification_assigned",
    "verification_concluded",
    "verification_returned",
    "verification_taken_back",
    "verification_withdrawn",
]
