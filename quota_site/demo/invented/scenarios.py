"""What is told of single units, so that every situation of the year can be seen somewhere in the country."""

import enum

from quota_site.demo.invented.sectors import ALUMINIUM, CEMENT, STEEL
from registry.values.sectors import Sector


class Story(enum.Enum):
    """Something that happened to a unit, or is happening to it now."""

    LOGIN = "its people are among the printed logins"
    REFUSED_UPLOAD = "uploaded a month with errors, then a corrected version"
    UNREADABLE_UPLOAD = "uploaded a file that is no workbook, then the right one"
    LATE_MONTH = "handed a month of 2025 in after its deadline"
    SENT_BACK = "had a month of 2025 sent back, and corrected it"
    REUSED_EVIDENCE = "attached a supporting file of one month to the next, with a reason"
    RETURNED_NOW = "has a month of 2026 sent back that waits for it"
    LATE_CALIBRATION = "had a belt scale calibrated twelve days late in May 2025, and its coal penalised"
    OVERDUE_2026 = "has handed nothing in since June 2026"
    CORRECTED = "had a datum of 2025 corrected by the verifier"
    CONCLUSION_SENT_BACK = "had the verifier's conclusion of 2025 sent back once"
    VERIFIED_AGAIN = "is under verification once more, for 2025"
    LATE_2024 = "surrendered for 2024 after the deadline"
    FROZEN = "has its account frozen by a court"
    AWAITS_OWN_APPROVER = "has a surrender request that waits for its own approver"
    AWAITS_PROVINCE = "has a surrender request that waits for the province"
    AWAITS_REGISTRAR = "has a surrender request that waits for the registrar"
    COMPLETE = "has surrendered in full for 2025"


# Sector and number of the unit in the sector, the home province's first; a country with fewer units begins again at the first.
CAST: tuple[tuple[Story, Sector, int], ...] = (
    (Story.LOGIN, STEEL, 0),
    (Story.LOGIN, CEMENT, 0),
    (Story.LOGIN, ALUMINIUM, 0),
    (Story.REFUSED_UPLOAD, CEMENT, 0),
    (Story.REFUSED_UPLOAD, STEEL, 2),
    (Story.UNREADABLE_UPLOAD, STEEL, 1),
    (Story.LATE_MONTH, CEMENT, 2),
    (Story.SENT_BACK, ALUMINIUM, 0),
    (Story.REUSED_EVIDENCE, STEEL, 0),
    (Story.RETURNED_NOW, STEEL, 0),
    (Story.LATE_CALIBRATION, STEEL, 0),
    (Story.OVERDUE_2026, CEMENT, 5),
    (Story.CORRECTED, STEEL, 0),
    (Story.CORRECTED, CEMENT, 1),
    (Story.CONCLUSION_SENT_BACK, CEMENT, 1),
    (Story.VERIFIED_AGAIN, CEMENT, 3),
    (Story.LATE_2024, CEMENT, 3),
    (Story.FROZEN, CEMENT, 4),
    (Story.AWAITS_OWN_APPROVER, STEEL, 0),
    (Story.AWAITS_PROVINCE, CEMENT, 0),
    (Story.AWAITS_REGISTRAR, ALUMINIUM, 0),
    (Story.COMPLETE, STEEL, 1),
    (Story.COMPLETE, CEMENT, 2),
    (Story.COMPLETE, ALUMINIUM, 1),
)

# Two provinces are behind with the determination of 2025: one has to approve its runs yet, the other's letter waits at the registrar.
UNAPPROVED, UNISSUED = "460000", "630000"
