"""The words that docs/glossary.md retires are in no message, no document, no comment and no name of the product."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.test_catalogue import CATALOGUE, ROOT, entries

GLOSSARY = ROOT / "docs" / "glossary.md"
APPS = ("allocation", "registry", "reporting", "quota_site")

# Stored or published: tables, journal acts, keys of manifests and results, whose names outlive a better word.
STORED = {"ConfirmedOddity", "PotMovement", "pots", "pot_left", "confirmed_oddity_once", "pot_movement_once"}


def rows() -> Iterator[list[str]]:
    """The cells of every row of the glossary's tables, without the headings."""
    for line in GLOSSARY.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []
        if cells and cells[0] != "English" and set(cells[0]) != {"-"}:
            yield cells


def retired(*, everywhere: bool) -> list[str]:
    """The retired words; of `everywhere` those that aren't retired in messages alone."""
    named = [word.strip() for *_cells, last in rows() for word in last.split(",") if word.strip()]
    return [word.strip("()") for word in named if not everywhere or not word.startswith("(")]


@cache
def pattern(*, everywhere: bool) -> re.Pattern[str]:
    words = sorted(retired(everywhere=everywhere), key=len, reverse=True)
    return re.compile(rf"(?<![\w’'-])(?:{'|'.join(map(re.escape, words))})(?![\w’'-])", re.IGNORECASE)


def found(text: str, *, everywhere: bool = True) -> list[str]:
    return pattern(everywhere=everywhere).findall(text)


def sources() -> list[Path]:
    return [path for app in APPS for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts]


def documents() -> list[Path]:
    named = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return [path for path in named if path != GLOSSARY]


def told(source: str) -> Iterator[tuple[int, str]]:
    """The comments and docstrings of a module, each with its line."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.lineno, node.value.value


def names(source: str) -> Iterator[tuple[int, str]]:
    """The names in a module that aren't stored words, parted into their words."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.NAME and token.string not in STORED:
            yield token.start[0], " ".join(re.findall(r"[A-Z]?[a-z]+", token.string))


def test_the_glossary_has_four_columns_in_every_table():
    assert [cells for cells in rows() if len(cells) != 4] == []


def test_no_message_has_a_retired_word():
    messages = entries((ROOT / CATALOGUE).read_text(encoding="utf-8"))
    texts = [f"{msgid} {entry.get('msgid_plural', '')}" for (_context, msgid), entry in messages.items()]
    assert [(word, text) for text in texts for word in found(text, everywhere=False)] == []


def test_no_document_has_a_retired_word():
    read = {path: path.read_text(encoding="utf-8").splitlines() for path in documents()}
    assert [
        f"{path.relative_to(ROOT)}:{number}: {word}"
        for path, lines in read.items()
        for number, line in enumerate(lines, 1)
        for word in found(re.sub(r"`[^`]*`", "", line))
    ] == []


@pytest.mark.parametrize("kind", [told, names])
def test_no_comment_and_no_name_has_a_retired_word(kind):
    assert [
        f"{path.relative_to(ROOT)}:{line}: {word}"
        for path in sources()
        for line, text in kind(path.read_text(encoding="utf-8"))
        for word in found(text)
    ] == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("An officer sees her queue", ["her"]),
        ("The quota is determined once more.", ["once more"]),
        ("Oddities of a year", ["Oddities"]),
        ("the duty of 2025", []),
        ("potential spots, doorstep, there", []),
    ],
)
def test_a_word_is_found_whole_and_in_either_case(text, words):
    assert found(text) == words


def test_a_word_in_brackets_is_retired_in_messages():
    assert found("the duty of 2025", everywhere=False) == ["duty"]
