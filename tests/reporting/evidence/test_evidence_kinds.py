"""What is taken as a supporting file: sound files of four kinds under their own names, and nothing else."""

import contextlib
import struct
import zipfile
import zlib
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from hypothesis import given
from hypothesis import strategies as st

from quota_site.demo.invented.papers import paper
from reporting import workbook
from reporting.evidence import UnfitError, told_from
from reporting.submissions.reading import clean_name
from tests.reporting import files, months

pytestmark = pytest.mark.usefixtures("in_english")

PDF = paper("91130000MA0TEST00X 2025-07", "台账")
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xda\x00\x08\x01\x01\x00\x00?\x00\x12\x34\xff\xd9"
HTML = b"<!doctype html><script>alert(1)</script>"


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    + chunk(b"IDAT", zlib.compress(b"\x00\x80"))
    + chunk(b"IEND", b"")
)


def xlsx() -> bytes:
    return workbook.filled(months.spec(months.aluminium()), months.aluminium())


def archive(**parts: bytes) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return buffer.getvalue()


def refused(data: bytes, name: str) -> str:
    with pytest.raises(UnfitError) as error:
        told_from(data, name)
    return str(error.value)


SOUND = {"PDF": (PDF, "台账.pdf"), "PNG": (PNG, "磅单.png"), "JPEG": (JPEG, "磅单.jpg")}


@pytest.mark.parametrize("kind", SOUND)
def test_sound_files_are_taken(kind):
    data, name = SOUND[kind]
    assert told_from(data, name).name == kind
    assert told_from(data, name.upper()).name == kind  # a camera's names are upper case


def test_a_workbook_is_taken():
    assert told_from(xlsx(), "台账.xlsx").media_type.endswith("spreadsheetml.sheet")
    assert told_from(files.edited(xlsx(), lambda book: None), "台账.xlsx").name == "XLSX"  # saved by another program


def test_a_jpeg_may_be_called_either_way():
    assert told_from(JPEG, "a.jpeg").media_type == told_from(JPEG, "a.jpg").media_type == "image/jpeg"


@pytest.mark.parametrize("kind", SOUND)
@pytest.mark.parametrize("name", ["a", "a.txt", "a.exe", "a.pdf.exe", "a.png.html", "a.svg", "pdf", ".docx"])
def test_the_name_must_say_what_it_is(kind, name):
    assert kind in refused(SOUND[kind][0], name)


@pytest.mark.parametrize("kind", SOUND)
def test_another_kinds_name_is_refused(kind):
    others = [name for other, (_data, name) in SOUND.items() if other != kind]
    for name in [*others, "a.xlsx"]:
        assert kind in refused(SOUND[kind][0], name)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" ",
        HTML,
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<?xml version='1.0'?><svg/>",
        b"MZ\x90\x00",
        b"#!/bin/sh\n",
        b"GIF89a",
        b"{\\rtf1}",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"Rar!\x1a\x07",
        b"7z\xbc\xaf\x27\x1c",
        b"\xef\xbb\xbf%PDF-1.4\n",
        b"\n" + PDF,
        HTML + PDF,
        b"GIF89a" + PDF,
    ],
    ids=lambda data: repr(data[:12]),
)
@pytest.mark.parametrize("name", ["a.pdf", "a.png", "a.jpg", "a.xlsx"])
def test_everything_else_is_refused(data, name):
    refused(data, name)


@pytest.mark.parametrize(
    "data",
    [
        PDF + HTML,
        PDF + b"\x00" + HTML,
        PDF + PNG,
        PDF + archive(a=b"1"),
        PDF.replace(b"%PDF-1.4\n", b"%PDF-1.4\n%" + HTML + b"\n"),
        PDF.replace(b"%PDF-1.4", b"%PDF-9.9"),
        PDF.replace(b"%PDF-1.4", b"%PDF-<sc"),
        PDF.replace(b"startxref", b"startnone"),
        PDF.replace(b"/Type /Catalog", b"/Type /Catalog /OpenAction << /S /JavaScript /JS (app.alert(1)) >>"),
        PDF.replace(b"/Type /Catalog", b"/Type /Catalog /OpenAction << /S /Launch /F (cmd.exe) >>"),
    ],
)
def test_a_pdf_that_is_more_or_less_than_a_pdf(data):
    refused(data, "a.pdf")


