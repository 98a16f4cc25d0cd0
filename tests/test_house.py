"""The house holds: import-linter's contracts say no when they are broken, and every room's `__init__` names what stands in it."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
APPS = ("registry", "reporting", "allocation", "quota_site")
# A line that breaks just this contract, and the module it is put into.
BROKEN = {
    "registry <- reporting <- allocation <- quota_site": (
        "registry/law/dated.py",
        "import allocation.method.line_facts",
    ),
    "no circle between rooms or files": ("allocation/method/line_facts.py", "import allocation.method.balance"),
    "rooms of registry": ("registry/models/units.py", "import registry.web.paging"),
    "rooms of reporting": ("reporting/review/acts.py", "import reporting.web.filters"),
    "rooms of allocation": ("allocation/models/runs.py", "import allocation.runs.acts"),
    "plain rooms know no database": ("allocation/method/line_facts.py", "import registry.models"),
}
# What Django wants to find by these names, and folders that hold one file for each noun.
UNTOLD = {"models", "migrations", "management", "commands", "templatetags", "views", "forms", "tables", "law_data"}
# Folders that hold one folder for each thing, listed nowhere.
UNLISTED = {"quota_site/sectors"}
DJANGO = {"__init__", "apps", "urls", "models", "migrations", "management", "templatetags"}
DATABASE = re.compile(r"django\.db($|\.models$)")
PLAIN = (
    *("registry/law", "registry/values", "registry/permissions", "registry/files/tables"),
    *("reporting/findings", "reporting/content", "reporting/guidelines", "reporting/accounting", "reporting/workbook"),
    *("reporting/control_plan", "reporting/checks", "allocation/plans", "allocation/method"),
)
# Enumerations and conditions are Django's, and need no database.
HARMLESS = {"registry/values/sectors.py", "registry/permissions/roles.py", "registry/permissions/owners.py"}


@pytest.fixture(scope="module")
def contracts(tmp_path_factory) -> dict[str, str]:
    """Each contract with what import-linter says of it in a copy in which all of them are broken."""
    tree = tmp_path_factory.mktemp("house")
    for app in APPS:
        shutil.copytree(ROOT / app, tree / app, ignore=shutil.ignore_patterns("__pycache__", "*.po", "*.mo"))
    shutil.copy(ROOT / "pyproject.toml", tree)
    for module, line in BROKEN.values():
        path = tree / module
        path.write_text(path.read_text(encoding="utf-8") + f"\n\n{line}\n", encoding="utf-8")
    linter = Path(sys.executable).with_name("lint-imports")
    said = subprocess.run([linter, "--no-cache"], cwd=tree, capture_output=True, text=True, check=False)
    assert said.returncode == 1, said.stdout
    return dict(re.findall(r"^(.+) (KEPT|BROKEN)$", said.stdout, re.MULTILINE))


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_contract_is_told(contracts, name):
    assert contracts[name] == "BROKEN"


def test_every_contract_was_broken(contracts):
    assert set(contracts) == set(BROKEN)


def packages() -> list[Path]:
    found = (path.parent for app in APPS for path in (ROOT / app).rglob("__init__.py"))
    return sorted(path for path in found if not UNTOLD & set(path.relative_to(ROOT).parts) and path.parent != ROOT)


@pytest.mark.parametrize("package", packages(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_room_tells_what_stands_in_it(package):
    told = ast.get_docstring(ast.parse((package / "__init__.py").read_text(encoding="utf-8"))) or ""
    if str(package.relative_to(ROOT)) in UNLISTED:
        return
    inside = {path.stem for path in package.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert {name for name in inside - {"__init__"} if f"`{name}`" not in told} == set()


@pytest.mark.parametrize("folder", PLAIN)
def test_plain_rooms_ask_no_database(folder):
    for path in (ROOT / folder).rglob("*.py"):
        imported = {
            node.module
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.ImportFrom)
        }
        asked = {name for name in imported if name and DATABASE.match(name)}
        assert not asked or str(path.relative_to(ROOT)) in HARMLESS, path


def test_no_folder_is_a_drawer():
    entries = {
        folder: {path.stem for path in folder.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
        for app in APPS
        for folder in {path.parent for path in (ROOT / app).rglob("*.py")}
        if "migrations" not in folder.parts
    }
    assert {
        str(folder.relative_to(ROOT)): len(held - DJANGO) for folder, held in entries.items() if len(held - DJANGO) > 20
    } == {}
