"""The queue, what stands next to a package in it, the comparison's page, and acceptance in bulk."""

from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import translation

from registry import jobs
from registry.models import Job, JobItem, JournalEntry
from registry.refusal import Refusal
from registry.values.exact import half_up
from reporting import evidence, review
from reporting.filing import intake
from reporting.models import FindingAnswer, FindingRow, LineTotalRow, Package, PackageEvent, PeerMonth
from reporting.review import bulk_accept, questions
from reporting.review import queue as desk
from tests import worlds
from tests.cast import at
from tests.confirming import confirm, fields_of
from tests.reporting import story

pytestmark = pytest.mark.usefixtures("planned")  # a month without a control plan is not clean

WHEN = story.READ_AT
TICKED = "reporting:packages_accept_ticked"
QUEUE = "reporting:package_queue"


@pytest.fixture
@worlds.world
def four(unit, process, clerk):
    """Four packages: 2025-05 and 2025-06 of equal risk, the older first; 2025-07 above them, 2025-08 below."""
    made = []
    for hour, (month, risk) in enumerate([("05", 10), ("06", 10), ("07", 90), ("08", 3)]):
        submission = story.submitted(unit, f"2025-{month}", clerk, at(f"2025-10-01 {9 + hour:02}:00"))
        Package.objects.filter(pk=submission.package_id).update(risk=risk)
        made.append(submission)
    return made


def periods(rows) -> list[str]:
    return [package.period for package in rows]


def test_risk_first_then_age(four, officer):
    assert periods(desk.queue(officer)) == ["2025-07", "2025-05", "2025-06", "2025-08"]


def test_only_what_waits_and_only_within_reach(four, officer, stranger_officer, analyst, auditor, clerk):
    review.accept(four[0], by=officer, at=WHEN)
    review.send_back(four[1], reason="x", by=officer, at=WHEN)
    assert periods(desk.queue(officer)) == ["2025-07", "2025-08"]
    assert periods(desk.queue(analyst)) == periods(desk.queue(auditor)) == ["2025-07", "2025-08"]
    assert periods(desk.queue(stranger_officer)) == periods(desk.queue(clerk)) == []


def test_the_one_before_and_the_one_after(four, officer):
    rows, order = desk.queue(officer), list(desk.queue(officer))
    keys = [None, *[package.pk for package in order], None]
    for number, package in enumerate(order, start=1):
        assert desk.neighbours(rows, package) == (keys[number - 1], keys[number + 1])


def test_one_that_was_decided_still_has_neighbours(four, officer):
    middle = four[0]
    review.accept(middle, by=officer, at=WHEN)
    before, after = desk.neighbours(desk.queue(officer), Package.objects.get(pk=middle.package_id))
    assert (before, after) == (four[2].package_id, four[1].package_id)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", ["2025-07", "2025-05", "2025-06", "2025-08"]),
        ("?period=2025-06", ["2025-06"]),
        ("?period=2025-0", ["2025-07", "2025-05", "2025-06", "2025-08"]),
        ("?period=202", ["2025-07", "2025-05", "2025-06", "2025-08"]),
        ("?period=2025-13", []),
        ("?period=2031", []),
        ("?period=9999x", []),
        ("?sector=steel", []),
        ("?q=甲示例", ["2025-07", "2025-05", "2025-06", "2025-08"]),
        ("?q=nobody", []),
        ("?late=on", ["2025-07"]),  # due on 2025-09-09
        ("?warned=on", []),
        ("?returned=on", []),
        ("?asked=on", []),
        ("?tonnes=26745", ["2025-07", "2025-05", "2025-06", "2025-08"]),
        ("?tonnes=26746", []),
        ("?page=2", []),  # no such page: the first
        ("?page=99999999999999999999", []),
        ("?sort=unit", []),
    ],
)
def test_the_page_narrowed(four, officer, client_for, query, shown):
    page = client_for(officer).get(reverse(QUEUE) + query)
    assert page.status_code == 200
    everything = ["2025-07", "2025-05", "2025-06", "2025-08"]
    wanted = everything if query.startswith(("?page", "?sort")) else shown
    assert [row.record.period for row in page.context["table"].paginated_rows] == wanted


