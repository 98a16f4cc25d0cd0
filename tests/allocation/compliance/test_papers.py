"""Papers as PDF: the letter, notices, certificate and award; the same content gives the same bytes; nothing is fetched."""

import pytest
from django.urls import reverse

from allocation import letters
from allocation.compliance import surrender
from allocation.letters import issuance
from allocation.models import AdjustmentNotice, Award, Certificate
from registry.models import Line
from registry.values import figures
from registry.web import pdf
from tests.cast import at
from tests.conftest import leave_out

pytestmark = pytest.mark.pages

SURRENDERED, AGAIN = at("2026-11-02 09:00"), at("2026-11-16 09:00")


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

    monkeypatch.setattr("registry.web.pdf._weasyprint", lacking)
    for address in addresses:
        page = client_for(officer, "en").get(address, {"format": "pdf"})
        assert page["Content-Type"].startswith("text/html")
        assert "PDF not available" in page.content.decode()


def test_a_paper_fetches_nothing(can_make_pdf, tmp_path, caplog):
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET")
    for link in (secret.as_uri(), "http://127.0.0.1:9/x.png"):
        body = f'<p>一</p><img src="{link}" alt="x"><link rel="stylesheet" href="{link}">'
        made = pdf.written(f'<html lang="zh"><title>一</title><body>{body}</body></html>')
        assert made.startswith(b"%PDF-")
    assert "fetches nothing" in caplog.text


@pytest.fixture
def later(noticed, unit, verify, determined_again, officer, approver, hebei, clerk, unit_approver, registrar_approver):
    """The adjustment notice of 甲 after its result fell to 900,000, and the certificate that it then earned by what it had
    surrendered in time."""
    duty = surrender.request(unit, 2025, {2025: 900_000}, by=clerk, at=SURRENDERED)
    duty = surrender.approve(surrender.confirm(duty, by=unit_approver, at=SURRENDERED), by=approver, at=SURRENDERED)
    surrender.execute(duty, by=registrar_approver, at=SURRENDERED)
    verify(Line.objects.get(unit=unit), 2025, 900_000, "810000", "900000", when=AGAIN)
    run = determined_again(AGAIN)
    letter = letters.write(hebei, 2025, run.kind, number="更正1号", by=officer, at=AGAIN)
    return letters.send(letter, by=officer, at=AGAIN)


def test_an_adjustment_notice_and_a_certificate_are_pdfs_too(
    later, can_make_pdf, registrar_operator, registrar_approver, client_for, clerk
):
    issuance.execute(issuance.prepare(later, by=registrar_operator, at=AGAIN), by=registrar_approver, at=AGAIN)
    certificate, adjustment = Certificate.objects.get(), AdjustmentNotice.objects.get()
    client = client_for(clerk)
    for name, paper in (("certificate", certificate), ("adjustment", adjustment)):
        address = reverse(f"allocation:{name}", args=[paper.pk])
        answer = client.get(address, {"format": "pdf"})
        assert answer["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF-")
        assert client.get(address, {"format": "pdf"}).content == answer.content
    page = client.get(reverse("allocation:certificate", args=[certificate.pk])).content.decode()
    # When it was complete, and not when the certificate was made.
    assert f"完成清缴日期：{figures.day_in_full(SURRENDERED)}" in page
    assert page.index("根据《碳排放权交易管理暂行条例》第十四条") < page.index("特此证明")
    notice = client.get(reverse("allocation:adjustment", args=[adjustment.pk])).content.decode()
    assert "根据《碳排放权交易管理暂行条例》第九条，你单位" in notice
    assert f"河北省生态环境厅（印章）<br>{figures.day_in_full(AGAIN)}" in notice


def test_without_what_it_takes_an_adjustment_notice_is_ready_for_print(later, client_for, clerk, monkeypatch):
    def lacking():
        raise pdf.UnavailableError("no pango")

    monkeypatch.setattr("registry.web.pdf._weasyprint", lacking)
    address = reverse("allocation:adjustment", args=[AdjustmentNotice.objects.get().pk])
    page = client_for(clerk, "en").get(address, {"format": "pdf"})
    assert page["Content-Type"].startswith("text/html")
    assert "PDF not available" in page.content.decode()
    assert "99,118" in page.content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_table_lies_within_its_page(can_make_pdf, addresses, officer, client_for, language, monkeypatch):
    """A table that is wider than the page is cut off in print, and its sectors' names were broken letter by letter."""
    papers = []
    monkeypatch.setattr(pdf, "written", lambda html: papers.append(html) or b"%PDF-")
    for address in addresses:
        client_for(officer, language).get(address, {"format": "pdf"})
    weasyprint = pdf._weasyprint()
    style = weasyprint.CSS(string=pdf._style())
    for paper in papers:
        for page in weasyprint.HTML(string=paper).render(stylesheets=[style]).pages:
            room = page._page_box.content_box_x() + page._page_box.width
            tables = [box for box in page._page_box.descendants() if box.element_tag == "table"]
            assert all(box.position_x + box.margin_width() <= room + 0.5 for box in tables)
    assert len(papers) == len(addresses)
