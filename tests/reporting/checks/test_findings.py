"""The catalogue of findings: complete, worded, and free of any language once stored."""

import re
from pathlib import Path

import pytest
from django.utils.translation import override

import quota_site
import reporting
from reporting.findings import Finding
from reporting.findings.catalogue import CATALOGUE, ERROR, WARNING

PLACEHOLDER = re.compile(r"%\((\w+)\)s")
FOLDERS = (Path(reporting.__file__).parent, Path(quota_site.__file__).parent / "sectors")
SOURCES = [path.read_text() for folder in FOLDERS for path in folder.rglob("*.py") if "catalogue" not in path.parts]


@pytest.mark.parametrize("code", list(CATALOGUE))
def test_every_kind_is_worded_and_found_by_somebody(code):
    kind = CATALOGUE[code]
    assert kind.code == code
    assert kind.severity in (ERROR, WARNING)
    for words in (kind.message, kind.rule, kind.remedy):
        assert str(words).strip()
    if not code.startswith("form.other_"):  # whose codes are put together
        assert any(f'"{code}"' in source for source in SOURCES), "nobody finds it"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("code", list(CATALOGUE))
def test_a_finding_is_shown_in_either_language(code, language):
    with override("en"):
        names = PLACEHOLDER.findall(str(CATALOGUE[code].message))
    finding = Finding(code, "S", "E9", {name: f"<{name}>" for name in names})
    with override(language):
        assert all(f"<{name}>" in finding.message for name in names)
        assert "%(" not in finding.message


def test_a_finding_survives_storage():
    finding = Finding("ledger.broken", "S", "E9", {"item": "焦炭 coke", "sum": "1", "consumed": "2"})
    assert Finding.from_record(finding.record()) == finding


def test_only_errors_block():
    assert all(kind.blocks == (kind.severity == ERROR) for kind in CATALOGUE.values())
