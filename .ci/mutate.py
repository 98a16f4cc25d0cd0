"""Mutation testing (docs/mutation.md): `python .ci/mutate.py GROUP` changes one thing at a time and asks whether a test notices.

mutmut makes the mutants. They are run here, in processes forked from one that has collected the tests, because a pytest of its own
for each of thousands takes hours: a mutant runs the tests that call its function, the quickest first, until one fails.
"""

# ruff: noqa: T201 (a program of the terminal)

import contextlib
import functools
import gc
import io
import os
import pickle
import resource
import shutil
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol
from _pytest.tmpdir import tmppath_result_key
from django.db import connection
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.state import state
from mutmut.utils.format_utils import mangled_name_from_mutant_name


def near(app: str, *names: str) -> list[str]:
    """The tests of an app of these names, in whatever room they stand."""
    return [str(path) for name in names for path in Path("tests", app).rglob(f"test_{name}.py")]


# What can be mutated at a time, and the tests near it.
GROUPS: dict[str, tuple[list[str], list[str]]] = {
    "law": (
        ["registry/law/dated.py"],
        ["tests/test_law.py", "tests/registry/test_calendar.py", "tests/registry/test_parameters.py"],
    ),
    "calendar": (["registry/law/calendar.py"], ["tests/registry/test_calendar.py"]),
    "access": (["registry/access/asking.py"], ["tests/registry/test_access.py", "tests/registry/test_mandates.py"]),
    "ledger": (["allocation/ledger/posting.py"], ["tests/allocation/ledger/test_ledger.py"]),
    "accounting": (
        ["reporting/accounting/*.py", "quota_site/sectors/*/accounting.py"],
        [
            *near(
                "reporting",
                "accounting",
                "calibration",
                "calorific",
                "year",
                "sectors",
                "account_year",
                "year_edges",
                "changing_guideline",
                "own_and_purchased",
                "flat_glass",
            ),
            "tests/independent/test_emissions.py",
        ],
    ),
    "method": (
        ["allocation/method/*.py"],
        [
            *near(
                "allocation",
                "determination",
                "balance_value",
                "settlement",
                "compliance",
                "vector",
                "influence",
                "vector_balance",
                "slag_rate",
                "outliers",
                "groups",
                "written",
                "determine_command",
                "determine_refusals",
            ),
            "tests/independent/test_quota.py",
        ],
    ),
}
DATABASE = ("access", "ledger")  # elsewhere tests that need a database are left out
LONG = (
    "million",
    "five_thousand",
    "ten_thousand",
    "whatever_is_tried",
    "needs_no_database",
    "shell_writes",
)  # parts of the names of tests that take seconds for each mutant
SENTENCES = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "pgettext"}  # what is said is no rule
OURS = ("registry", "reporting", "allocation", "quota_site")
AT_ONCE = int(os.environ.get("QUOTA_MUTANTS_AT_ONCE", "2"))


