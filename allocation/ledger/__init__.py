"""The ledger: every movement is posted in double entry (`posting`), from and to accounts that are opened, frozen and
reconciled (`accounts`); every transaction still is what was posted (`soundness`); the exchange's trades are booked
(`trades`).
"""

from allocation.ledger.posting import (
    Movement,
    MovementsError,
    Posting,
    Share,
    digest_of,
    obstacles,
    post,
    post_all,
    release,
    release_all,
    reserve,
    reserve_all,
)

__all__ = [
    "Movement",
    "MovementsError",
    "Posting",
    "Share",
    "digest_of",
    "obstacles",
    "post",
    "post_all",
    "release",
    "release_all",
    "reserve",
    "reserve_all",
]
