"""`manage.py rerun`: compute a run again from its stored manifest and compare it byte for byte with what is stored."""

import json
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from allocation.models import Run
from allocation.runs.proof.rerun import Rerun, UnusableManifestError, rerun
from registry.terminal import TerminalCommand

DIFFERENT, UNUSABLE = 1, 2
# Of a run that differs in very many places the first ones are told; --json tells all.
MOST_TOLD = 20


class Command(TerminalCommand):
    help = (
        "Computes a run's result again from its stored manifest alone and compares it byte for byte with what is stored. Exit 0 if "
        "identical, 1 if different, with where, 2 if the run can't be computed again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("run", type=int, nargs="?", metavar="RUN", help="the run's number")
        parser.add_argument("--all", action="store_true", help="every approved run")
        parser.add_argument("--json", action="store_true", help="a JSON object, with --all a list of them")

    def handle(self, *args: Any, **options: Any) -> None:
        if (options["run"] is None) != options["all"]:
            raise CommandError(_("Name one run, or give --all."), returncode=UNUSABLE)
        rows = Run.objects.filter(state=Run.State.APPROVED) if options["all"] else Run.objects.filter(pk=options["run"])
        numbers = list(rows.order_by("pk").values_list("pk", flat=True))
        if not numbers and not options["all"]:
            raise CommandError(_("There is no run %(run)s.") % {"run": options["run"]}, returncode=UNUSABLE)
        told, codes = [], {0}
        for number in numbers:
            code, said = self._one(Run.objects.get(pk=number), aloud=not options["json"])
            codes.add(code)
            told.append(said)
        if options["json"]:
            self.stdout.write(json.dumps(told if options["all"] else told[0], ensure_ascii=False, indent=2))
        if (worst := max(codes)) != 0:
            closing = _("Not identical.") if worst == DIFFERENT else _("Not everything could be recomputed.")
            raise CommandError(closing, returncode=worst)

    def _one(self, run: Run, *, aloud: bool) -> tuple[int, dict[str, Any]]:
        """The exit code, and what --json says of the run."""
        try:
            again = rerun(run)
        except UnusableManifestError as error:
            self.stderr.write(f"{run.pk}: {error}")
            return UNUSABLE, {"run": run.pk, "identical": None, "unusable": str(error)}
        if aloud:
            self._tell(again)
        return (0 if again.is_identical else DIFFERENT), again.as_json()

    def _tell(self, again: Rerun) -> None:
        run = again.run
        if again.is_identical:
            said = _("%(number)s %(run)s: identical, result %(hash)s")
            self.stdout.write(said % {"number": run.pk, "run": run, "hash": again.result_sha256})
            return
        self.stderr.write(_("%(number)s %(run)s: different") % {"number": run.pk, "run": run})
        for name, stored, computed in (
            (_("manifest"), run.manifest_sha256, again.manifest_sha256),
            (_("result"), run.result_sha256, again.result_sha256),
            (_("stored rows"), run.result_sha256, again.stored_sha256),
        ):
            if stored != computed:
                self.stderr.write(f"  sha256 {name}: {stored} / {computed}")
        for each in again.differences[:MOST_TOLD]:
            self.stderr.write(f"  {each.part} {each.row} {each.field}: {each.stored} / {each.computed}")
        if (more := len(again.differences) - MOST_TOLD) > 0:
            self.stderr.write(_("  … and %(count)d more (--json lists all)") % {"count": more})
