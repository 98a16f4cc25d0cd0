"""Every service asks for the role itself, and for whose the thing is: a view that forgot to ask opens nothing."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, get_args

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied

from allocation.deductions import revocations
from allocation.models import Revocation
from registry.access import acting
from registry.models import Authority, Person
from registry.permissions import Act
from reporting.models import FindingRow
from tests.access_table import services, table
from tests.access_world import *  # noqa: F403 (its fixtures)
from tests.access_world import SURRENDERED

# Functions that are told who acts and don't ask whether they may: each is called only within an act that has asked.
WITHIN_AN_ACT = {
    "registry.jobs.acts.enqueue": "asks for a job of whatever act",
    "registry.journal.chain.record": "writes down whatever act",
    "registry.journal.chain.record_each": "writes down whatever act",
    "registry.notifications.events.mandate_ended": "tells the other unit of a mandate that was ended",
    "registry.notifications.events.proposal_withdrawn": "tells of whatever was taken back",
    "registry.two_people.refuse_other": "within the withdrawal of a proposal",
    "registry.two_people.refuse_same": "within whatever a second person does",
    "registry.people.seats.create": "within the approval of a seat, or done by the platform's operator",
    "registry.people.seats.end": "within the approval of a seat's end, or done by the platform's operator",
    "registry.people.mandates.facts": "says under which mandate somebody acts",
    "registry.directory.unit_import.take.import_units": "done by the platform's operator, or within the entering of units",
    "reporting.filing.deadlines.follow_listing": "within the approval of a directory entry",
    "reporting.filing.deadlines.set_anew": "within the reopening of a package",
    "reporting.verification.acts.note": "within every act on a verification",
    "reporting.verification.results.write": "within the approval of a verification",
    "reporting.review.acts.refuse_own": "within the review of a package",
    "allocation.compliance.adjustments.send": "within the approval of a run",
    "allocation.notifications.cancelled": "tells of a run that was cancelled",
    "allocation.runs.batches.prepare": "asks of each scope for the one of several people who prepares there",
    "allocation.compliance.certificates.issue_if_met": "within whatever completes a duty",
    "allocation.ledger.posting.post": "within whatever moves quota",
    "allocation.ledger.posting.post_all": "within whatever moves quota",
}
# Services that are about no row whose unit or province could be asked for: they look at it themselves.
BY_ROLE_ALONE = {
    "registry.people.seats.propose": "names units and authorities; refused unless all are of the own province",
    "registry.directory.unit_import.entering.enter_units": "names units by their codes; refused unless all are of the own province",
    "registry.people.saved_views.save": "keeps a view for whoever asks",
    "registry.people.tokens.grant": "names a clerk; refused unless she is of the own unit",
    "registry.people.mandates.offer": "names the other unit; the mandate is of the person's own",
    "reporting.filing.bulk.receive": "of the own unit and those that gave it a mandate, by what stands in each workbook",
    "reporting.filing.extending_many.extend_many": "names units; refused unless all are of the own province",
    "reporting.review.bulk_accept.ask": "takes only what stands in the officer's own queue",
    "reporting.review.bulk_accept.fit": "looks only at what stands in the officer's own queue",
    "allocation.deductions.acts.enter": "names a unit by its code; refused unless it is of the own province",
    "allocation.deductions.acts.import_table": "names units by their codes; refused unless all are of the own province",
}


def acting_functions() -> dict[str, Callable[..., Any]]:
    """Every public function of the three apps that is told `by` whom, by its dotted name."""
    found = {}
    for app in ("registry", "reporting", "allocation"):
        for module in pkgutil.walk_packages(importlib.import_module(app).__path__, f"{app}."):
            if ".migrations" not in module.name:
                found |= dict(_of(importlib.import_module(module.name)))
    return found


def _of(module: Any) -> list[tuple[str, Callable[..., Any]]]:
    return [
        (f"{module.__name__}.{name}", function)
        for name, function in vars(module).items()
        if inspect.isfunction(function)
        and function.__module__ == module.__name__
        and not name.startswith("_")
        and "by" in inspect.signature(function).parameters
    ]


FUNCTIONS = acting_functions()


def subject_of(name: str) -> inspect.Parameter:
    return next(iter(inspect.signature(FUNCTIONS[name]).parameters.values()))


def test_every_function_that_is_told_who_acts_asks_whether_they_may():
    asking = {name: tuple(act.name for act in it.acts) for name, it in FUNCTIONS.items() if hasattr(it, "acts")}
    assert asking == services()
    assert set(FUNCTIONS) - set(asking) == set(WITHIN_AN_ACT)


def test_every_service_is_about_something_that_says_whose_it_is():
    silent = set()
    for name, acts in services().items():
        reaches_everything = all(set(table()[act].values()) == {"a"} for act in acts)
        kind = subject_of(name).annotation
        says = any(hasattr(each, "WHOSE") or hasattr(each, "package") for each in (kind, *get_args(kind)))
        if not reaches_everything and not says and "Month" not in str(kind):
            silent.add(name)
    named = {
        "registry.people.mandates.offer",
        "registry.people.tokens.grant",
        "reporting.filing.extending_many.extend_many",
    }  # what they name is another's or looked at there
    assert silent | named == set(BY_ROLE_ALONE)


@pytest.fixture
def subjects(world, unit, officer):
    """甲's thing of each kind that services are about, by the name of the kind."""
    facts: dict[str, Any] = {"number": "撤1号", "decided_on": SURRENDERED.date(), "reason": "复议撤销"}
    world.deduction.refresh_from_db()
    revocations.enter(world.deduction, **facts, by=officer, at=SURRENDERED)
    things = [value for value in vars(world).values() if hasattr(value, "_meta")]
    things += [
        Person.objects.get(username="clerk"),
        unit.authority,
        Revocation.objects.get(),
        world.plan.versions.get(),
    ]
    things += [
        FindingRow.objects.create(submission=world.submission, number=99, code="x", severity="error", blocks=False)
    ]
    found = {type(each).__name__: each for each in things}
    return found | {"Month": SimpleNamespace(package=world.package), "Sequence": [world.deduction]}


