"""Receipts on the pages: on the package, on paper, as a file; and the page on which anybody verifies one."""

import copy
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from registry import files as kept
from registry.jobs import nightly
from registry.journal.seals import signing
from registry.models import Job, JournalEntry
from registry.values.canonical import sha256
from reporting import receipts, review
from reporting.models import Receipt, Submission, Upload
from reporting.receipts import giving as receipting
from tests.cast import at
from tests.reporting import story
from tests.reporting.receipt_cases import EVIDENCE, TAMPERED, UNUSABLE, anchored, sealed, statement, tampered, true
from tests.reporting.story import book

VERIFY = "/reporting/receipts/verify/"


@pytest.fixture(autouse=True)
def keys(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"


@pytest.fixture
def accepted(unit, process, clerk, officer) -> Submission:
    submission = story.submitted(unit, "2025-09", clerk)
    review.accept(submission, by=officer, at=at("2025-10-09 10:30"))
    return submission


@pytest.fixture
def last(accepted) -> Receipt:
    return Receipt.objects.latest("pk")


@pytest.fixture
def post(client_for, registrar_operator):
    """Verify as somebody who has nothing to do with packages."""
    client = client_for(registrar_operator, "en")

    def send(data: bytes, workbook: bytes | None = None, evidence: tuple[tuple[str, bytes], ...] = ()):
        files: dict[str, Any] = {"receipt": SimpleUploadedFile("receipt.json", data)}
        files["evidence"] = [SimpleUploadedFile(name, content) for name, content in evidence]
        if workbook is not None:
            files["workbook"] = SimpleUploadedFile("book.xlsx", workbook)
        return client.post(VERIFY, files)

    return send


def failed(response) -> set[str]:
    return {check.code for check in response.context["checks"] if check.stands is False}


def test_the_package_shows_its_receipts(accepted, client_for, officer, clerk):
    for person in (officer, clerk):
        page = client_for(person, "en").get(reverse("reporting:package", args=[accepted.package_id]))
        for receipt in Receipt.objects.all():
            assert receipt.short in page.content.decode()
            assert reverse("reporting:receipt_file", args=[receipt.pk]) in page.content.decode()


def test_a_draft_shows_none(unit, process, clerk, client_for):
    submission = story.read(unit, "2025-09", clerk)
    page = client_for(clerk, "en").get(reverse("reporting:package", args=[submission.package_id]))
    assert list(page.context["receipts"]) == []
    assert ">Receipts<" not in page.content.decode()


def test_the_paper_says_what_the_receipt_says(last, client_for, officer):
    content = last.content()
    page = client_for(officer, "en").get(reverse("reporting:receipt", args=[last.pk])).content.decode()
    for text in ("26,745", "2025-10-01 09:00", "2025-10-09 10:30", content["workbook"]["sha256"], content["key_id"]):
        assert text in page
    assert content["content_sha256"] in page
    assert content["journal"]["hash"] in page
    assert "Enterprise clerk" in page


def test_the_file_is_the_envelope(last, client_for, clerk):
    response = client_for(clerk).get(reverse("reporting:receipt_file", args=[last.pk]))
    assert response.content.decode() == receipting.envelope_of(last)
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert receipts.parse(response.content).receipt["kind"] == "accepted"


@pytest.mark.parametrize("address", ["reporting:receipt", "reporting:receipt_file"])
def test_who_may_not_see_the_package_does_not_see_its_receipt(address, last, client_for, rival_clerk, stranger_officer):
    for person in (rival_clerk, stranger_officer):
        assert client_for(person).get(reverse(address, args=[last.pk])).status_code == 404


def test_the_keys_are_public(client, db):
    signature = signing.sign(b"")
    response = client.get("/receipts/keys.json")
    assert response.status_code == 200
    assert receipts.published_keys(response.content) == {signature.key_id: signature.public_key}


def test_a_true_receipt_stands(last, post, unit):
    response = post(receipting.envelope_of(last).encode(), book(unit, "2025-09"))
    assert response.status_code == 200
    assert response.context["stands"]
    stands = {check.code: check.stands for check in response.context["checks"]}
    assert stands.pop("evidence") is None  # none was brought along
    assert list(stands.values()) == [True] * 6
    assert "The receipt is valid" in response.content.decode()
    assert "26,745" in response.content.decode()


def test_another_workbook_fails(last, post, unit):
    response = post(receipting.envelope_of(last).encode(), book(unit, "2025-09", anode="8001"))
    assert failed(response) == {"workbook"}
    assert "The receipt is not valid" in response.content.decode()


@pytest.fixture
def with_evidence() -> bytes:
    """A receipt that names 报告.pdf, 台账.pdf and 盘点.pdf."""
    more = [
        {"name": name, "size": 5, "sha256": sha256(name.encode()), "datum": "fuel:anode:ncv"}
        for name in ("台账.pdf", "盘点.pdf")
    ]
    stated = statement()
    return json.dumps(sealed(anchored(stated | {"evidence": [*stated["evidence"], *more]}))).encode()


def test_every_file_has_its_verdict(with_evidence, post):
    response = post(with_evidence, evidence=(("renamed.pdf", EVIDENCE), ("台账.pdf", b"other"), ("x.pdf", b"")))
    verdicts = {check.about: (check.stands, check.altered) for check in response.context["files"]}
    assert verdicts == {"renamed.pdf": (True, False), "台账.pdf": (False, True), "x.pdf": (False, False)}
    assert response.context["not_given"] == ["盘点.pdf"]
    assert failed(response) == {"evidence", "chain"}
    page = response.content.decode()
    for word in ("belongs", "altered", "not named", "not given"):
        assert f">{word}<" in page


def test_the_evidence_that_was_submitted_belongs(last, post):
    files = [(file.name, kept.read(file.sha256)) for file in last.package.evidence.all()]
    response = post(receipting.envelope_of(last).encode(), evidence=tuple(files))
    assert response.context["stands"]
    assert [check.stands for check in response.context["files"]] == [True] * len(files) != []
    assert response.context["not_given"] == []


def test_files_beyond_any_limit_are_refused_by_name_and_all_at_once(last, post, settings):
    settings.UPLOAD_LIMIT_BYTES, settings.EVIDENCE_LIMIT_BYTES = 3, 4
    settings.EVIDENCE_LIMIT_FILES, settings.BULK_LIMIT_BYTES = 2, 9
    files = (("a.pdf", b"12345"), ("b.pdf", b"1"), ("c.pdf", b"12345"))
    response = post(receipting.envelope_of(last).encode(), b"1234", files)
    assert response.status_code == 422
    errors = response.context["form"].errors
    assert [len(errors[name]) for name in ("workbook", "evidence")] == [1, 4]
    assert "checks" not in response.context
    for name, shown in (("a.pdf", True), ("b.pdf", False), ("c.pdf", True)):
        assert any(name in fault for fault in errors["evidence"]) is shown


def test_a_receipt_that_the_journal_does_not_know_fails(post):
    """Signed by our key and whole in itself, as somebody with the private key could make it."""
    assert failed(post(json.dumps(true()).encode())) == {"chain"}


@pytest.mark.parametrize(
    "case", [case for case, (_change, fails) in TAMPERED.items() if fails - {"workbook", "evidence"}]
)
def test_what_was_tampered_with_fails_here_too(case, post):
    data, fails = tampered(case)
    response = post(data)
    assert response.status_code == 200
    assert failed(response) == (fails - {"workbook", "evidence"}) | {"chain"}


@pytest.mark.parametrize("case", UNUSABLE)
def test_what_is_no_receipt_is_told_so_beside_the_field(case, post):
    response = post(UNUSABLE[case]())
    assert response.status_code == 422
    assert len(response.context["form"].errors["receipt"]) == 1
    assert "checks" not in response.context


def test_nothing_chosen_is_told_so(client_for, clerk):
    response = client_for(clerk, "en").post(VERIFY)
    assert response.status_code == 422
    assert "receipt" in response.context["form"].errors


def test_an_empty_workbook_is_told_so(last, post):
    response = post(receipting.envelope_of(last).encode(), b"")
    assert response.status_code == 422
    assert "workbook" in response.context["form"].errors


def test_nothing_of_it_is_kept(last, post):
    before = (Upload.objects.count(), JournalEntry.objects.count(), Job.objects.count())
    post(receipting.envelope_of(last).encode(), b"a workbook", (("a.pdf", b"a file"),))
    assert (Upload.objects.count(), JournalEntry.objects.count(), Job.objects.count()) == before


def test_what_it_says_is_shown_as_text(post):
    document = true()
    document["receipt"]["unit"]["name"] = "<script>alert(1)</script>"
    page = post(json.dumps(document).encode()).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_every_role_may_verify(client_for, clerk, verifier, officer, registrar_approver, analyst, auditor):
    for person in (clerk, verifier, officer, registrar_approver, analyst, auditor):
        page = client_for(person, "en").get(VERIFY)
        assert page.status_code == 200
        assert f'href="{VERIFY}"' in page.content.decode()  # the way there is at every page's foot


def test_the_page_says_when_the_chain_was_last_found_whole(last, post, do_jobs, monkeypatch):
    assert "last verified" not in post(receipting.envelope_of(last).encode()).content.decode()
    nightly.ask(at("2025-10-10 02:00"))
    do_jobs()
    monkeypatch.setattr("registry.law.clock.now", lambda: at("2025-10-10 09:00"))
    page = post(receipting.envelope_of(last).encode()).content.decode()
    assert "last verified at 2025-10-10 02:00" in page


# The fixtures' keys and client serve every example alike.
CALM: dict[str, Any] = {
    "deadline": None,
    "derandomize": True,
    "database": None,
    "suppress_health_check": [HealthCheck.function_scoped_fixture],
}
leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
values = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
)


