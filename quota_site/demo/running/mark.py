"""The mark that a demonstration leaves in the data directory: which database it made, and how far its clock is ahead.

Plain, because the settings read it: a real database served from the same directory must never run on a demonstration's clock. A database
file in the directory is named by its place in it, so that a directory that is moved or copied stays a demonstration.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def database_name(database: Mapping[str, Any], data_dir: Path | None = None) -> str:
    """A database as the mark names it, from its settings; a file in the data directory by its place there."""
    place = f"{database['HOST']}:{database['PORT']}/" if database.get("HOST") else ""
    name = str(database["NAME"])
    if data_dir is not None and not place and Path(name).is_absolute():
        inside = _inside(Path(name), data_dir)
        name = name if inside is None else inside
    return f"{database['ENGINE'].rpartition('.')[2]}:{place}{name}"


def write(path: Path, database: Mapping[str, Any], clock_offset_seconds: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    named = database_name(database, path.parent)
    path.write_text(json.dumps({"database": named, "clock_offset_seconds": clock_offset_seconds}))


def clock_offset(path: Path, database: Mapping[str, Any]) -> int | None:
    """By how many seconds the clock of this database's demonstration is ahead of the real one; None where it is none."""
    if not path.exists():
        return None
    marked = json.loads(path.read_text())
    return int(marked["clock_offset_seconds"]) if _is_of(marked["database"], path.parent, database) else None


def foreign(path: Path, database: Mapping[str, Any]) -> str:
    """The database of which a mark beside this one speaks, where it is another; "" where there is no such mark."""
    if not path.exists():
        return ""
    marked = str(json.loads(path.read_text())["database"])
    return "" if _is_of(marked, path.parent, database) else marked


def _is_of(marked: str, data_dir: Path, database: Mapping[str, Any]) -> bool:
    if marked in (database_name(database), database_name(database, data_dir)):
        return True
    # Marks of before named the file by its whole path, which is another one once the directory has been moved.
    engine, _colon, name = marked.partition(":")
    here = database_name(database, data_dir)
    return Path(name).is_absolute() and here == f"{engine}:{Path(name).name}"


def _inside(file: Path, data_dir: Path) -> str | None:
    """The file's place in the directory; None where it lies elsewhere."""
    try:
        return file.resolve().relative_to(data_dir.resolve()).as_posix()
    except ValueError:
        return None
