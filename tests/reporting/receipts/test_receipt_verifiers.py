"""Both verifiers, the site's command and the single file, see the same in every receipt. Neither needs a database."""

import ast
import json
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from registry.journal.seals import signing
from reporting import receipts
from tests.reporting.receipt_cases import EVIDENCE, TAMPERED, UNUSABLE, WORKBOOK, tampered, true

SINGLE = Path(__file__).resolve().parents[3] / "static" / "receipts" / "verify_receipt.py"
CODES = {"signature", "key", "journal", "statement", "workbook", "evidence"}

Seen = tuple[int, dict[str, str]]


@pytest.fixture(autouse=True)
def keys(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"


@pytest.fixture
def files(tmp_path):
    """What somebody has in hand: the workbook, the evidence, the published keys."""
    (tmp_path / "book.xlsx").write_bytes(WORKBOOK)
    (tmp_path / "report.pdf").write_bytes(EVIDENCE)
    return tmp_path


def seen(code: int, lines: str) -> Seen:
    found = (line.split(maxsplit=2)[:2] for line in lines.splitlines() if line.startswith(("ok ", "FAILED ", "- ")))
    return code, {check: word for word, check in found}


def by_the_command(receipt: Path, *arguments: str | Path) -> Seen:
    out = StringIO()
    try:
        call_command("verify_receipt", str(receipt), *map(str, arguments), stdout=out)
    except CommandError as error:
        return seen(error.returncode, out.getvalue())
    return seen(0, out.getvalue())


def by_the_single_file(receipt: Path, *arguments: str | Path) -> Seen:
    """Isolated (-I): nothing of ours can be imported."""
    command = [sys.executable, "-I", str(SINGLE), str(receipt), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert "Traceback" not in done.stderr
    return seen(done.returncode, done.stdout)


def by_both(files: Path, data: bytes, *arguments: str | Path) -> Seen:
    receipt = files / "receipt.json"
    receipt.write_bytes(data)
    (files / "keys.json").write_text(json.dumps(signing.published()))
    given = (*arguments, "--keys", files / "keys.json")
    site, single = by_the_command(receipt, *given), by_the_single_file(receipt, *given)
    assert site == single
    return site


@pytest.mark.parametrize("case", TAMPERED)
def test_both_find_what_was_tampered_with(case, files):
    data, fails = tampered(case)
    code, words = by_both(files, data, "--workbook", files / "book.xlsx", "--evidence", files / "report.pdf")
    assert {check for check, word in words.items() if word == "FAILED"} == fails
    assert {check for check, word in words.items() if word == "ok"} == CODES - fails
    assert code == (1 if fails else 0)


@pytest.mark.parametrize("case", UNUSABLE)
def test_both_refuse_what_is_no_receipt(case, files):
    assert by_both(files, UNUSABLE[case]()) == (2, {})


def test_how_the_file_is_laid_out_makes_no_difference(files):
    document = true()
    turned = {"public_key": document["public_key"], **document, "receipt": dict(reversed(document["receipt"].items()))}
    data = b"\xef\xbb\xbf" + json.dumps(turned, indent=7, ensure_ascii=True).encode()
    assert by_both(files, data)[0] == 0


def test_what_was_not_given_is_said_not_to_be_checked(files):
    code, words = by_both(files, json.dumps(true()).encode())
    assert code == 0
    assert {check for check, word in words.items() if word == "-"} == {"workbook", "evidence"}


@pytest.mark.parametrize("name", ["book.xlsx", "report.pdf"])
def test_one_byte_changed_in_a_file_is_found(name, files):
    changed = bytearray((files / name).read_bytes())
    changed[5] ^= 1
    (files / name).write_bytes(changed)
    data = json.dumps(true()).encode()
    code, words = by_both(files, data, "--workbook", files / "book.xlsx", "--evidence", files / "report.pdf")
    failed = {check for check, word in words.items() if word == "FAILED"}
    assert (code, failed) == (1, {"workbook" if name == "book.xlsx" else "evidence"})


def test_of_several_evidence_files_each_must_be_known(files):
    (files / "other.pdf").write_bytes(b"another")
    data = json.dumps(true()).encode()
    assert by_both(files, data, "--evidence", files / "report.pdf")[0] == 0
    assert by_both(files, data, "--evidence", files / "other.pdf", files / "report.pdf")[0] == 1


@pytest.mark.parametrize("option", ["--workbook", "--evidence"])
def test_a_file_that_is_not_there_can_t_be_used(option, files):
    data, _fails = tampered("evidence left out")
    assert by_both(files, data, option, files / "missing")[0] == 2


@pytest.mark.parametrize("content", [b"", b"\xff", b"[]", b"{}", b'{"keys": [1]}', b'{"keys": [{"public_key": "?"}]}'])
def test_keys_that_are_none_can_t_be_used(content, files):
    receipt, keys = files / "receipt.json", files / "keys.json"
    receipt.write_text(json.dumps(true()))
    keys.write_bytes(content)
    assert by_the_command(receipt, "--keys", keys) == by_the_single_file(receipt, "--keys", keys) == (2, {})


def test_without_published_keys_no_key_is_known(files):
    receipt, keys = files / "receipt.json", files / "keys.json"
    receipt.write_text(json.dumps(true()))
    keys.write_text('{"keys": []}')
    site, single = by_the_command(receipt, "--keys", keys), by_the_single_file(receipt, "--keys", keys)
    assert site == single
    assert (site[0], site[1]["key"]) == (1, "FAILED")


def test_a_receipt_outlives_the_key_that_signed_it(files):
    data = json.dumps(true()).encode()
    signing.rotate()
    assert by_both(files, data)[0] == 0


def test_the_command_knows_the_keys_of_its_own_installation(files, settings):
    (files / "receipt.json").write_text(json.dumps(true()))
    assert by_the_command(files / "receipt.json")[0] == 0
    settings.DATA_DIR = files / "elsewhere"
    assert by_the_command(files / "receipt.json")[1]["key"] == "FAILED"


def test_the_single_file_needs_nothing_but_cryptography():
    tree = ast.parse(SINGLE.read_text())
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    others = {name.split(".")[0] for name in imported} - sys.stdlib_module_names
    assert others == {"cryptography"}


def test_both_know_the_same_format_and_limit():
    source = SINGLE.read_text()
    assert f'FORMAT = "{receipts.FORMAT}"' in source
    assert receipts.LIMIT_BYTES == 1024 * 1024
    assert "LIMIT_BYTES = 1024 * 1024" in source
