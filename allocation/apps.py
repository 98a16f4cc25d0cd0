from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AllocationConfig(AppConfig):
    name = "allocation"
    verbose_name = _("Allocation")

    def ready(self) -> None:
        """Register the jobs' handlers, and name what the journal says."""
        from allocation import (  # noqa: F401
            accounts,
            acts,
            balance_values,
            nightly,
            recomputations,
            reminders,
            runs,
            sealed,
            telling,
            trades,
            verifying,
        )
        from allocation.templatetags.allocation_law import WORDS
        from registry import facts, notifications
        from registry.acts import name
        from registry.reminders import offer as offer_reminders
        from registry.unit_import.take import followers

        name(acts.ACTS, acts.THINGS, acts.JOBS, acts.STAGES)
        sealed.name()
        verifying.name()
        notifications.name(telling.KINDS)
        notifications.word("run", telling.say_run)
        notifications.word("balance_value", telling.say_balance_value)
        facts.name("ground", WORDS)
        followers.append(accounts.follow)
        offer_reminders(reminders.due_reminders)
