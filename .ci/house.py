"""The house, measured from its imports: `python .ci/house.py` prints rooms, arrows, floors, circles and the fullest folder of each app.

    python .ci/house.py [--at REVISION]      the table, of the working tree or of a revision
    python .ci/house.py --draw FILE.svg      the picture of docs/architecture.md: each app's rooms, floor by floor

A room is what stands directly in an app: a folder or a file. An arrow says that one room imports another of its app, a floor is what
imports only from below it, a circle is a set of files that import each other round about. Migrations are left out.
"""

# ruff: noqa: T201 (a program of the terminal)

import argparse
import ast
import functools
import io
import subprocess
import tarfile
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

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


# What Django demands by name stands at the top of every app and says nothing of it.
DEMANDED = {"apps", "urls", "management"}
SAYS = {
    "registry": "who and what",
    "reporting": "what was emitted",
    "allocation": "what may be emitted, and is owed",
    "quota_site": "the wiring",
}
# Fill and line of the three rings; a ring's rooms stand in import-linter's contract, on a page, or between.
RINGS = {
    "plain": ("#e3f1e5", "#5d9468"),
    "kept and acting": ("#e6eef8", "#5d82ad"),
    "web and wiring": ("#f6ecd9", "#b08a45"),
}
WEB = {"web", "templatetags"}
ABREAST, WIDTH, HEIGHT, ACROSS, DOWN, TOP, EDGE = 3, 112, 28, 12, 20, 78, 16
Place = tuple[float, float]


def drawing() -> str:
    """SVG: the apps side by side, each from its ground floor up; a line leads down to what a room imports, unless another leads there."""
    graph = imports(sources(None))
    rows = {app: _rows(rooms(graph, app)) for app in APPS}
    tall = TOP + max(map(len, rows.values())) * (HEIGHT + DOWN) + EDGE
    parts, left = [], float(EDGE)
    for app in APPS:
        wide = max(map(len, rows[app])) * (WIDTH + ACROSS) - ACROSS + 2 * EDGE
        parts += [
            f'<rect x="{left}" y="12" width="{wide}" height="{tall - 12}" rx="10" fill="#f7f8fa" stroke="#d9dee5"/>',
            f'<text x="{left + EDGE}" y="38" font-size="16" font-weight="600">{app}</text>',
            f'<text x="{left + EDGE}" y="56" fill="#5b6673">{SAYS[app]}</text>',
            *_panel(rows[app], rooms(graph, app), left, wide, tall),
        ]
        left += wide + EDGE
    size = f'viewBox="0 0 {left:.0f} {tall + 44}" width="{left:.0f}" height="{tall + 44}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="system-ui, sans-serif" font-size="13" fill="#1f2933">'
    return (
        "\n".join([head, '<rect width="100%" height="100%" fill="#fff"/>', *parts, *_legend(tall + 18), "</svg>"])
        + "\n"
    )


def _rows(arrows: Graph) -> list[list[str]]:
    """The floors from the ground up, a wide one in several rows; rooms that know nothing of each other one over the other."""
    shown = {room: targets for room, targets in arrows.items() if _name(room) not in DEMANDED}
    found = []
    for floor in floors(shown):
        parts = -(-len(floor) // (ABREAST if any(shown.values()) else 1))
        found += [floor[part::parts] for part in range(parts)]
    return found


def _panel(rows: list[list[str]], arrows: Graph, left: float, wide: float, tall: float) -> Iterator[str]:
    places = _places(rows, arrows, left + wide / 2, tall)
    for room, (x, y) in places.items():
        for below in sorted(_next_below(arrows, room)):
            to_x, to_y = places[below][0], places[below][1] - HEIGHT
            half = (to_y - y) / 2
            curve = f"M{x:.0f} {y:.0f}C{x:.0f} {y + half:.0f} {to_x:.0f} {to_y - half:.0f} {to_x:.0f} {to_y:.0f}"
            yield f'<path d="{curve}" fill="none" stroke="#9aa7b5" stroke-width="1.2" opacity=".75"/>'
    yield from (_box(x - WIDTH / 2, y - HEIGHT, room) for room, (x, y) in places.items())


def _places(rows: list[list[str]], arrows: Graph, middle: float, tall: float) -> dict[str, Place]:
    """Where the foot of each room stands; rooms of a row stand over what they import, so that few lines cross."""
    places: dict[str, Place] = {}
    for level, row in enumerate(rows):
        ordered = sorted(row, key=lambda room: (_over(room, arrows, places, middle), room))
        start = middle - (len(row) - 1) * (WIDTH + ACROSS) / 2
        for place, room in enumerate(ordered):
            places[room] = (start + place * (WIDTH + ACROSS), tall - EDGE - level * (HEIGHT + DOWN))
    return places


def _over(room: str, arrows: Graph, places: Mapping[str, Place], middle: float) -> float:
    below = [places[target][0] for target in _next_below(arrows, room) if target in places]
    return sum(below) / len(below) if below else middle


def _next_below(arrows: Graph, room: str) -> set[str]:
    """What the room imports and reaches by no other room."""
    return {
        each for each in arrows[room] if not any(each in _reached(arrows, other) for other in arrows[room] - {each})
    }


def _name(room: str) -> str:
    return room.rpartition(".")[2]


def _ring(room: str) -> str:
    if room in _plain() or room == "quota_site.sectors":
        return "plain"
    return "web and wiring" if _name(room) in WEB or room.startswith("quota_site.") else "kept and acting"


@functools.cache
def _plain() -> frozenset[str]:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    return frozenset(next(contract["source_modules"] for contract in contracts if contract["id"] == "plain"))


def _box(left: float, top: float, room: str) -> str:
    fill, line = RINGS[_ring(room)]
    box = f'<rect x="{left:.0f}" y="{top:.0f}" width="{WIDTH}" height="{HEIGHT}" rx="5" fill="{fill}" stroke="{line}"/>'
    name = f'<text x="{left + WIDTH / 2:.0f}" y="{top + 19:.0f}" text-anchor="middle">{_name(room)}</text>'
    return f"<g>{box}{name}</g>"


def _legend(top: float) -> Iterator[str]:
    left = EDGE
    for name, (fill, line) in RINGS.items():
        yield f'<rect x="{left}" y="{top}" width="22" height="14" rx="3" fill="{fill}" stroke="{line}"/>'
        yield f'<text x="{left + 30}" y="{top + 12}">{name}</text>'
        left += 56 + 8 * len(name)
    said = "Lines lead down to what a room imports; apps import to the left only."
    yield f'<text x="{left + 24}" y="{top + 12}" fill="#5b6673">{said}</text>'


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
