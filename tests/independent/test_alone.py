"""The second calculator stays a second one."""

import ast
from pathlib import Path

import pytest

CALCULATOR = ("emissions.py", "quota.py", "facts.py")
PRODUCT = {"quota_site", "registry", "reporting", "allocation"}


@pytest.mark.parametrize("name", CALCULATOR)
def test_it_imports_nothing_of_the_product(name):
    tree = ast.parse((Path(__file__).parent / name).read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not {module.partition(".")[0] for module in imported} & PRODUCT
    assert "float(" not in ast.unparse(tree)
