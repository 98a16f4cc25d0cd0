from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportingConfig(AppConfig):
    name = "reporting"
    verbose_name = _("Reporting")

    def ready(self) -> None:
        """Register the jobs' handlers, name what the journal says, and offer the checks' thresholds to the ministry."""
        from registry import directory_figures, facts, notifications, parameters
        from registry.acts import name
        from registry.journal_reading import keep_back
        from registry.reminders import offer as offer_reminders
        from reporting import (  # noqa: F401
            acts,
            bulk,
            bulk_accept,
            confidential,
            effects,
            guidelines,
            intake,
            peers,
            reminders,
            sealed,
            telling,
            verified_results,
            verifying,
            watch,
            weighing,
        )

        name(acts.ACTS, acts.THINGS, acts.JOBS)
        keep_back(confidential.kept_back)
        sealed.name()
        verifying.name()
        notifications.name(telling.KINDS)
        facts.name("way", acts.WAYS)
        offer_reminders(reminders.due_reminders)
        directory_figures.offer(verified_results.by_year)
        parameters.offer("checks", _("Automatic checks of monthly data"), guidelines.thresholds, effects.effect_of)
        parameters.offer(weighing.BOOK, _("Order of review"), guidelines.risk_weights, weighing.effect_of)
