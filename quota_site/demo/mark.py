"""The mark that a demonstration leaves in the data directory: which database it made, and how far its clock is ahead.

Plain, because the settings read it: a real database served from the same directory must never run on a demonstration's clock.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def database_name(database: Mapping[str, Any]) -> str:
    """A database as the mark names it, from its settings."""
    place = f"{database['HOST']}:{database['PORT']}/" if database.get("HOST") else ""
    return f"{database['ENGINE'].rpartition('.')[2]}:{place}{database['NAME']}"


def write(path: Path, database: Mapping[str, Any], clock_offset_seconds: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"database": database_name(database), "clock_offset_seconds": clock_offset_seconds}))


def clock_offset(path: Path, database: Mapping[str, Any]) -> int | None:
    """By how many seconds the clock of this database's demonstration is ahead of the real one; None where it is none."""
    if not path.exists():
        return None
    marked = json.loads(path.read_text())
    return int(marked["clock_offset_seconds"]) if marked["database"] == database_name(database) else None