def test_sent_back_and_answered_before(four, unit, clerk, officer, client_for):
    review.send_back(four[0], reason="x", by=officer, at=WHEN)
    story.submitted(unit, "2025-05", clerk, anode="8010")
    asked = questions.ask(four[1], text="?", by=officer, at=WHEN)
    page = client_for(officer).get(reverse(QUEUE) + "?returned=on")
    assert [row.record.period for row in page.context["table"].paginated_rows] == ["2025-05"]
    answered = reverse(QUEUE) + "?asked=on"
    assert not client_for(officer).get(answered).context["table"].paginated_rows
    questions.reply(asked, text="!", by=clerk, at=WHEN)
    page = client_for(officer).get(answered)
    assert [row.record.period for row in page.context["table"].paginated_rows] == ["2025-06"]


def test_a_page_of_the_queue_asks_little(four, officer, client_for, django_assert_max_num_queries):
    browser = client_for(officer)
    with django_assert_max_num_queries(13):
        # session, person, keys, packages, their questions, the months before, lines, peers, thresholds, saved views, seat, badge
        browser.get(reverse(QUEUE))


def test_the_narrowing_goes_along_into_a_package_and_on(four, officer, client_for):
    browser = client_for(officer)
    page = browser.get(reverse(QUEUE) + "?late=on&q=甲").text
    first = reverse("reporting:package", args=[four[2].package_id])
    assert f"{first}?late=on" in page
    page = browser.get(f"{reverse('reporting:package', args=[four[0].package_id])}?desk=1").text
    assert f"{reverse('reporting:package', args=[four[1].package_id])}?desk=1" in page
    assert 'rel="prev"' in page
    accept = reverse("reporting:submission_accept", args=[four[0].pk])
    assert browser.post(f"{accept}?desk=1").url.endswith("?desk=1")


# --- what stands beside each


def cells(page) -> dict[str, dict[str, str]]:
    """What the queue's page says, by period and column."""
    columns = ("why", "change", "peers")
    rows = page.context["table"].paginated_rows
    with translation.override("en"):
        return {row.record.period: {name: str(row.get_cell(name)) for name in columns} for row in rows}


def test_each_stands_beside_the_month_before(four, officer, client_for):
    Package.objects.filter(period="2025-05").update(emissions=20_000)
    Package.objects.filter(period="2025-06").update(emissions=21_000)
    Package.objects.filter(period="2025-07").update(emissions=0)  # could not be accounted
    shown = cells(client_for(officer, "en").get(reverse(QUEUE)))
    assert {period: said["change"] for period, said in shown.items()} == {
        "2025-05": "—",  # nothing is known of April
        "2025-06": "+5.0%",
        "2025-07": "—",
        "2025-08": "—",  # nothing to be compared with
    }


def test_what_was_sent_back_is_nothing_to_stand_beside(four, officer, client_for):
    review.send_back(four[0], reason="x", by=officer, at=WHEN)
    assert cells(client_for(officer).get(reverse(QUEUE)))["2025-06"]["change"] == "—"


@pytest.mark.parametrize(
    ("median", "said"),
    [("{own}", "at the median"), ("{half}", "100.0% above the median"), ("{twice}", "50.0% below the median")],
)
def test_each_stands_beside_its_peers_in_words(four, officer, client_for, median, said):
    row = LineTotalRow.objects.select_related("line").get(submission=four[3])
    own = half_up(Fraction(row.main_emissions) / Fraction(row.output), 6)
    middle = {"{own}": own, "{half}": own / 2, "{twice}": own * 2}[median]
    quartiles = {"mad": Decimal("0.5"), "lower": middle, "upper": middle}
    PeerMonth.objects.create(
        sector="aluminium",
        kind=row.line.kind,
        period="2025-08",
        count=40,
        median=middle,
        computed_at=at("2025-01-01"),
        **quartiles,
    )
    shown = cells(client_for(officer, "en").get(reverse(QUEUE)))
    assert said in shown["2025-08"]["peers"]
    assert shown["2025-06"]["peers"] == "—"  # no peers are known of that month


