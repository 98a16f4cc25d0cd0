"""The house, measured from its imports: `python .ci/house.py` prints rooms, arrows, floors, circles and the fullest folder of each app.

    python .ci/house.py [--at REVISION]      the table, of the working tree or of a revision
    python .ci/house.py --draw FILE.svg      the picture of docs/architecture.md: each app's rooms, floor by floor

A room is what stands directly in an app: a folder or a file. An arrow says that one room imports another of its app, a floor is what
imports only from below it, a circle is a set of files that import each other round about. Migrations are left out.
"""

# ruff: noqa: T201 (a program of the terminal)

import argparse
import ast
import io
import subprocess
import tarfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parents[1]
APPS = ("registry", "reporting", "allocation", "quota_site")
Graph = Mapping[str, set[str]]


def sources(revision: str | None) -> dict[str, str]:
    """The text of every module of the apps, by its dotted name; a package's `__init__` goes by the package's."""
    texts = _archived(revision) if revision else _standing()
    return {_module(path): text for path, text in texts if "migrations" not in path.parts}


def _standing() -> Iterator[tuple[Path, str]]:
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            yield path.relative_to(ROOT), path.read_text(encoding="utf-8")


def _archived(revision: str) -> Iterator[tuple[Path, str]]:
    command = ["git", "archive", "--format=tar", revision, *APPS]
    archive = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout  # noqa: S603
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        for member in files:
            found = files.extractfile(member) if member.name.endswith(".py") else None
            if found is not None:
                yield Path(member.name), found.read().decode()


def _module(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(modules: Mapping[str, str]) -> Graph:
    """For each module those of the apps that it imports, wherever in its text."""
    return {name: set(_imported(text, modules)) - {name} for name, text in modules.items()}


def _imported(text: str, modules: Mapping[str, str]) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield from (name for name in (full if full in modules else node.module,) if name in modules)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules)


def rooms(graph: Graph, app: str) -> dict[str, set[str]]:
    """For each room of the app the rooms that it imports."""
    found: dict[str, set[str]] = defaultdict(set)
    for name, targets in graph.items():
        room = _room(name)
        if name.startswith(f"{app}."):
            found[room] |= {_room(target) for target in targets if target.startswith(f"{app}.")} - {room}
    return found


def _room(name: str) -> str:
    return ".".join(name.split(".")[:2])


def floors(arrows: Graph) -> list[list[str]]:
    """The rooms floor by floor, from the ground up; CycleError where some stand in a circle."""
    sorter = TopologicalSorter(arrows)
    sorter.prepare()
    found = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        found.append(ready)
        sorter.done(*ready)
    return found


def circles(graph: Graph) -> list[list[str]]:
    """The sets of files that import each other round about, found by taking away what imports, or is imported by, nobody left."""
    reach = {name: _reached(graph, name) for name in graph}
    found = {frozenset({name, *(other for other in reach[name] if name in reach[other])}) for name in graph}
    return sorted(sorted(each) for each in found if len(each) > 1)


def _reached(graph: Graph, start: str) -> set[str]:
    seen: set[str] = set()
    waiting = [*graph[start]]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += graph.get(name, ())
    return seen


def fullest(modules: Iterable[str], app: str) -> tuple[str, int]:
    """The folder of the app that holds most files and folders of Python, and how many."""
    entries = {tuple(name.split(".")[: depth + 1]) for name in modules for depth in range(1, name.count(".") + 1)}
    counted = Counter(".".join(entry[:-1]) for entry in entries if entry[0] == app)
    return counted.most_common(1)[0]


def table(revision: str | None) -> Iterator[str]:
    modules = sources(revision)
    graph = imports(modules)
    yield f"{'app':<12}{'lines':>8}{'files':>7}{'rooms':>7}{'arrows':>8}{'floors':>8}   fullest folder"
    for app in APPS:
        inside = [name for name in modules if name.split(".")[0] == app]
        arrows = rooms(graph, app)
        folder, entries = fullest(modules, app)
        try:
            height = str(len(floors(arrows)))
        except CycleError:
            height = "circle"
        lines = sum(modules[name].count("\n") for name in inside)
        counts = f"{lines:>8}{len(inside):>7}{len(arrows):>7}{sum(map(len, arrows.values())):>8}{height:>8}"
        yield f"{app:<12}{counts}   {folder} {entries}"
    found = circles(graph)
    yield f"circles: {len(found)}, {sum(map(len, found))} files"
    yield from ("  " + " ".join(each) for each in found)


WIDTH, HEIGHT, GAP = 118, 24, 8


def drawing() -> str:
    """SVG: the apps side by side, the floors of each from the ground up. Arrows only ever lead down, so they need not be drawn."""
    graph = imports(sources(None))
    columns = {app: floors(rooms(graph, app)) for app in APPS}
    widest = {app: max(map(len, levels)) for app, levels in columns.items()}
    tall = max(map(len, columns.values()))
    parts, left = [], GAP
    for app, levels in columns.items():
        parts.append(f'<text x="{left}" y="18" font-weight="bold">{app}</text>')
        for level, names in enumerate(levels):
            top = 30 + (tall - level - 1) * (HEIGHT + GAP)
            parts += [_box(left + place * (WIDTH + GAP), top, name) for place, name in enumerate(names)]
        left += widest[app] * (WIDTH + GAP) + 3 * GAP
    size = f'width="{left}" height="{30 + tall * (HEIGHT + GAP)}"'
    style = 'font-family="sans-serif" font-size="12"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {style}>\n' + "\n".join(parts) + "\n</svg>\n"


def _box(left: int, top: int, name: str) -> str:
    box = f'<rect x="{left}" y="{top}" width="{WIDTH}" height="{HEIGHT}" rx="3" fill="#eef3f8" stroke="#8aa0b4"/>'
    return f'{box}<text x="{left + 6}" y="{top + 16}">{escape(name.split(".")[-1])}</text>'


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--at", metavar="REVISION")
    parser.add_argument("--draw", metavar="FILE", type=Path)
    asked = parser.parse_args()
    if asked.draw:
        asked.draw.write_text(drawing(), encoding="utf-8")
    else:
        print("\n".join(table(asked.at)))


if __name__ == "__main__":
    main()