class Mutants:
    """A pytest plugin that runs the tests once for every mutant, in place of once."""

    def __init__(self, names: list[str], *, database: bool) -> None:
        self.names, self.database = names, database
        self.survived: list[str] = []
        self.running: dict[int, str] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if self._wanted(item)]

    def _wanted(self, item: pytest.Item) -> bool:
        asks = {"db", "transactional_db"} & set(getattr(item, "fixturenames", ())) or item.get_closest_marker(
            "django_db"
        )
        return (self.database or not asks) and not any(part in item.name for part in LONG)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.items = session.items
        if self.database:  # made here, once; a mutant copies it
            runtestprotocol(self.items[0], nextitem=self.items[1], log=False)
            connection.close()  # no process shares it
        self.caches = caches()
        calls, seconds = in_a_process(self._calls)
        gc.collect()
        gc.freeze()  # what is there is left where it is, and not copied for every mutant
        self._control(seconds)
        for name in self.names:
            tests = sorted(calls[mangled_name_from_mutant_name(name)], key=seconds.__getitem__)
            if not tests:
                self._over(name, survived=True, why="no test calls it")
                continue
            self._start(name, tests, sum(seconds[test] for test in tests))
            while len(self.running) >= AT_ONCE:
                self._wait()
        while self.running:
            self._wait()
        print(
            f"{len(self.names)} mutants, {len(self.survived)} survived, {len(self.names) - len(self.survived)} killed",
            file=sys.stderr,
        )
        return True

    def _control(self, seconds: list[float]) -> None:
        """No mutant at all must survive, in a process and an order like a mutant's: what kills it would kill every mutant."""
        self._start("", sorted(range(len(self.items)), key=seconds.__getitem__), sum(seconds))
        pid, status = os.wait()
        if self.database:
            without_own(pid)
        if status:
            sys.exit("the unchanged code fails where mutants are run")
        self.running.clear()

    def _calls(self) -> tuple[dict[str, set[int]], list[float]]:
        """Which tests call which function, and how long each takes; the unchanged code must pass them."""
        set_mutant_under_test("stats")
        calls, seconds = defaultdict(set), []
        for number in range(len(self.items)):
            self._forget()
            state()._stats.clear()
            began = resource.getrusage(resource.RUSAGE_SELF).ru_utime
            if not self._passes(number, (number + 1) % len(self.items)):
                raise SystemExit(f"{self.items[number].nodeid} fails without any mutant")
            seconds.append(resource.getrusage(resource.RUSAGE_SELF).ru_utime - began)
            for function in state()._stats:
                calls[function].add(number)
        return calls, seconds

    def _passes(self, number: int, following: int) -> bool:
        """Whether the test passes, without a report: to write one takes longer than most tests.

        `following` is the one that is run next: what it doesn't share is torn down, or its setup would fail.
        """
        item, other = self.items[number], self.items[following]
        item._initrequest()  # type: ignore[attr-defined]
        item.stash[tmppath_result_key] = {}
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            try:
                item.ihook.pytest_runtest_setup(item=item)
                item.ihook.pytest_runtest_call(item=item)
            except pytest.skip.Exception:
                pass
            except BaseException:
                return False
            item.ihook.pytest_runtest_teardown(item=item, nextitem=other)
        return True

    def _forget(self) -> None:
        """A mutant would live on what the unchanged code computed, and a test seem not to call what it needs."""
        for cache in self.caches:
            cache.cache_clear()

    def _start(self, name: str, tests: list[int], seconds: float) -> None:
        if pid := os.fork():
            self.running[pid] = name
            return
        limit = int(
            10 + 5 * seconds
        )  # of the processor's time: a loop without end is killed however busy the machine is
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
        set_mutant_under_test(name)
        if self.database:
            own_database()
        self._forget()
        # The test that made the database left its file standing, and the first of these may be from another.
        self.items[0].session._setupstate.teardown_exact(self.items[tests[0]])
        os._exit(0 if all(map(self._passes, tests, [*tests[1:], tests[0]])) else 1)

    def _wait(self) -> None:
        pid, status = os.wait()
        if self.database:
            without_own(pid)
        self._over(self.running.pop(pid), survived=status == 0)

    def _over(self, name: str, *, survived: bool, why: str = "") -> None:
        print("survived" if survived else "killed", name, why, file=sys.stderr, flush=True)
        if survived:
            self.survived.append(name)


def in_a_process(function: Any) -> Any:
    """What `function` gives, without its traces in this process."""
    reader, writer = os.pipe()
    if not (pid := os.fork()):
        with open(writer, "wb") as file:
            try:
                pickle.dump(function(), file)
            except SystemExit as stopped:
                print(stopped, file=sys.stderr)
        os._exit(0)
    os.close(writer)
    with open(reader, "rb") as file:
        found = file.read()
    os.waitpid(pid, 0)
    return pickle.loads(found) if found else sys.exit(1)  # noqa: S301 (our own)


