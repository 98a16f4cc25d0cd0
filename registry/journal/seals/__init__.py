"""Papers and states of record are bound to the journal: the entry of an act holds the digest of what the act made or changed.

`table` says what is bound, `content` writes a row canonically and digests it when an entry is written, `check` does so again and
compares.

`signing` keeps the system's own keys.
"""

from registry.journal.seals.table import ALL, Bound, Part, bind, bound, bound_elsewhere, elsewhere, models_within

__all__ = ["ALL", "Bound", "Part", "bind", "bound", "bound_elsewhere", "elsewhere", "models_within"]
