"""A zip is looked into without being unpacked anywhere: names, junk, bombs, passwords."""

import io
import zipfile
from typing import Any

import pytest

from reporting.filing import zip_archive
from reporting.filing.zip_archive import ArchiveLimits, UnusableArchiveError
from reporting.findings import Finding

LIMITS = ArchiveLimits(entries=10, file_bytes=3_000_000, unpacked_bytes=8_000_000, ratio=100)


def zipped(*files: tuple[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as made:
        for name, data in files:
            made.writestr(name, data)
    return buffer.getvalue()


def named(raw: bytes, *, utf8: bool = False) -> bytes:
    """A zip of one file whose name is these very bytes, with or without the flag that says they are UTF-8."""
    placeholder = "x" * len(raw)
    data = bytearray(zipped((placeholder, b"1")))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.index(signature) + flags
        data[place + 1] = 0x08 if utf8 else 0
    return bytes(data).replace(placeholder.encode(), raw)


def look(data: bytes, limits: ArchiveLimits = LIMITS) -> list[tuple[str, bool]]:
    with zip_archive.opened(data) as opened:
        return [(entry.name, entry.junk) for entry in zip_archive.entries(opened, limits)]


def first(data: bytes, limits: ArchiveLimits = LIMITS) -> Any:
    """The first file's content, or the finding that it is not read for."""
    with zip_archive.opened(data) as opened:
        return zip_archive.unpacked(opened, zip_archive.entries(opened, limits)[0], limits)


@pytest.mark.parametrize(
    ("raw", "utf8"),
    [("7月填报.xlsx".encode("gbk"), False), ("7月填报.xlsx".encode(), False), ("7月填报.xlsx".encode(), True)],
)
def test_chinese_names_are_read_however_they_were_written(raw, utf8):
    assert look(named(raw, utf8=utf8)) == [("7月填报.xlsx", False)]


def test_plain_names_stay_as_they_are():
    assert look(named(b"2025-07.xlsx")) == [("2025-07.xlsx", False)]


def test_a_name_in_code_page_437_is_still_a_name():
    assert len(look(named(b"\x81\xff.xlsx"))) == 1  # neither UTF-8 nor GB 18030


@pytest.mark.parametrize(
    "name",
    ["__MACOSX/._7.xlsx", "厂区/.DS_Store", "Thumbs.db", "a/~$7.xlsx", "._7.xlsx", "厂区/", "desktop.ini"],
)
def test_junk_is_marked(name):
    assert look(zipped((name, b""), ("7.xlsx", b"1"))) == [(name, True), ("7.xlsx", False)]


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "C:\\Windows\\x.xlsx", "a/../../x.xlsx"])
def test_a_path_leads_nowhere(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert first(zipped((name, b"content"))) == b"content"
    assert list(tmp_path.iterdir()) == []


def test_names_carry_no_control_characters():
    assert look(zipped(("a\r\nb\u202e.xlsx", b"1"))) == [("ab.xlsx", False)]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "damaged"),
        (b"no zip at all", "damaged"),
        (zipped(("a", b"1"))[:-10], "damaged"),
        (zipped(), "empty"),
        (zipped((".DS_Store", b"x"), ("folder/", b"")), "empty"),
        (zipped(*((str(number), b"1") for number in range(11))), "many"),
        (zipped(*((str(number), b"\x00" * 2_900_000) for number in range(3))), "large"),  # 8.7 MB of at most 8
    ],
    ids=["nothing", "text", "cut off", "no file", "junk only", "eleven files", "unpacks too large"],
)
def test_what_cannot_be_looked_into_is_refused_as_a_whole(data, reason):
    with pytest.raises(UnusableArchiveError) as caught:
        look(data)
    assert caught.value.reason == reason


def test_at_the_limits_it_is_taken():
    assert len(look(zipped(*((str(number), b"1") for number in range(10))))) == 10
    assert first(zipped(("a", b"1" * 3_000_000), compression=zipfile.ZIP_STORED)) == b"1" * 3_000_000


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (zipped(("a", b"1" * 3_000_001), compression=zipfile.ZIP_STORED), "file.too_large"),
        (zipped(("a", b"\x00" * 2_000_000)), "file.bomb"),  # packed a thousand times
        (zipped(("a", b"1"), compression=zipfile.ZIP_LZMA), "file.unsafe"),
    ],
)
def test_a_file_that_asks_too_much_is_not_unpacked(data, code):
    found = first(data)
    assert isinstance(found, Finding)
    assert found.code == code


def with_flag(data: bytes) -> bytes:
    changed = bytearray(data)
    changed[changed.index(b"PK\x03\x04") + 6] |= 1
    changed[changed.index(b"PK\x01\x02") + 8] |= 1
    return bytes(changed)


def test_a_password_is_told():
    assert first(with_flag(zipped(("a", b"1")))).code == "file.encrypted"


def test_a_damaged_file_is_told():
    data = zipped(("a", b"content"), compression=zipfile.ZIP_STORED)
    assert first(data.replace(b"content", b"CONTENT")).code == "file.damaged"  # its checksum no longer holds


def test_a_forged_size_gives_no_more_than_it_declares():
    data = bytearray(zipped(("a", b"\x00" * 2_000_000)))
    place = data.index(b"PK\x01\x02") + 24
    data[place : place + 4] = (10).to_bytes(4, "little")
    assert first(bytes(data)).code == "file.damaged"