def with_stream(head: bytes, content: bytes) -> bytes:
    """The page with a further object before its table: a stream with this head."""
    made = b"9 0 obj\n<< " + head + b" /Length %d >>\nstream\n" % len(content) + content + b"\nendstream\nendobj\n"
    return PDF.replace(b"xref\n0 ", made + b"xref\n0 ", 1)


OBJECTS = b"/Type /ObjStm /N 1 /First 5 "
SCRIPT = b"10 0 << /S /JavaScript /JS (app.alert(1)) >>"
ACTION = b"/Type /Catalog /OpenAction << /S "


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (PDF.replace(b"/Type /Catalog", ACTION + b"/J#61vaScript /JS (app.alert(1)) >>"), "script"),
        (PDF.replace(b"/Type /Catalog", ACTION + b"/#4aavaScr#69pt /#4aS (app.alert(1)) >>"), "script"),
        (PDF.replace(b"/Type /Catalog", ACTION + b"/La#75nch /F (cmd.exe) >>"), "script"),
        (PDF.replace(b"/Type /Catalog", ACTION + b"/SubmitForm /F (http://a.example) >>"), "sends"),
        (PDF.replace(b"/Type /Catalog", ACTION + b"/Subm#69tForm /F (http://a.example) >>"), "sends"),
        (PDF.replace(b"/Type /Catalog", b"/Type /Catalog /Names << /EmbeddedFiles 9 0 R >>"), "other files"),
        (with_stream(b"/Type /EmbeddedFile", b"MZ"), "other files"),
        (with_stream(OBJECTS + b"/Filter /FlateDecode", zlib.compress(SCRIPT)), "script"),
        (with_stream(OBJECTS + b"/Filter [/FlateDecode]", zlib.compress(SCRIPT.replace(b"Java", b"J#61va"))), "script"),
        (with_stream(b"/Type /Ob#6aStm /Filter /Fl#61teDecode", zlib.compress(SCRIPT)), "script"),
        (with_stream(b"/N 1 /First 5 /Filter /FlateDecode", zlib.compress(SCRIPT)), "script"),
        (
            with_stream(OBJECTS + b"/Filter /FlateDecode", zlib.compress(b"10 0 << /EmbeddedFiles 1 0 R >>")),
            "other files",
        ),
        (
            with_stream(OBJECTS + b"/Filter [/ASCIIHexDecode /FlateDecode]", zlib.compress(SCRIPT).hex().encode()),
            "packed",
        ),
        (with_stream(OBJECTS + b"/Filter [/FlateDecode /FlateDecode]", zlib.compress(zlib.compress(SCRIPT))), "packed"),
        (with_stream(OBJECTS + b"/Filter 11 0 R", zlib.compress(SCRIPT)), "packed"),
        (with_stream(OBJECTS + b"/Filter /LZWDecode", b"x"), "packed"),
        (
            with_stream(OBJECTS + b"/Filter /FlateDecode /DecodeParms << /Predictor 12 >>", zlib.compress(SCRIPT)),
            "packed",
        ),
        (with_stream(OBJECTS + b"/Filter /FlateDecode", b"encrypted"), "packed"),
        (with_stream(OBJECTS + b"/Filter /FlateDecode", zlib.compress(bytes(80_000_000))), "packed"),
        (with_stream(b"/Subtype /Image /Width 100000 /Height 100000", b"x"), "200 million"),
        (with_stream(b"/Type /Metadata", b" " * 2_000 + HTML), "web page"),
        (with_stream(b"/Type /Metadata", b" " * 2_000 + b"<SCRIPT src=x>"), "web page"),
    ],
)
def test_a_pdf_that_hides_more_than_a_printed_page(data, why):
    assert why in refused(data, "a.pdf")


@pytest.mark.parametrize(
    "data",
    [
        with_stream(OBJECTS + b"/Filter /FlateDecode", zlib.compress(b"10 0 << /Type /Font /S /GoTo >>")),
        with_stream(OBJECTS, b"10 0 << /Type /Font >>"),
        with_stream(
            b"/Filter [/ASCII85Decode /DCTDecode] /Subtype /Image /Width 9933 /Height 14043", b"x"
        ),  # A0, 300 dpi
        with_stream(b"/Type /Metadata", b"<?xpacket begin=''?><x:xmpmeta/>" + b"<?xml version='1.0'?>"),
        with_stream(b"/Filter /FlateDecode", zlib.compress(b"BT (#41 a page's text) Tj ET")),
    ],
)
def test_what_printers_and_scanners_write_is_taken(data):
    assert told_from(data, "a.pdf").name == "PDF"


