from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportingConfig(AppConfig):
    name = "reporting"
    verbose_name = _("Reporting")

    def ready(self) -> None:
        """Register the jobs' handlers, name what the journal says, and offer the checks' thresholds to the ministry."""
        from registry import notifications, parameters
        from registry.access.journal_entries import keep_back
        from registry.directory import dossier as unit_file
        from registry.directory import figures, standing
        from registry.directory.acts import followers
        from registry.journal import display as facts
        from registry.labels import name
        from registry.todo.reminders import offer as offer_reminders
        from reporting import guidelines
        from reporting import notifications as telling
        from reporting.filing import bulk, deadlines, intake, outside_lives  # noqa: F401
        from reporting.integrity import (
            nightly,  # noqa: F401
            sealed,
            verifying,
        )
        from reporting.labels import journal as acts
        from reporting.queries import dossier, reminders, search
        from reporting.review import bulk_accept  # noqa: F401
        from reporting.submissions import (
            peers,  # noqa: F401
            risk_facts,
            threshold_effects,
        )
        from reporting.verification import confidential
        from reporting.verification import current as verified_results

        name(acts.ACTS, acts.THINGS, acts.JOBS)
        keep_back(confidential.kept_back)
        sealed.name()
        verifying.name()
        notifications.name(telling.KINDS)
        facts.name("way", acts.WAYS)
        offer_reminders(reminders.due_reminders)
        standing.offer(verified_results.resting)
        search.offer_all()
        unit_file.offer(dossier.of_unit, dossier.of_line)
        followers.append(deadlines.follow_listing)
        figures.offer(verified_results.by_year)
        figures.offer_quota_bearing(verified_results.quota_bearing)
        figures.offer_after_closing(outside_lives.after_closing)
        figures.offer_of_many(verified_results.by_unit_and_year)
        parameters.offer(
            "checks", _("Automatic checks of monthly data"), guidelines.thresholds, threshold_effects.effect_of
        )
        parameters.offer(risk_facts.BOOK, _("Order of review"), guidelines.risk_weights, risk_facts.effect_of)
