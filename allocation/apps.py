from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AllocationConfig(AppConfig):
    name = "allocation"
    verbose_name = _("Allocation")

    def ready(self) -> None:
        """Register the jobs' handlers, and name what the journal says."""
        from allocation import notifications as telling
        from allocation.balance_values import acts as balance_values  # noqa: F401
        from allocation.balance_values import recomputations  # noqa: F401
        from allocation.integrity import (
            nightly,  # noqa: F401
            sealed,
            verifying,
        )
        from allocation.labels import journal as acts
        from allocation.labels import messages
        from allocation.ledger import accounts
        from allocation.ledger.trades import execution  # noqa: F401
        from allocation.queries import dossier, reminders, search
        from allocation.runs import computing  # noqa: F401
        from allocation.scope import left_directory
        from allocation.templatetags.allocation_law import WORDS
        from registry import notifications
        from registry.directory import dossier as unit_file
        from registry.directory import standing
        from registry.directory.unit_import.take import followers
        from registry.journal import display as facts
        from registry.labels import name
        from registry.todo.reminders import offer as offer_reminders

        name(acts.ACTS, acts.THINGS, acts.JOBS, acts.STAGES)
        sealed.name()
        verifying.name()
        notifications.name(messages.KINDS)
        notifications.word("run", telling.say_run)
        notifications.word("balance_value", telling.say_balance_value)
        facts.name("ground", WORDS)
        followers.append(accounts.follow)
        standing.offer(left_directory.figures, left_directory.open_ends)
        offer_reminders(reminders.due_reminders)
        search.offer_all()
        unit_file.offer(dossier.of_unit, dossier.of_line)