def of_size(width: int, height: int) -> dict[str, bytes]:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    frame = b"\xff\xc0\x00\x0b\x08" + struct.pack(">HH", height % 65536, width % 65536) + b"\x01\x01\x11\x00"
    return {
        "a.png": PNG[:8] + header + PNG[8 + 25 :],
        "a.jpg": JPEG.replace(b"\xff\xda", frame + b"\xff\xda", 1),
    }


@pytest.mark.parametrize(("name", "width", "height"), [("a.png", 100_000, 100_000), ("a.jpg", 65_000, 65_000)])
def test_a_picture_that_fills_the_memory(name, width, height):
    assert "200 million" in refused(of_size(width, height)[name], name)
    assert told_from(of_size(20_000, 10_000)[name], name).media_type


def test_a_web_page_in_a_picture():
    text = chunk(b"tEXt", b"Comment\x00" + b" " * 2_000 + HTML)
    assert "web page" in refused(PNG[: 8 + 25] + text + PNG[8 + 25 :], "a.png")
    comment = b"\xff\xfe" + struct.pack(">H", 2 + len(HTML)) + HTML
    assert "web page" in refused(JPEG[:2] + comment + JPEG[2:], "a.jpg")


def test_a_pdf_that_is_an_archive_at_the_same_time():
    """A zip is read from its end: one in a PDF's comment, with the PDF's end in the zip's own comment, opens as both."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        made.writestr("evil.exe", b"MZ")
        made.comment = b"\nstartxref\n0\n%%EOF"
    assert "archive" in refused(b"%PDF-1.4\n" + buffer.getvalue(), "a.pdf")


def test_white_space_behind_the_end_is_nothing():
    assert told_from(PDF + b"\r\n\x00 ", "a.pdf").name == "PDF"


@pytest.mark.parametrize("kind", SOUND)
def test_cut_off_anywhere_it_is_refused(kind):
    data, name = SOUND[kind]
    whole = data.rstrip()
    for length in range(len(whole)):
        refused(whole[:length], name)


@pytest.mark.parametrize("data", [PNG, JPEG])
@pytest.mark.parametrize("tail", [HTML, b"x", PDF, archive(a=b"1")], ids=["html", "byte", "pdf", "zip"])
def test_nothing_hangs_behind_a_picture(data, tail):
    refused(data + tail, "a.png" if data is PNG else "a.jpg")


def test_every_byte_of_a_png_counts():
    for place in range(len(PNG)):
        changed = bytearray(PNG)
        changed[place] ^= 0x01
        refused(bytes(changed), "a.png")


def test_an_archive_is_no_workbook():
    docx = archive(**{"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"})
    assert "DOCX" in refused(docx, "a.xlsx")
    refused(archive(a=b"1"), "a.xlsx")
    refused(archive(a=b"1"), "a.pdf")


def test_a_workbook_with_macros_is_refused():
    refused(files.rebuilt(xlsx(), lambda name, content: content, **{"xl/vbaProject.bin": b"\xd0\xcf"}), "a.xlsx")


def test_a_bomb_is_refused():
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/workbook.xml", b" " * 70_000_000)
    refused(buffer.getvalue(), "a.xlsx")


@given(st.binary(max_size=400), st.sampled_from(["", "%PDF-1.4", "\x89PNG\r\n\x1a\n", "\xff\xd8\xff", "PK\x03\x04"]))
def test_no_bytes_break_it(data, start):
    """Whatever comes is told or refused, never an error of another kind."""
    for name in ("a.pdf", "a.png", "a.jpg", "a.xlsx"):
        with contextlib.suppress(UnfitError):
            told_from(start.encode("latin-1") + data, name)


@given(st.text(max_size=400))
def test_no_name_breaks_it(name):
    cleaned = clean_name(name + ".pdf", "")
    assert told_from(PDF, cleaned).name == "PDF"
    assert len(cleaned) <= 200
    assert not set(cleaned) & set("/\\\r\n\x00\u202e\u200f")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\甲\\台账.pdf", "台账.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie: x=1.pdf"),
        ("\u202efdp.exe.pdf", "fdp.exe.pdf"),
        ("账" * 300 + ".pdf", "账" * 196 + ".pdf"),
        ("\x00\x01a.pdf", "a.pdf"),
    ],
)
def test_names_are_made_fit(name, kept):
    assert clean_name(name) == kept
    assert told_from(ContentFile(PDF).read(), clean_name(name)).name == "PDF"