def everything() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in apps.get_models() if model._meta.managed}


def is_let_in(asker, name: str) -> bool:
    letters = {table()[act].get(str(asker.person.role), "-") for act in services()[name]}
    return "a" in letters or bool(letters - {"-"} and (asker.is_near or name in BY_ROLE_ALONE))


def call(name: str, subject: Any, by: Person | None) -> None:
    others = dict.fromkeys(list(inspect.signature(FUNCTIONS[name]).parameters)[1:])
    at = {"at": SURRENDERED} if "at" in others else {}
    FUNCTIONS[name](subject, **{**others, **at, "by": by})


def test_whoever_may_not_is_refused_by_the_service_and_nothing_is_stored(subjects, askers):
    """Every service, asked by each of the cast about 甲's thing; to whom it is open is tested where the act is."""
    before, refused, let_in = everything(), 0, []
    for name in services():
        subject = subjects.get(getattr(subject_of(name).annotation, "__name__", ""))
        for asker in askers:
            if is_let_in(asker, name):
                continue
            try:
                call(name, subject, asker.person)
            except PermissionDenied:
                refused += 1
            except Exception as error:
                let_in.append((name, asker.name, repr(error)))
            else:
                let_in.append((name, asker.name, "done"))
    assert let_in == []
    assert refused > 10 * len(services())
    assert everything() == before


@pytest.mark.parametrize("name", sorted(services()))
def test_nobody_is_refused_too_unless_the_system_does_it(name):
    if name == "allocation.ledger.accounts.freeze":  # the nightly comparison freezes what disagrees
        assert type(None) in get_args(inspect.signature(FUNCTIONS[name]).parameters["by"].annotation)
    else:
        with pytest.raises(PermissionDenied):
            call(name, None, by=None)


def test_of_several_things_all_are_reached_or_none(unit, far_unit, officer):
    @acting(Act.ENTER_DEDUCTION)
    def done(rows: list[Any], *, by: Person) -> int:
        return len(rows)

    assert done([unit], by=officer) == 1
    with pytest.raises(PermissionDenied):
        done([unit, far_unit], by=officer)


def test_a_mandate_opens_what_it_says_on_the_day_of_the_act(world, hold_mandate, rival_clerk):
    @acting(Act.SUBMIT_PACKAGE)
    def done(package: Any, *, by: Person, at: Any) -> bool:
        return True

    with pytest.raises(PermissionDenied):
        done(world.package, by=rival_clerk, at=SURRENDERED)
    hold_mandate(may_submit=True)
    assert done(world.package, by=rival_clerk, at=SURRENDERED)
    with pytest.raises(PermissionDenied):
        done(world.package, by=rival_clerk, at=SURRENDERED.replace(year=2024))


def test_an_authority_is_its_own_business(officer, stranger_officer, hebei):
    @acting(Act.PREPARE_RUN)
    def done(authority: Authority, *, by: Person) -> bool:
        return True

    assert done(hebei, by=officer)
    with pytest.raises(PermissionDenied):
        done(hebei, by=stranger_officer)
