"""The documents hold together: every link leads somewhere, and the Chinese pages say the same commands and settings as the English ones."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
BLOCK = re.compile(r"```.*?```", re.DOTALL)
SETTING = re.compile(r"^\| `([A-Z_]+)`", re.MULTILINE)


def read(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page):
    links = {link for link in LINK.findall(page.read_text(encoding="utf-8")) if "://" not in link}
    assert {link for link in links if not (page.parent / link).exists()} == set()


@pytest.mark.parametrize(
    ("english", "chinese"), [("README.md", "README.zh.md"), ("docs/deployment.md", "docs/zh/deployment.md")]
)
def test_the_chinese_page_has_the_same_commands_and_settings(english, chinese):
    assert BLOCK.findall(read(chinese)) == BLOCK.findall(read(english))
    assert SETTING.findall(read(chinese)) == SETTING.findall(read(english))


def test_every_page_and_decision_is_on_the_list():
    listed = set(LINK.findall(read("docs/README.md")))
    docs = ROOT / "docs"
    assert {str(page.relative_to(docs)) for page in docs.rglob("*.md")} - listed - {"README.md"} == set()
