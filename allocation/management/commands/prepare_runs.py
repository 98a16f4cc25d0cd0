"""Ask for the runs of many authorities and sectors at once; each is a job, and has an outcome of its own."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from allocation.models import Run
from allocation.runs import batches
from registry.law import clock
from registry.models import Authority, Person
from registry.terminal import TerminalCommand
from registry.values.bilingual import listed
from registry.values.sectors import Sector, with_quota


class Command(TerminalCommand):
    help = (
        "Asks for a run of every authority and sector with units in the year's directory. Runs belong to provinces: each is prepared "
        "by the one of the persons named who prepares runs there, and approved by another of the same province as ever. Exits 1 if "
        "a scope was refused."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--year", type=int, required=True)
        parser.add_argument("--kind", choices=Run.Kind.values, required=True)
        parser.add_argument("--authority", nargs="+", metavar="CODE", help="by default all of them")
        parser.add_argument("--sector", nargs="+", choices=with_quota(), default=with_quota())
        parser.add_argument("--by", nargs="+", metavar="LOGIN", required=True, help="officers, one of each authority")

    def handle(self, *args: Any, **options: Any) -> None:
        at, year = clock.now(), options["year"]
        authorities = _authorities(options["authority"])
        wanted = batches.scopes(year, at, authorities=authorities, sectors=options["sector"])
        outcomes = batches.prepare(wanted, year, options["kind"], by=_persons(options["by"]), at=at)
        for outcome in outcomes:
            said = _("run requested") if outcome.run else outcome.refusal
            self.stdout.write(f"{outcome.authority} · {Sector(outcome.sector).label}: {said}")
        refused = sum(outcome.run is None for outcome in outcomes)
        counts = {"asked": len(outcomes) - refused, "refused": refused}
        message = _("%(asked)d runs requested, %(refused)d refused.") % counts
        if refused or not outcomes:
            raise CommandError(message)
        self.stdout.write(message)


def _authorities(codes: list[str] | None) -> list[Authority]:
    found = list(Authority.objects.filter(code__in=codes) if codes else Authority.objects.all())
    if unknown := set(codes or ()) - {authority.code for authority in found}:
        raise CommandError(_("No authority has the code %(codes)s.") % {"codes": listed(sorted(unknown))})
    return found


def _persons(logins: list[str]) -> list[Person]:
    found = list(Person.objects.filter(username__in=logins, is_active=True).select_related("authority"))
    if unknown := set(logins) - {person.username for person in found}:
        raise CommandError(_("No user has the name %(username)s.") % {"username": listed(sorted(unknown))})
    return found
