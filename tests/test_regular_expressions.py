"""No text that somebody sends keeps a worker busy: every regular expression of the product decides in time that grows with the text."""

import ast
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
APPS = ("registry", "reporting", "allocation", "quota_site")
# What a part of a pattern may take more than once or in more than one way, and what then makes the whole fail.
PARTS = (
    "a",
    "0",
    "1,",
    "1,000",
    " ",
    "-",
    '"',
    '""',
    "/",
    "%",
    ".",
    "一",
    "１",
    "+1,",
    "01 ",
    "__",
    "1.",
    "2025-",
    "e",
    "\\",
    "#",
)
ENDS = ("", "!", "\x00")
LENGTH = 20_000


def patterns() -> Iterator[tuple[str, str | bytes]]:
    """Where each literal pattern is compiled, and the pattern."""
    for path in sorted(file for app in APPS for file in (ROOT / app).rglob("*.py")):
        text = path.read_text()
        if "re.compile" not in text:  # most files, and each worker parses what is left when it collects
            continue
        for node in ast.walk(ast.parse(text)):
            if (
                isinstance(node, ast.Call)
                and ast.unparse(node.func) == "re.compile"
                and isinstance(node.args[0], ast.Constant)
                and isinstance(pattern := node.args[0].value, str | bytes)
            ):
                yield f"{path.relative_to(ROOT)}:{node.lineno}", pattern


@pytest.mark.parametrize("pattern", [pytest.param(pattern, id=where) for where, pattern in patterns()])
def test_a_hostile_text_is_decided_on_at_once(pattern):
    compiled = re.compile(pattern)
    for part in PARTS:
        for end in ENDS:
            text = (part * LENGTH)[:LENGTH] + end
            begun = time.process_time()
            for ask in (compiled.match, compiled.fullmatch):
                ask(text if isinstance(pattern, str) else text.encode())
            assert time.process_time() - begun < 0.5, (part, end)