def test_the_reason_is_said_in_words_and_the_tonnes_are_not_said_twice(four, officer, client_for):
    late = {"kind": "late", "points": 2, "found": "3", "code": ""}
    peers = {"kind": "peers", "points": 5, "found": "4.20", "code": ""}
    tonnes = {"kind": "value", "points": 9, "found": "26745", "code": ""}
    for period, parts in (("2025-05", [tonnes, peers, late]), ("2025-06", [tonnes]), ("2025-07", [])):
        Package.objects.filter(period=period).update(risk_parts=parts)
    shown = cells(client_for(officer, "en").get(reverse(QUEUE)))
    assert shown["2025-05"]["why"] == "Intensity far from its peers'; Months submitted late: 3"
    assert (shown["2025-06"]["why"], shown["2025-07"]["why"]) == (
        "Nothing found; only its tonnes count",
        "Nothing found",
    )


# --- from one to the next


def follow(browser, url: str, **typed) -> tuple[str, str]:
    """Post, and say where that leads and what is told there."""
    answer = browser.post(url, typed)
    return answer.url, browser.get(answer.url).text


def test_the_page_says_how_manieth_of_how_many_it_is(four, officer, client_for):
    browser = client_for(officer, "en")
    pages = [browser.get(f"{reverse('reporting:package', args=[each.package_id])}?desk=1") for each in four]
    assert [page.context["queue_place"] for page in pages] == [(2, 4), (3, 4), (1, 4), (4, 4)]
    assert "3 of 4" in pages[1].text
    narrowed = browser.get(f"{reverse('reporting:package', args=[four[1].package_id])}?desk=1&period=2025-06")
    assert (narrowed.context["queue_place"], narrowed.context["neighbours"]) == ((1, 1), (None, None))
    assert "queue_place" not in browser.get(reverse("reporting:package", args=[four[1].package_id])).context
    elsewhere = browser.get(f"{reverse('reporting:package', args=[four[1].package_id])}?desk=1&period=2025-05")
    assert elsewhere.context["queue_place"] is None


def test_a_queue_too_long_to_be_counted_says_no_place(four, officer, monkeypatch):
    monkeypatch.setattr(desk, "MOST_COUNTED", 3)
    package = Package.objects.get(pk=four[0].package_id)
    assert desk.place(desk.queue(officer), package) is None
    monkeypatch.setattr(desk, "MOST_COUNTED", 4)
    assert desk.place(desk.queue(officer), package) == (2, 4)


@pytest.mark.parametrize(
    ("url", "typed"),
    [
        ("reporting:submission_accept", {}),
        ("reporting:submission_send_back", {"reason": "请核对。"}),
        ("reporting:submission_send_back_data", {"reason": "请核对。"}),
        ("reporting:question_ask", {"text": "为何？"}),
    ],
)
def test_whoever_dealt_with_one_stands_on_the_next_of_the_same_queue(four, officer, client_for, url, typed):
    browser = client_for(officer, "en")
    act, narrowed = reverse(url, args=[four[0].pk]), "desk=1&q=%E7%94%B2"
    on, text = follow(browser, f"{act}?{narrowed}", **typed)
    assert on == f"{reverse('reporting:package', args=[four[1].package_id])}?{narrowed}"
    assert f"{four[0].package.unit.name} · Aluminium smelting · 2025-05:" in text
    assert "This is the next one." in text


def test_behind_the_last_one_the_queue_follows(four, officer, client_for):
    browser = client_for(officer, "en")
    on, text = follow(browser, f"{reverse('reporting:submission_accept', args=[four[3].pk])}?desk=1")
    assert on == f"{reverse(QUEUE)}?desk=1"
    assert "Nothing follows it in the queue." in text


def test_whoever_did_not_come_from_the_queue_stays(four, officer, client_for):
    done = client_for(officer).post(reverse("reporting:submission_accept", args=[four[0].pk]))
    assert done.url == reverse("reporting:package", args=[four[0].package_id])


# --- the comparison's page