def caches() -> list[Any]:
    """Where the product remembers what it has computed."""
    found = [thing for thing in gc.get_objects() if isinstance(thing, functools._lru_cache_wrapper)]
    return [cache for cache in found if str(cache.__module__).split(".")[0] in OURS]


def own_database() -> None:
    """A copy of the test database for this process alone; `without_own` drops what a server keeps of it."""
    template = connection.settings_dict["NAME"]
    connection.close()
    if connection.vendor == "postgresql":
        on_the_server(f'CREATE DATABASE "mutant_{os.getpid()}" TEMPLATE "{template}"')
        connection.settings_dict["NAME"] = f"mutant_{os.getpid()}"
        return
    name = Path(template)
    own = name.with_name(f"mutant-{os.getpid()}.sqlite3")
    for part in ("", "-wal"):  # what is written and what waits to be
        if Path(f"{name}{part}").exists():
            shutil.copy(f"{name}{part}", f"{own}{part}")
    connection.settings_dict["NAME"] = str(own)


def without_own(pid: int) -> None:
    """However the process ended."""
    if connection.vendor == "postgresql":
        on_the_server(f'DROP DATABASE IF EXISTS "mutant_{pid}" WITH (FORCE)')


def on_the_server(statement: str) -> None:
    """Beside every test's connection."""
    to = connection.get_connection_params() | {"dbname": "postgres"}
    with contextlib.closing(connection.Database.connect(**to, autocommit=True)) as server:
        server.execute(statement)


def into_decorated(visitor: Any, arrange: Any) -> Any:
    """mutmut passes over decorated functions, since its copies would be decorated too; here only the one that is called is."""
    skips = visitor._skip_node_and_children

    def plain(node: Any) -> bool:
        names = [getattr(each.decorator, "value", None) for each in node.decorators]
        return not names or names in (["staticmethod"], ["classmethod"])

    def skip(self: Any, node: Any) -> bool:
        bare = node.with_changes(decorators=[]) if type(node).__name__ == "FunctionDef" and not plain(node) else node
        return skips(self, bare)

    def arrangement(function: Any, mutants: Any, class_name: str | None) -> Any:
        if plain(function):
            return arrange(function, mutants, class_name)
        declared, nodes, *rest = arrange(function.with_changes(decorators=[]), mutants, class_name)
        called = nodes[0].with_changes(decorators=[*function.decorators, *nodes[0].decorators])
        return declared, [called, *nodes[1:]], *rest

    visitor._skip_node_and_children = skip
    return arrangement


def generate(files: list[str]) -> list[str]:
    """Write the mutants of the files beneath mutants/, and give their names."""
    # Only where mutants are made: the processes that try them need none of it.
    from mutmut import __main__ as program  # noqa: PLC0415
    from mutmut import configuration  # noqa: PLC0415
    from mutmut.mutation import file_mutation as making  # noqa: PLC0415

    configuration.config().only_mutate = files
    making.function_trampoline_arrangement = into_decorated(
        making.MutationVisitor, making.function_trampoline_arrangement
    )
    making.NEVER_MUTATE_FUNCTION_CALLS |= SENTENCES
    set_mutant_under_test("mutant_generation")
    Path("mutants").mkdir(exist_ok=True)
    program.copy_src_dir()
    program.copy_also_copy_files()
    program.setup_source_paths()
    program.create_mutants(AT_ONCE)
    found, _by_file = program.collect_source_file_mutation_data(mutant_names=())
    return [name.replace("__init__.", "") for _data, name, _result in found]


def main(group: str, *parts: str) -> int:
    files, tests = GROUPS[group]
    shutil.rmtree("mutants", ignore_errors=True)
    names = [name for name in generate(files) if not parts or any(part in name for part in parts)]
    os.chdir("mutants")
    set_mutant_under_test("")
    mutants = Mutants(names, database=group in DATABASE)
    pytest.main(["--rootdir=.", "-q", "--capture=no", *tests], plugins=[mutants])
    return int(20 * len(mutants.survived) > len(names))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
