"""Worlds that many tests begin in: built by the services once in a process, then put back as the rows and files that they consist of.

A fixture is made a `world`, and every fixture on the way to it that leaves rows behind a `part`. The first test that asks for a world
has it built before anything else of its own; later ones find its rows in the database and get copies of what its parts gave. Each test has
the world to itself: its transaction takes it away again, and no object is handed to two tests. Where it matters who or what is there before
the world (people to be told of it), the mark `anew` has it built in the order of the test's own arguments.
"""

import fcntl
import functools
import inspect
import os
import pickle
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.core.management.color import no_style
from django.db import connection, transaction

from registry.models import JournalHead

Made = TypeVar("Made")
Rows = dict[str, list[Any]]


@dataclass(frozen=True)
class Kept:
    """A world put away: its rows by table, the journal's end, the folder of its files, its parts pickled as one, so that what is one
    object stays one."""

    rows: Rows
    head: tuple[int, str]
    files: Path
    parts: bytes


@dataclass
class Standing:
    """What a test's parts gave so far, by the fixture's name."""

    parts: dict[str, Any] = field(default_factory=dict)


# By the fixtures' functions, for modules have worlds of one name: what stands together in a test is kept together.
_kept: dict[tuple[Callable[..., Any], ...], Kept] = {}
_worlds: set[Callable[..., Any]] = set()


def part(make: Callable[..., Made]) -> Callable[..., Made]:
    """Below `pytest.fixture`: what the fixture leaves in the database belongs to the worlds that it leads to."""
    name = make.__name__

    @functools.wraps(make)
    def give(*, standing_world: Standing, **asked_for: Any) -> Made:
        if name not in standing_world.parts:
            standing_world.parts[name] = make(**asked_for)
        return standing_world.parts[name]

    asked = inspect.signature(make)
    standing = inspect.Parameter("standing_world", inspect.Parameter.KEYWORD_ONLY)
    give.__signature__ = asked.replace(parameters=[*asked.parameters.values(), standing])  # type: ignore[attr-defined]
    return give


def world(make: Callable[..., Made]) -> Callable[..., Made]:
    """Below `pytest.fixture`: a part in which many tests begin."""
    give = part(make)
    _worlds.add(give)
    return give


@pytest.fixture
def standing_world() -> Standing:
    return Standing()


@pytest.fixture(autouse=True)
def _world_first(request, tmp_path_factory, _own_files, _silent_messages, _years_of_the_file_alone):
    """What the test begins in stands before its module's clock and language are set and before whatever else it makes."""
    names = _outermost_worlds(request)
    if not names or _commits(request) or request.node.get_closest_marker("anew"):
        return
    known = request.node._fixtureinfo.name2fixturedefs
    begun_in = tuple(known[name][-1].func for name in names)
    request.getfixturevalue("db")
    if begun_in in _kept:
        request.getfixturevalue("standing_world").parts.update(_put_back(_kept[begun_in]))
        return
    before = _rows()
    for name in names:
        request.getfixturevalue(name)
    cache.clear()  # as it is for those for whom the world is put back
    _kept[begun_in] = _put_away(before, request.getfixturevalue("standing_world"), tmp_path_factory.mktemp(names[0]))


def _outermost_worlds(request: pytest.FixtureRequest) -> list[str]:
    """The worlds that the test asks for, in its order, without those on the way to others."""
    known = request.node._fixtureinfo.name2fixturedefs

    def on_the_way(name: str) -> set[str]:
        asked = {each for each in known[name][-1].argnames if each in known and each != name}
        return asked.union(*map(on_the_way, asked))

    worlds = [name for name in request.fixturenames if name in known and known[name][-1].func in _worlds]
    inner = set[str]().union(*map(on_the_way, worlds))
    return [name for name in worlds if name not in inner]