def test_two_versions_and_two_months_side_by_side(unit, process, clerk, officer, client_for):
    story.submitted(unit, "2025-08", clerk, anode="7900")
    first = story.submitted(unit, "2025-09", clerk)
    review.send_back(first, reason="x", by=officer, at=WHEN)
    again = story.submitted(unit, "2025-09", clerk, anode="8010")
    browser, url = client_for(officer, "en"), reverse("reporting:package_compare", args=[again.package_id])
    page = browser.get(url)  # the version before it
    assert (page.context["before"], page.context["after"]) == (first, again)
    assert page.context["changed"] == 3  # purchased, consumed, anode
    assert "+10" not in page.text
    shown = {row["name"]: (row["absolute"], row["relative"]) for row in page.context["rows"]}
    assert all(str(absolute) == "10.00" for absolute, _relative in shown.values())
    assert len(browser.get(f"{url}?all=1").context["rows"]) == page.context["count"]
    month = browser.get(f"{url}?with=month")
    assert month.context["before"].package.period == "2025-08"
    # The unit's emissions stand on top, then of its line emissions, those that decide, output, intensity.
    whole, tonnes, main, output, intensity = month.context["totals"]
    assert (whole["before"], whole["after"]) == (tonnes["before"], tonnes["after"])
    assert (output["before"], output["absolute"]) == (output["after"], "0.00")
    (before, after) = (row.line_totals.get() for row in (month.context["before"], month.context["after"]))
    ratio = [Fraction(row.main_emissions) / Fraction(row.output) for row in (before, after)]
    assert intensity["before"] == f"{half_up(ratio[0], 4)}"
    assert intensity["after"] == f"{half_up(ratio[1], 4)}"
    assert intensity["absolute"] == f"{half_up(ratio[1] - ratio[0], 4)}"
    assert intensity["relative"] == (ratio[1] - ratio[0]) / ratio[0] > 0
    assert main["relative"] == intensity["relative"]
    year = browser.get(f"{url}?with=year")
    assert (year.status_code, year.context["before"]) == (200, None)


def test_the_queues_filter_goes_along(unit, process, clerk, officer, client_for):
    story.submitted(unit, "2025-08", clerk)
    package = story.submitted(unit, "2025-09", clerk).package
    browser, query = client_for(officer), "desk=1&period=2025&sector=aluminium"
    opened = browser.get(reverse("reporting:package", args=[package.pk]) + f"?{query}")
    url = reverse("reporting:package_compare", args=[package.pk])
    (way,) = [button.url for button in opened.context["buttons"] if button and button.url.startswith(url)]
    assert way == f"{url}?version=1&{query}"
    page = browser.get(f"{way}&all=1")
    assert [tab["url"] for tab in page.context["tabs"]] == [
        f"?version=1&with={other}&{query}&all=1" for other in ("month", "year")
    ]
    back = reverse("reporting:package", args=[package.pk]) + f"?{query}"
    assert f'href="{back.replace("&", "&amp;")}"' in page.text


def test_supporting_files_beside_each_other(unit, process, clerk, officer, client_for):
    story.submitted(unit, "2025-08", clerk)
    first = story.submitted(unit, "2025-09", clerk)
    url = reverse("reporting:package_compare", args=[first.package_id])
    month = client_for(officer).get(f"{url}?with=month").context
    assert (month["kinds"], month["changed"]) == ([], 0)  # other files of the same kinds
    review.send_back(first, reason="x", by=officer, at=WHEN)
    (old,) = evidence.present(first.package)
    evidence.withdraw(old, by=clerk, at=WHEN)
    again = story.submitted(unit, "2025-09", clerk, anode="8010")
    versions = client_for(officer).get(f"{url}?with=1").context
    assert versions["files_went"] == [old]
    assert versions["files_came"] == list(evidence.of_submission(again))


def test_a_kind_of_evidence_that_is_missing_beside_last_month(unit, process, clerk, client_for):
    story.submitted(unit, "2025-08", clerk)
    draft = story.read(unit, "2025-09", clerk)
    url = reverse("reporting:package_compare", args=[draft.package_id])
    kinds = client_for(clerk, "en").get(f"{url}?with=month").context["kinds"]
    assert kinds
    assert {(was, now) for _kind, was, _tone, now, _other in kinds} == {("attached", "missing")}


def test_nobody_compares_with_what_they_may_not_see(unit, process, clerk, officer, client_for):
    story.read(unit, "2025-08", clerk)  # a draft
    now = story.submitted(unit, "2025-09", clerk)
    url = reverse("reporting:package_compare", args=[now.package_id])
    assert client_for(officer).get(f"{url}?with=month").context["before"] is None
    assert client_for(clerk).get(f"{url}?with=month").context["before"] is not None
    assert client_for(officer).get(f"{url}?version=7").status_code == 404
    assert client_for(officer).get(f"{url}?with=7").context["before"] is None


# --- acceptance in bulk


