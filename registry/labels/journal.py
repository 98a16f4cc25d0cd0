"""What the codes of the journal and the jobs are called on pages. Each app names its own when it is ready."""

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

__all__ = ["act", "acts", "job", "name", "stage", "thing"]

_ACTS: dict[str, Promise] = {
    "person.added": _("person: added"),
    "person.proposed": _("person: seat proposed"),
    "person.end_proposed": _("person: end of access proposed"),
    "person.refused": _("person: change of seat refused"),
    "person.withdrawn": _("person: change of seat withdrawn"),
    "person.invited": _("person: link for the first password made"),
    "person.mail_changed": _("person: e-mail settings changed"),
    "person.phone_changed": _("person: telephone number changed"),
    "person.sessions_ended": _("person: other sessions ended"),
    "person.retired": _("person: access ended"),
    "verifier_body.added": _("technical service body: added"),
    "unit.imported": _("unit: imported from a table"),
    "unit.renamed": _("unit: renamed"),
    "unit.moved": _("unit: moved to another authority"),
    "unit.joined": _("unit: joined a further sector"),
    "unit.corrected": _("unit: particulars corrected"),
    "line.closed": _("line: closed"),
    "directory.entry_proposed": _("directory: entry proposed"),
    "directory.exit_proposed": _("directory: exit proposed"),
    "directory.decided": _("directory: decided"),
    "directory.withdrawn": _("directory: proposal withdrawn"),
    "parameter.withdrawn": _("threshold: change withdrawn"),
    "person.password_changed": _("person: password changed"),
    "person.locked_out": _("person: locked out after failed attempts to sign in"),
    "list.taken": _("list: exported"),
    "journal.broken": _("journal: found broken"),
    "journal.cut": _("journal: its end was cut off"),
    "papers.depart": _("documents and recorded states: differ from the journal"),
    "registry.settled": _("registry: units, bodies and people entered"),
    "signing_key.rotated": _("signing key: replaced"),
    "mandate.offered": _("mandate to file: offered"),
    "mandate.accepted": _("mandate to file: accepted"),
    "mandate.ended": _("mandate to file: ended"),
    "token.granted": _("access token: granted"),
    "token.revoked": _("access token: revoked"),
    "working_year.proposed": _("working days of a year: entered"),
    "working_year.approved": _("working days of a year: approved"),
    "working_year.withdrawn": _("working days of a year: withdrawn"),
    "working_year.refused": _("working days of a year: refused"),
    "parameter.proposed": _("threshold: change proposed"),
    "parameter.approved": _("threshold: change approved"),
    "parameter.refused": _("threshold: change refused"),
}
_THINGS: dict[str, Promise] = {
    "registry.apitoken": _("access token"),
    "registry.authority": _("authority"),
    "registry.directoryentry": _("directory entry"),
    "registry.filingmandate": _("mandate to file"),
    "registry.journalhead": _("journal"),
    "registry.parameterchange": _("change of a threshold"),
    "registry.workingyear": _("working days of a year"),
    "registry.person": _("person"),
    "registry.seatchange": _("change of seat"),
    "registry.unit": _("key emission unit"),
    "registry.verifierbody": _("technical service body"),
}
_JOBS: dict[str, Promise] = {
    "registry.verify_journal": _("Verifying the journal's chain"),
    "registry.verify_papers": _("Checking documents and recorded states against the journal"),
    "registry.take_list": _("Exporting a list"),
    "registry.drop_lists": _("Deleting exported lists after a day"),
    "registry.remind": _("Reminding people of deadlines"),
    "registry.send_mail": _("Sending e-mails"),
}
_STAGES: dict[str, Promise] = {}


def name(
    acts: Mapping[str, Promise],
    things: Mapping[str, Promise],
    jobs: Mapping[str, Promise],
    stages: Mapping[str, Promise] = MappingProxyType({}),
) -> None:
    """Add an app's names: of its acts, of the models they are done to, of its kinds of jobs and what these do one after the other."""
    _ACTS.update(acts)
    _THINGS.update(things)
    _JOBS.update(jobs)
    _STAGES.update(stages)


def act(code: str) -> str:
    """An act's name in the page's language; like the others, the code itself where nobody has named it."""
    return str(_ACTS.get(code, code))


def acts() -> list[tuple[str, str]]:
    """Every act with its name, for a filter; in the order in which the apps name them."""
    return [(code, str(called)) for code, called in _ACTS.items()]


def thing(label: str) -> str:
    """The name of a model by its lower-case label ("reporting.package")."""
    return str(_THINGS.get(label, label))


def jobs() -> list[tuple[str, str]]:
    """Every kind of job with its name, for a filter."""
    return [(kind, str(called)) for kind, called in _JOBS.items()]


def job(kind: str) -> str:
    """The name of a kind of job."""
    return str(_JOBS.get(kind, kind))


def stage(code: str) -> str:
    """What a job is at, as its handler names it."""
    return str(_STAGES.get(code, code))
