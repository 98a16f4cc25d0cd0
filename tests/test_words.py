"""The words that docs/glossary.md retires are in no message, document, template, comment or name, those of the tests among them."""

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
FOLDERS = ("allocation", "registry", "reporting", "quota_site", "tests")


def rows() -> Iterator[list[str]]:
    """The cells of every row of the glossary's tables, without the headings."""
    for line in GLOSSARY.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []
        if cells and cells[0] != "English" and set(cells[0]) != {"-"}:
            yield cells


def retired(*, everywhere: bool) -> list[str]:
    """The retired words; of `everywhere` those that aren't retired in messages alone."""
    named = [word.strip() for *_cells, english, _chinese in rows() for word in english.split(",") if word.strip()]
    return [word.strip("()") for word in named if not everywhere or not word.startswith("(")]


def retired_in_chinese() -> list[str]:
    return [word.strip() for *_cells, chinese in rows() for word in chinese.split(",") if word.strip()]


@cache
def pattern(*, everywhere: bool) -> re.Pattern[str]:
    words = sorted(retired(everywhere=everywhere), key=len, reverse=True)
    return re.compile(rf"(?<![\w’'-])(?:{'|'.join(map(re.escape, words))})(?![\w’'-])", re.IGNORECASE)


@cache  # most names are met many times
def found(text: str, *, everywhere: bool = True) -> list[str]:
    return pattern(everywhere=everywhere).findall(text)


def sources() -> list[Path]:
    return [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py")) if path != Path(__file__)]


def pages() -> list[Path]:
    """Templates, and the style sheets and scripts that are our own."""
    named = [
        *(ROOT / "templates").rglob("*.html"),
        *(ROOT / "templates").rglob("*.txt"),
        *(ROOT / "static/css").glob("*.css"),
    ]
    return sorted([*named, *(ROOT / "static/js").glob("*.js")])


def documents() -> list[Path]:
    named = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return [path for path in named if path != GLOSSARY]


def said(source: str) -> Iterator[tuple[int, str]]:
    """What a module says, each with its line: its comments and docstrings; its names, and the strings that name something (keys, journal
    acts, names of tables and URLs), parted into their words."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string
        elif token.type == tokenize.NAME or (token.type == tokenize.STRING and _KEY.fullmatch(token.string)):
            yield token.start[0], _parted(token.string)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.lineno, node.value.value


_KEY = re.compile(r"[\"'][\w.:-]+[\"']")


@cache
def _parted(name: str) -> str:
    return " ".join(re.findall(r"[A-Z]?[a-z]+", name))


def test_the_glossary_has_five_columns_in_every_table():
    assert [cells for cells in rows() if len(cells) != 5] == []


def test_no_message_has_a_retired_word():
    messages = entries((ROOT / CATALOGUE).read_text(encoding="utf-8"))
    texts = [f"{msgid} {entry.get('msgid_plural', '')}" for (_context, msgid), entry in messages.items()]
    assert [(word, text) for text in texts for word in found(text, everywhere=False)] == []


def test_no_chinese_message_has_a_retired_word():
    messages = entries((ROOT / CATALOGUE).read_text(encoding="utf-8"))
    texts = [text for entry in messages.values() for key, text in entry.items() if key.startswith("msgstr")]
    assert [(word, text) for text in texts for word in retired_in_chinese() if word in str(text)] == []


def test_no_template_style_sheet_or_script_has_a_retired_word():
    read = {path: path.read_text(encoding="utf-8").splitlines() for path in pages()}
    assert [
        f"{path.relative_to(ROOT)}:{number}: {word}"
        for path, lines in read.items()
        for number, line in enumerate(lines, 1)
        for word in found(re.sub(r"[_-]", " ", line))
    ] == []


def test_no_template_sets_a_unit_of_measure_beside_a_word():
    """It is part of the message: Chinese writes 应清缴配额（吨）, English Due (t)."""
    beside = re.compile(r"translate [^%]*%\} \((t|tCO₂e)\)")
    assert [path.name for path in pages() if beside.search(path.read_text(encoding="utf-8"))] == []


def test_no_document_has_a_retired_word():
    read = {path: path.read_text(encoding="utf-8").splitlines() for path in documents()}
    assert [
        f"{path.relative_to(ROOT)}:{number}: {word}"
        for path, lines in read.items()
        for number, line in enumerate(lines, 1)
        for word in found(re.sub(r"`[^`]*`", "", line))
    ] == []


def test_no_comment_no_name_and_no_key_has_a_retired_word():
    assert [
        f"{path.relative_to(ROOT)}:{line}: {word}"
        for path in sources()
        for line, text in said(path.read_text(encoding="utf-8"))
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


def test_a_module_says_comments_docstrings_names_and_keys():
    module = '"""Told."""\n\n# why\noldName = call("a.key", "no key")\n'
    assert sorted(said(module)) == [(1, "Told."), (3, "# why"), (4, "a key"), (4, "call"), (4, "old Name")]


def test_a_word_in_brackets_is_retired_in_messages():
    assert found("the duty of 2025", everywhere=False) == ["duty"]