def warn(submission, *, answered_by=None) -> None:
    finding = FindingRow.objects.create(
        submission=submission, number=900, code="ncv.repeated", severity="warning", blocks=False, params={}
    )
    if answered_by:
        FindingAnswer.objects.create(finding=finding, reason="同一批煤", by=answered_by, at=WHEN)


def test_clean_is_low_in_risk_and_explained(four, officer, clerk):
    # 2025-07 has 90 points, more than the 30 that may be accepted in bulk
    assert periods(desk.clean(officer, WHEN)) == ["2025-05", "2025-06", "2025-08"]
    warn(four[0])
    warn(four[1], answered_by=clerk)
    questions.ask(four[3], text="?", by=officer, at=WHEN)
    assert periods(desk.clean(officer, WHEN)) == ["2025-06"]


def test_nobody_else_accepts_in_bulk(four, stranger_officer, analyst, approver, clerk):
    for person in (stranger_officer, analyst, approver, clerk):
        assert not desk.clean(person, WHEN).exists()
        with pytest.raises(Refusal if person == stranger_officer else PermissionDenied):
            bulk_accept.ask([four[0].pk], by=person, at=WHEN)
    assert not Job.objects.filter(kind="reporting.bulk_accept").exists()


def test_one_job_an_outcome_for_each(four, officer, second_officer, do_jobs):
    job = bulk_accept.ask([four[0].pk, four[1].pk, four[3].pk], by=officer, at=WHEN)
    review.send_back(four[1], reason="x", by=second_officer, at=WHEN)  # a colleague was faster
    questions.ask(four[3], text="?", by=second_officer, at=WHEN)
    do_jobs()
    job.refresh_from_db()
    assert job.outcome == {"accepted": 1, "refused": 2}
    states = dict(Package.objects.values_list("period", "state"))
    assert states == {"2025-05": "accepted", "2025-06": "returned", "2025-07": "submitted", "2025-08": "submitted"}
    refused = {item.key.split()[-1]: item.message for item in JobItem.objects.filter(succeeded=False)}
    assert second_officer.name in refused["2025-06"]
    assert refused["2025-08"]


def test_a_version_that_they_did_not_see_is_never_accepted(four, unit, clerk, officer, second_officer, do_jobs):
    bulk_accept.ask([four[0].pk], by=officer, at=WHEN)
    review.send_back(four[0], reason="x", by=second_officer, at=WHEN)
    package = four[0].package

    intake.receive(package, story.book(unit, "2025-05", anode="8010"), "x.xlsx", by=clerk, at=WHEN)
    read = Job.objects.filter(kind="reporting.read").latest("pk")

    jobs.run(read.pk)
    story.submit(story.current(package), by=clerk, at=WHEN)
    do_jobs()
    package.refresh_from_db()
    assert package.state == "submitted"
    assert not PackageEvent.objects.filter(kind="accepted").exists()


def test_asking_twice_is_one_job_until_it_is_over(four, officer, do_jobs):
    first = bulk_accept.ask([four[0].pk, four[1].pk], by=officer, at=WHEN)
    assert bulk_accept.ask([four[1].pk, four[0].pk], by=officer, at=WHEN) == first
    do_jobs()
    with pytest.raises(Refusal):
        bulk_accept.ask([four[0].pk], by=officer, at=WHEN)


def test_a_killed_workers_successor_goes_on(four, officer, do_jobs):
    job = bulk_accept.ask([four[0].pk, four[1].pk], by=officer, at=WHEN)
    review.accept(four[0], by=officer, at=WHEN)  # what the killed worker had done
    do_jobs()
    job.refresh_from_db()
    assert job.outcome == {"accepted": 2, "refused": 0}


def test_a_retired_officers_job_accepts_nothing(four, officer, do_jobs):
    bulk_accept.ask([four[0].pk], by=officer, at=WHEN)
    officer.is_active = False
    officer.save()
    do_jobs()
    assert not PackageEvent.objects.filter(kind="accepted").exists()


@pytest.mark.parametrize("ticked", [[], ["x"], ["99999999"], ["٣"]])
def test_what_is_not_on_the_list_is_not_taken(four, officer, client_for, ticked):
    client_for(officer).post(reverse(TICKED), {"version": ticked})
    assert not Job.objects.filter(kind="reporting.bulk_accept").exists()


