"""Supporting files of the demonstration: one page of PDF that says for whom and which month it was made up."""


def paper(*lines: str) -> bytes:
    """A PDF of one page with these lines under the word 示例; equal lines give equal bytes.

    No font is embedded, so that a file has a kilobyte: viewers bring Helvetica themselves, and most a font for Chinese.
    """
    shown = [_text(line, 780 - 30 * number) for number, line in enumerate(("SAMPLE", "示例", *lines))]
    content = b"\n".join(shown)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /C 5 0 R /L 8 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [6 0 R] >>",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /FontDescriptor 7 0 R "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /DW 1000 >>",
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 "
        b"/Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    written, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    table = b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<< /Size %d /Root 1 0 R >>\n" % (size, rows, size)
    return written + table + b"startxref\n%d\n%%%%EOF\n" % len(written)


def _text(line: str, height: int) -> bytes:
    font, code = ("L", "ascii") if line.isascii() else ("C", "utf-16-be")
    return b"BT /%b 16 Tf 60 %d Td <%b> Tj ET" % (font.encode(), height, line.encode(code).hex().encode())