def one_for_all(name: str, build: Callable[[], Made], tmp_path_factory: pytest.TempPathFactory) -> Made:
    """What takes long to build is built by one process of a test run; the others wait for it and put it back in their own databases.

    The database must hold only what the migrations wrote.
    """
    shared = tmp_path_factory.getbasetemp()
    shared = (shared.parent if "PYTEST_XDIST_WORKER" in os.environ else shared) / f"{name}-{connection.vendor}"
    shared.mkdir(exist_ok=True)
    put_away = shared / "world.pickle"
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not put_away.exists():
            before = _rows()
            built = build()
            put_away.write_bytes(pickle.dumps(_put_away(before, Standing({name: built}), shared)))
            return built
    with transaction.atomic():
        parts = _put_back(pickle.loads(put_away.read_bytes()))  # noqa: S301 (our own)
        _count_on()
    return parts[name]


def _count_on() -> None:
    """Have the database number its next rows after those that were put back: here nobody has counted them."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), apps.get_models()):
            cursor.execute(statement)


def _commits(request: pytest.FixtureRequest) -> bool:
    marker = request.node.get_closest_marker("django_db")
    fixtures = {"transactional_db", "live_server"}.intersection(request.fixturenames)
    return bool(fixtures) or (marker is not None and bool(marker.kwargs.get("transaction")))


def _put_away(before: Rows, standing: Standing, folder: Path) -> Kept:
    rows = {}
    for table, found in _rows().items():
        if table == JournalHead._meta.db_table:
            continue
        known = set(before[table])
        assert known <= set(found), f"a world changes what the migrations wrote in {table}"
        if new := [row for row in found if row not in known]:
            rows[table] = new
    files = folder / "files"
    if settings.MEDIA_ROOT.exists():
        shutil.copytree(settings.MEDIA_ROOT, files)
    if settings.JOURNAL_END_FILE.exists():
        shutil.copy(settings.JOURNAL_END_FILE, folder)
    head = JournalHead.objects.get()
    return Kept(rows, (head.sequence, head.hash), files, pickle.dumps(standing.parts))


def _put_back(kept: Kept) -> dict[str, Any]:
    _insert(kept.rows)
    sequence, digest = kept.head
    JournalHead.objects.update(sequence=sequence, hash=digest)
    if kept.files.exists():
        shutil.copytree(kept.files, settings.MEDIA_ROOT, dirs_exist_ok=True)
    journal_end = kept.files.parent / settings.JOURNAL_END_FILE.name
    if journal_end.exists():
        shutil.copy(journal_end, settings.JOURNAL_END_FILE)
    parts: dict[str, Any] = pickle.loads(kept.parts)  # noqa: S301 (our own)
    return parts


# Rows as the database itself writes them: no value is turned into Python's and back.


def _rows() -> Rows:
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        if connection.vendor == "postgresql":
            return {table: _copied(cursor, table) for table in tables}
        found = {}
        for table in tables:
            # Asked of the database itself: Django would parse the table's whole definition for its collations.
            cursor.execute(f"SELECT * FROM {table} LIMIT 0")  # noqa: S608 (names of our own tables)
            # A plus sign: what comes of an expression has no declared type by which the driver would convert it.
            names = ", ".join(f'+"{column[0]}"' for column in cursor.description)
            cursor.execute(f"SELECT {names} FROM {table}")  # noqa: S608 (names of our own tables)
            found[table] = cursor.fetchall()
        return found


def _copied(cursor: Any, table: str) -> list[bytes]:
    with cursor.copy(f"COPY {table} TO STDOUT") as lines:
        return b"".join(bytes(block) for block in lines).splitlines(keepends=True)


def _insert(rows: Rows) -> None:
    with connection.cursor() as cursor:
        for table, found in rows.items():
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {table} FROM STDIN") as lines:
                    lines.write(b"".join(found))
            else:  # past Django, which would count and log every row
                marks = ", ".join("?" * len(found[0]))
                insert = f"INSERT INTO {table} VALUES ({marks})"  # noqa: S608 (names of our own tables)
                connection.connection.executemany(insert, found)