def test_one_forged_tick_refuses_them_all(four, officer, client_for):
    client_for(officer).post(reverse(TICKED), {"version": [four[0].pk, four[2].pk]})  # the second has 90 points
    assert not Job.objects.filter(kind="reporting.bulk_accept").exists()


def test_ticked_by_page(four, clerk, officer, client_for, do_jobs):
    warn(four[1], answered_by=clerk)
    url = reverse("reporting:packages_accept")
    page = client_for(officer).get(url).text
    assert page.count('name="version"') == 3
    browser = client_for(officer, "en")
    page = browser.post(reverse(TICKED), {"version": [four[0].pk, four[1].pk]})
    assert not Job.objects.filter(kind="reporting.bulk_accept").exists()  # shown first
    both = four[0].emissions + four[1].emissions
    for said in ("You are about to accept 2 packages", "2025-05", "2025-06", f"{both:,}", "annual report is filed"):
        assert said in page.text
    assert dict(page.context["act"].facts)["With warnings, each answered"] == "0"  # of the version, not put here
    receipt = browser.post(reverse(TICKED), fields_of(page), follow=True)
    job = Job.objects.get(kind="reporting.bulk_accept")
    for way in (reverse("registry:job", args=[job.pk]), reverse("reporting:package_queue")):
        assert f'href="{way}"' in receipt.text
    assert dict(receipt.context["told"].facts)["In the queue now"] == "4"
    do_jobs()
    assert dict(browser.get(receipt.request["PATH_INFO"]).context["told"].facts)["In the queue now"] == "2"
    assert set(Package.objects.filter(state="accepted").values_list("period", flat=True)) == {"2025-05", "2025-06"}


def test_the_receipt_leads_back_to_the_queue_as_it_was_narrowed(four, officer, client_for):
    browser, kept = client_for(officer, "en"), "period=2025-0&order=day"
    queue = browser.get(f"{reverse(QUEUE)}?{kept}&page=1&_other=1")
    (accept,) = [each for each in queue.context["buttons"] if each and each.url.startswith(reverse(ACCEPT))]
    assert accept.url == f"{reverse(ACCEPT)}?{kept}"
    typed = {"version": [four[0].pk], "queue": browser.get(accept.url).context["queue"]}
    page = browser.post(reverse(TICKED), typed)
    receipt = browser.post(reverse(TICKED), fields_of(page), follow=True)
    assert receipt.context["told"].links[1].url == f"{reverse(QUEUE)}?{kept}"


@pytest.mark.parametrize("forged", ["next=//evil.example", "_export=csv", "x" * 5000, "%zz"])
def test_the_way_back_is_the_queue_and_nothing_else(four, officer, client_for, forged):
    browser = client_for(officer, "en")
    page = browser.post(reverse(TICKED), {"version": [four[0].pk], "queue": forged})
    receipt = browser.post(reverse(TICKED), fields_of(page), follow=True)
    assert receipt.context["told"].links[1].url == reverse(QUEUE)


# --- ticks over pages

ACCEPT = "reporting:packages_accept"


@pytest.fixture
def short_pages(monkeypatch):
    monkeypatch.setattr("registry.web.paging.PER_PAGE", 1)


def ticks(page) -> dict[str, bool]:
    return {package.period: ticked for package, ticked in page.context["rows"]}


def test_ticks_stay_from_page_to_page(four, officer, client_for, do_jobs, short_pages):
    browser, url = client_for(officer), reverse(ACCEPT)
    assert ticks(browser.get(url)) == {"2025-05": False}
    gone = browser.post(url, {"listed": four[0].pk, "go": "2"})  # not ticked
    assert gone.url.endswith("?page=2")
    page = browser.get(gone.url)
    assert (ticks(page), page.context["elsewhere"]) == ({"2025-06": False}, [])
    third = browser.get(browser.post(gone.url, {"listed": four[1].pk, "version": four[1].pk, "go": "3"}).url)
    assert third.context["elsewhere"] == [four[1].pk]
    assert ticks(browser.get(f"{url}?page=1")) == {"2025-05": False}
    confirm(browser, reverse(TICKED), {"listed": four[3].pk, "version": four[3].pk, "elsewhere": str(four[1].pk)})
    do_jobs()
    assert set(Package.objects.filter(state="accepted").values_list("period", flat=True)) == {"2025-06", "2025-08"}
    assert browser.get(url).context["elsewhere"] == []