def _places(value: Any, path: tuple = ()) -> list[tuple]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, each in inner for place in _places(each, (*path, key)))]


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A true receipt of which one to three values became something else, were lost, or came in addition."""
    document = copy.deepcopy(true())
    for _ in range(draw(st.integers(1, 3))):
        *path, key = draw(st.sampled_from(_places(document)[1:]))
        target = document
        for step in path:
            target = target[step]
        if isinstance(target, dict) and draw(st.booleans()):
            target.pop(key)
            target[draw(st.sampled_from([key, "other"]))] = draw(values)
        else:
            target[key] = draw(values)
    return json.dumps(document, ensure_ascii=draw(st.booleans())).encode("utf-8", "surrogatepass")


@example(data=b'{"": null}')
@given(data=st.binary(max_size=300) | values.map(lambda value: json.dumps(value).encode()) | mutated())
@settings(max_examples=300, **CALM)
def test_no_file_whatever_breaks_the_verifier_or_passes(data):
    try:
        envelope = receipts.parse(data)
    except receipts.UnusableReceiptError:
        return
    found = receipts.verify(envelope, signing.public_keys())
    same = envelope.receipt == receipts.parse(json.dumps(true()).encode()).receipt
    assert same or not all(check.stands is not False for check in found)
    assert all(check.text for check in found)


@given(data=mutated())
@settings(max_examples=40, **CALM)
def test_no_file_whatever_breaks_the_page(data, post):
    assert post(data).status_code in (200, 422)
