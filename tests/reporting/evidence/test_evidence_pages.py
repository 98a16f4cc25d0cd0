"""Supporting files through the pages: attached and withdrawn by the clerk, looked at by whoever may see the package."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from quota_site.demo.invented.papers import paper
from registry import files
from reporting import evidence, review
from reporting.filing import intake
from reporting.models import Evidence, Package
from tests.cast import at
from tests.confirming import confirm
from tests.reporting import story

CSP, DISPOSITION = "Content-Security-Policy", "Content-Disposition"


@pytest.fixture
def page(package) -> str:
    return reverse("reporting:package", args=[package.pk])


def upload(name: str = "台账.pdf", text: str = "a") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, paper(text))


def attach(browser, package: Package, *given: SimpleUploadedFile, **typed):
    address = reverse("reporting:evidence_attach", args=[package.pk])
    return browser.post(address, {"supporting": list(given), **typed})


def test_the_clerk_attaches_several_files_and_submits(package, submission, page, clerk, officer, client_for):
    browser = client_for(clerk, "en")
    before = browser.get(page).text
    submit = reverse("reporting:submission_submit", args=[submission.pk])
    assert "0 of 3 kinds attached" in before
    assert submit not in before
    done = attach(browser, package, upload(), upload("检定证书.pdf", "b"), covers=["metal", "stops"])
    assert done.url == f"{page}#next"
    after = browser.get(page).text
    assert "2 files attached: 台账.pdf, 检定证书.pdf" in after
    assert "3 of 3 kinds attached" in after
    assert submit in after
    first, second = Evidence.objects.order_by("pk")
    assert set(first.covers) == {"anode", "metal", "power", "stops"}  # ticked, and named in the workbook
    assert second.covers == ["metal", "stops"]
    assert reverse("reporting:evidence", args=[second.pk]) in after
    confirm(browser, submit)
    seen = client_for(officer, "en").get(page).text
    assert "检定证书.pdf" in seen
    assert first.sha256[:12] in seen
    assert reverse("reporting:evidence_withdraw", args=[first.pk]) not in seen
    assert reverse("reporting:evidence_attach", args=[package.pk]) not in seen


def test_a_refusal_stands_at_the_field_with_everything_typed(package, clerk, client_for):
    shown = attach(
        client_for(clerk, "en"),
        package,
        SimpleUploadedFile("a.pdf", b"<html>"),
        upload("b.png"),
        covers=["metal", "power"],
        reuse_reason="同一批 <b>",
    )
    assert shown.status_code == 422
    errors = shown.context["evidence_form"].errors["supporting"]
    assert len(errors) == 2
    assert "a.pdf can" in errors[0]
    assert "b.png can" in errors[1]
    assert "同一批 &lt;b&gt;" in shown.text
    assert shown.text.count("checked") == 2
    assert not Evidence.objects.exists()


def test_each_file_is_told_by_itself(package, clerk, client_for):
    """In one zone a sound file, the same bytes again, and one that is none: the first is attached, the others are told there."""
    address = reverse("reporting:evidence_attach", args=[package.pk])
    given = [upload("检定证书.pdf", "c"), upload("副本.pdf", "c"), SimpleUploadedFile("x.pdf", b"<html>")]
    shown = client_for(clerk, "en").post(address, {"zone-metal": given})
    assert shown.status_code == 422
    assert "1 file attached: 检定证书.pdf" in shown.text
    told = shown.context["evidence_form"].errors
    assert list(told) == ["zone-metal"]
    assert "副本.pdf is the same file as 检定证书.pdf" in told["zone-metal"][0]
    assert "x.pdf can" in told["zone-metal"][1]
    assert [each.covers for each in Evidence.objects.all()] == [["metal"]]
    assert {problem.url for problem in shown.context["work"].problems} == {"#id_zone-metal"}
    assert "1 of 3 kinds attached" in shown.text


def test_one_file_in_two_zones_supports_both(package, clerk, client_for):
    address = reverse("reporting:evidence_attach", args=[package.pk])
    given = {"zone-metal": [upload("证明.pdf", "d")], "zone-anode": [upload("证明.pdf", "d")]}
    assert client_for(clerk).post(address, given).status_code == 302
    assert set(Evidence.objects.get().covers) == {"metal", "anode"}


def test_a_duplicate_of_what_is_attached_is_told_at_its_zone(package, clerk, client_for):
    address, browser = reverse("reporting:evidence_attach", args=[package.pk]), client_for(clerk, "en")
    browser.post(address, {"zone-metal": [upload("证明.pdf", "d")]})
    shown = browser.post(address, {"zone-anode": [upload("证明.pdf", "d")]})
    assert "证明.pdf is already attached" in shown.context["evidence_form"].errors["zone-anode"][0]


def test_without_a_file_the_field_says_so(package, clerk, client_for):
    shown = attach(client_for(clerk, "en"), package, covers=["metal"])
    assert shown.status_code == 422
    assert "Choose the supporting files." in shown.text


def test_a_file_used_before_is_flagged_with_its_reason(unit, package, clerk, officer, client_for):
    attach(client_for(clerk), package, upload())
    august = story.read(unit, "2025-08", clerk)
    browser = client_for(clerk, "en")
    refused = attach(browser, august.package, upload())
    assert "already used for 2025-07" in refused.context["evidence_form"].errors["supporting"][0]
    attach(browser, august.package, upload(), reuse_reason="同一批煤")
    intake.submit(august, by=clerk, at=story.READ_AT)
    seen = client_for(officer, "en").get(reverse("reporting:package", args=[august.package_id])).text
    assert "used before" in seen
    assert "同一批煤" in seen


def test_withdrawn_through_the_page(package, page, clerk, client_for):
    browser = client_for(clerk, "en")
    attach(browser, package, upload())
    browser.post(reverse("reporting:evidence_withdraw", args=[Evidence.objects.get().pk]))
    assert "0 of 3 kinds attached" in browser.get(page).text


def test_what_the_workbook_names_and_nobody_attached(page, package, clerk, client_for):
    browser = client_for(clerk, "en")
    assert "not attached under that name" in browser.get(page).text
    attach(browser, package, upload())
    assert "not attached under that name" not in browser.get(page).text


# --- handed out -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def made(package, clerk) -> Evidence:
    return story.support(package, clerk, story.READ_AT)[0]


def test_it_leaves_only_as_a_download(made, clerk, client_for):
    response = client_for(clerk).get(reverse("reporting:evidence", args=[made.pk]))
    assert response.content == files.read(made.sha256)
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response[CSP] == "sandbox; default-src 'none'"
    assert response[DISPOSITION] == "attachment; filename*=utf-8''%E5%8F%B0%E8%B4%A6.pdf"
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("name", ['a"; filename="b.html.pdf', "a\r\nX-Evil: 1.pdf", "../../b.pdf", "\u202efdp.pdf"])
def test_no_name_breaks_the_header(name, package, clerk, client_for):
    (made,) = evidence.attach(package, [ContentFile(paper("a"), name)], covers=["metal"], by=clerk, at=story.READ_AT)
    response = client_for(clerk).get(reverse("reporting:evidence", args=[made.pk]))
    assert response.status_code == 200
    assert "X-Evil" not in response.headers
    assert response[DISPOSITION].startswith("attachment")
    assert "/" not in response[DISPOSITION]
    assert "\n" not in response[DISPOSITION]


def test_changed_on_the_disk_it_is_not_handed_out(made, page, clerk, client_for, settings):
    place = next((settings.MEDIA_ROOT / "uploads").rglob(made.sha256))
    place.write_bytes(place.read_bytes() + b"x")
    browser = client_for(clerk, "en")
    response = browser.get(
        reverse("reporting:evidence", args=[made.pk]), headers={"Referer": f"http://testserver{page}"}
    )
    assert response.status_code == 302
    assert "missing or damaged" in browser.get(response.url).text


def test_of_a_draft_only_the_unit_and_the_auditor_see_files(
    made, submission, page, clerk, unit_approver, officer, stranger_officer, rival_clerk, analyst, auditor, client_for
):
    address = reverse("reporting:evidence", args=[made.pk])

    def status(*people) -> list[int]:
        return [client_for(person).get(address).status_code for person in people]

    assert status(clerk, unit_approver, auditor) == [200, 200, 200]
    assert status(officer, analyst, stranger_officer, rival_clerk) == [404, 404, 404, 404]
    assert "台账.pdf" not in client_for(officer).get(page).text
    intake.submit(submission, by=clerk, at=story.READ_AT)
    assert status(officer, analyst) == [200, 200]
    assert status(stranger_officer, rival_clerk) == [404, 404]
    assert "台账.pdf" in client_for(officer).get(page).text


def test_what_is_corrected_after_a_return_is_a_draft_again(made, submission, package, page, clerk, officer, client_for):
    intake.submit(submission, by=clerk, at=story.READ_AT)
    review.send_back(submission, reason="检定证书过期", by=officer, at=at("2025-10-02"))
    package.refresh_from_db()
    evidence.withdraw(made, by=clerk, at=at("2025-10-03"))
    attach(client_for(clerk), package, upload("新证书.pdf", "b"), covers=["anode", "metal", "power"])
    new = Evidence.objects.latest("pk")
    his, theirs = client_for(officer), client_for(clerk)
    assert [his.get(reverse("reporting:evidence", args=[file.pk])).status_code for file in (made, new)] == [200, 404]
    assert "台账.pdf" in his.get(page).text
    assert "新证书.pdf" not in his.get(page).text
    assert "新证书.pdf" in theirs.get(page).text


def test_a_rival_attaches_and_withdraws_nothing(made, package, rival_clerk, client_for):
    rival = client_for(rival_clerk)
    assert attach(rival, package, upload(text="b"), covers=["metal"]).status_code == 404
    assert rival.post(reverse("reporting:evidence_withdraw", args=[made.pk])).status_code == 404
    assert list(Evidence.objects.all()) == [made]
    assert list(evidence.present(package)) == [made]


def test_more_files_no_more_questions(package, page, clerk, client_for):
    browser, asked = client_for(clerk), []
    for number in range(12):
        attach(browser, package, upload(f"{number}.pdf", str(number)), covers=["metal"])
        browser.get(page)  # takes the message that they were attached
        with CaptureQueriesContext(connection) as questions:
            assert f"{number}.pdf" in browser.get(page).text
        asked.append(len(questions))
    assert asked[0] == asked[-1]