def test_a_changed_tick_is_kept_at_once_and_under_another_filter(four, officer, client_for):
    browser, url = client_for(officer), reverse(ACCEPT)
    kept = browser.post(url, {"listed": [four[0].pk, four[1].pk, four[3].pk], "version": four[0].pk, "keep": "1"})
    assert "1" in kept.text
    assert (kept.context["ticked_count"], kept.context["ticked_tonnes"]) == (1, four[0].emissions)
    page = browser.get(f"{url}?period=2025-06")
    assert (ticks(page), page.context["elsewhere"]) == ({"2025-06": False}, [four[0].pk])
    assert not Job.objects.filter(kind="reporting.bulk_accept").exists()


def test_nothing_is_ticked_until_the_officer_ticks_it_and_the_totals_are_of_what_is(four, officer, client_for):
    browser, url = client_for(officer, "en"), reverse(ACCEPT)
    page = browser.get(url)
    assert set(ticks(page).values()) == {False}
    assert "Ticked: 0 packages, 0 tCO₂e" in page.text
    browser.post(url, {"listed": [four[0].pk, four[1].pk], "version": [four[0].pk, four[1].pk], "keep": "1"})
    both = four[0].emissions + four[1].emissions
    assert f"Ticked: 2 packages, {both:,} tCO₂e" in browser.get(f"{url}?period=2025-08").text


def test_sent_twice_it_is_one_job(four, officer, client_for):
    browser, url = client_for(officer), reverse(TICKED)
    body = {"listed": four[0].pk, "version": four[0].pk, "elsewhere": str(four[1].pk)}
    button = fields_of(browser.post(url, body))
    assert browser.post(url, button).url == browser.post(url, button).url
    assert Job.objects.get(kind="reporting.bulk_accept").payload["submissions"] == sorted([four[0].pk, four[1].pk])


def test_all_without_findings_are_chosen_in_one_act_and_accepted_in_another(
    four, clerk, officer, client_for, short_pages
):
    warn(four[1], answered_by=clerk)
    Package.objects.filter(submission=four[1].pk).update(warnings=1)
    browser, url = client_for(officer), reverse(ACCEPT)
    page = browser.get(url)
    assert page.context["matching"] == 2
    page = browser.get(browser.post(url, {"listed": four[0].pk, "all": ""}).url)
    assert (ticks(page), page.context["elsewhere"]) == ({"2025-05": True}, [four[3].pk])
    assert not Job.objects.filter(kind="reporting.bulk_accept").exists()
    confirm(browser, reverse(TICKED), {"listed": four[0].pk, "version": four[0].pk, "elsewhere": str(four[3].pk)})
    facts = JournalEntry.objects.get(act="package.bulk_acceptance_asked").facts
    assert '"unseen":1' in facts  # 2025-08 was chosen and never listed


def test_choosing_all_takes_what_the_filter_finds_and_one_job_takes(four, officer, client_for, monkeypatch):
    browser, url = client_for(officer), reverse(ACCEPT)
    chosen = browser.get(browser.post(f"{url}?period=2025-08", {"all": ""}).url)
    assert ticks(chosen) == {"2025-08": True}
    assert browser.session["accept_chosen"]["ticked"] == [four[3].pk]
    monkeypatch.setattr(bulk_accept, "MOST", 2)
    browser.post(url, {"all": ""})
    assert len(browser.session["accept_chosen"]["ticked"]) == 2
    browser.post(url, {"none": ""})
    assert browser.session["accept_chosen"]["ticked"] == []


def test_what_somebody_else_accepted_is_chosen_no_more(four, officer, second_officer, client_for):
    browser, url = client_for(officer), reverse(ACCEPT)
    browser.post(url, {"all": ""})
    review.accept(four[0], by=second_officer, at=WHEN)
    assert browser.get(f"{url}?period=2025-06").context["elsewhere"] == [four[3].pk]


def test_the_jobs_page_names_what_was_accepted(four, officer, client_for, do_jobs):
    job = bulk_accept.ask([four[0].pk, four[3].pk], by=officer, at=WHEN)
    do_jobs()
    page = client_for(officer).get(reverse("registry:job", args=[job.pk]))
    assert [key.split()[-1] for key in page.context["done"]] == ["2025-05", "2025-08"]
    assert all(key in page.text for key in page.context["done"])
