"""The Chinese catalogue says everything that the code says, nothing fuzzy, nothing missing; the compiled file is its own.

The messages are gathered as `makemessages` gathers them, in a copy of the tree, and compared with the committed catalogue.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.utils import translation

from tests.conftest import leave_out

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ("manage.py", "quota_site", "registry", "reporting", "allocation", "templates")
CATALOGUE = Path("quota_site/locale/zh_Hans/LC_MESSAGES/django.po")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|\{\w+\}")

Entry = dict[str, str | bool]


@pytest.fixture(scope="module", autouse=True)
def _gettext_tools():
    if not all(map(shutil.which, ("xgettext", "msgfmt", "msgcat"))):
        leave_out("gettext", "its tools (xgettext, msgfmt) are not installed")


@pytest.fixture(scope="module")
def gathered(tmp_path_factory) -> dict[tuple[str, str], Entry]:
    """What makemessages makes of the tree and the committed catalogue."""
    tree = tmp_path_factory.mktemp("tree")
    for source in SOURCES:
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, tree / source, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / source, tree / source)
    # The folder for scripts that the settings name must exist in the copy, too.
    shutil.copytree(ROOT / "static", tree / "static")
    command = [sys.executable, "manage.py", "makemessages", "--locale", "zh_Hans", "--no-obsolete", "--no-location"]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "quota_site.settings"}
    subprocess.run(command, cwd=tree, env=environment, check=True, stdout=subprocess.DEVNULL)
    return entries((tree / CATALOGUE).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def committed() -> dict[tuple[str, str], Entry]:
    return entries((ROOT / CATALOGUE).read_text(encoding="utf-8"))


def entries(text: str) -> dict[tuple[str, str], Entry]:
    """The entries of a catalogue by context and msgid, without its header and what is obsolete."""
    found = {}
    for block in re.split(r"\n\s*\n", text):
        fields: dict[str, str] = {}
        current = ""
        for line in block.splitlines():
            if match := re.match(r'(msgctxt|msgid_plural|msgid|msgstr(?:\[\d\])?)\s+"(.*)"$', line):
                current = match[1]
                fields[current] = match[2]
            elif current and line.startswith('"'):
                fields[current] += line[1:-1]
        if fields.get("msgid"):
            fields["translation"] = fields.get("msgstr", fields.get("msgstr[0]", ""))
            is_fuzzy = bool(re.search(r"^#,.*\bfuzzy\b", block, re.MULTILINE))
            entry: dict[str, str | bool] = {**fields, "fuzzy": is_fuzzy}
            found[fields.get("msgctxt", ""), fields["msgid"]] = entry
    return found


def test_every_message_of_the_code_is_in_the_catalogue(gathered, committed):
    assert sorted(set(gathered) - set(committed)) == []


def test_the_catalogue_has_no_message_that_the_code_lost(gathered, committed):
    assert sorted(set(committed) - set(gathered)) == []


def test_nothing_is_untranslated_or_fuzzy(committed):
    assert [key for key, entry in committed.items() if not entry["translation"] or entry["fuzzy"]] == []


def test_messages_are_english_and_translations_chinese(committed):
    """A msgid in Chinese would stand on English pages; an English translation on Chinese ones."""
    chinese = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
    assert [msgid for _context, msgid in committed if chinese.search(msgid)] == []
    assert [key for key, entry in committed.items() if not chinese.search(str(entry["translation"]))] == []


def test_translations_keep_the_placeholders(committed):
    """A forgotten placeholder loses a number; an invented one fails when the page is shown."""
    wrong = []
    for (_context, msgid), entry in committed.items():
        known = set(PLACEHOLDER.findall(msgid + str(entry.get("msgid_plural", ""))))
        needed = set(PLACEHOLDER.findall(str(entry.get("msgid_plural", msgid))))
        used = set(PLACEHOLDER.findall(str(entry["translation"])))
        if not needed <= used <= known:
            wrong.append(msgid)
    assert wrong == []


def test_the_compiled_catalogue_is_up_to_date(tmp_path):
    compiled = tmp_path / "django.mo"
    subprocess.run(["msgfmt", "--check-format", "--output-file", str(compiled), str(ROOT / CATALOGUE)], check=True)
    assert unpacked(compiled) == unpacked((ROOT / CATALOGUE).with_suffix(".mo"))


def unpacked(compiled: Path) -> str:
    """The text of a compiled catalogue; its bytes may differ from one gettext version to the next."""
    done = subprocess.run(["msgunfmt", str(compiled)], check=True, capture_output=True, text=True)
    return "\n".join(line for line in done.stdout.splitlines() if "POT-Creation-Date" not in line)


def test_what_is_submitted_is_not_handed_in(committed):
    """The glossary has one word for it; a page that is read in English has no other."""
    other = re.compile(r"\bhand(s|ed|ing)?( \w+){0,3} in\b", re.IGNORECASE)
    assert [msgid for _context, msgid in committed if other.search(msgid)] == []


@pytest.mark.parametrize(
    ("context", "message", "chinese"),
    [
        ("a month", "Accept", "审核通过"),
        ("a mandate", "Accept", "接受"),
        ("a mandate", "accepted", "已接受"),
        ("when", "Submitted", "提交时间"),
        ("an objection", "Filed", "提出时间"),
        ("of an amount", "Left", "剩余量"),
    ],
)
def test_a_short_label_says_what_it_means_in_its_place(context, message, chinese):
    """One English word stands for several acts; each place has its own Chinese one."""
    with translation.override("zh-hans"):
        assert translation.pgettext(context, message) == chinese
        assert translation.gettext(message) != chinese or (context, message) == ("a month", "Accept")
    with translation.override("en"):
        assert translation.pgettext(context, message) == message


def test_the_units_yearly_plan_has_the_name_of_the_law():
    """It is 数据质量控制方案 (regulations art. 11 and 21), in every sentence of the product and of its documents."""
    wrong = re.compile("控制计划")
    retires = ROOT / "docs" / "glossary.md"  # names the wrong one in its column of retired words
    read = [
        path
        for folder in (*SOURCES[1:], "docs", "static", "README.md", "CHANGELOG.md")
        for path in ([ROOT / folder] if (ROOT / folder).is_file() else (ROOT / folder).rglob("*"))
        if path.suffix in {".py", ".toml", ".html", ".txt", ".po", ".js", ".json", ".md"}
    ]
    found = [path for path in read if path != retires and wrong.search(path.read_text(encoding="utf-8"))]
    assert [str(path.relative_to(ROOT)) for path in found] == []
    assert any(path.suffix == ".po" for path in read)
