"""Papers as PDF: the letter, notice, certificate and award; the same content gives the same bytes; nothing is fetched."""

import pytest
from django.urls import reverse

from allocation.models import Award
from registry import pdf
from tests.conftest import leave_out


@pytest.fixture
def can_make_pdf():
    try:
        pdf.written('<html lang="zh"><title>汉</title><p>汉</p></html>')
    except pdf.UnavailableError as error:
        leave_out("pdf", str(error))


@pytest.fixture
def addresses(noticed):
    """The letter, a notice and an award of 甲."""
    notice = noticed[0]
    award = Award.objects.filter(unit=notice.unit).select_related("run").latest("pk")
    return [
        reverse("allocation:letter", args=[award.run.letter_id]),
        reverse("allocation:notice", args=[notice.pk]),
        reverse("allocation:award", args=[award.pk]),
    ]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_each_paper_is_a_pdf_whose_bytes_are_stable(can_make_pdf, addresses, officer, client_for, language):
    client = client_for(officer, language)
    for address in addresses:
        answer = client.get(address, {"format": "pdf"})
        assert answer["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF-")
        assert client.get(address, {"format": "pdf"}).content == answer.content


def test_without_what_it_takes_the_page_says_so(addresses, officer, client_for, monkeypatch):
    def lacking():
        raise pdf.UnavailableError("no pango")

    monkeypatch.setattr("registry.pdf._weasyprint", lacking)
    for address in addresses:
        page = client_for(officer, "en").get(address, {"format": "pdf"})
        assert page["Content-Type"].startswith("text/html")
        assert "No PDF can be made here" in page.content.decode()


def test_a_paper_fetches_nothing(can_make_pdf, tmp_path, caplog):
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET")
    for link in (secret.as_uri(), "http://127.0.0.1:9/x.png"):
        body = f'<p>一</p><img src="{link}" alt="x"><link rel="stylesheet" href="{link}">'
        made = pdf.written(f'<html lang="zh"><title>一</title><body>{body}</body></html>')
        assert made.startswith(b"%PDF-")
    assert "fetches nothing" in caplog.text
