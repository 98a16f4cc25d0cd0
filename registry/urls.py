"""The URLs of registry."""

from django.urls import path

from registry.web.views import (
    directory,
    jobs,
    journal,
    mandates,
    notifications,
    parameters,
    tokens,
    units,
    working_years,
)

app_name = "registry"
urlpatterns = [
    path("units/", units.units, name="units"),
    path("units/<int:pk>/", units.unit, name="unit"),
    path("directory/", directory.entries, name="directory"),
    path("directory/propose/", directory.propose, name="directory_propose"),
    path("directory/<int:pk>/", directory.entry, name="directory_entry"),
    path("directory/<int:pk>/exit/", directory.propose_exit, name="directory_exit"),
    path("directory/<int:pk>/withdraw/", directory.withdraw, name="directory_withdraw"),
    path("directory/<int:pk>/decide/", directory.decide, name="directory_decide"),
    path("parameters/", parameters.all_of_them, name="parameters"),
    path("working-days/", working_years.all_of_them, name="working_years"),
    path("working-days/enter/", working_years.propose, name="working_year_propose"),
    path("working-days/<int:pk>/", working_years.one, name="working_year"),
    path("working-days/<int:pk>/decide/", working_years.decide, name="working_year_decide"),
    path("parameters/changes/<int:pk>/", parameters.change, name="parameter_change"),
    path("parameters/changes/<int:pk>/withdraw/", parameters.withdraw, name="parameter_withdraw"),
    path("parameters/changes/<int:pk>/decide/", parameters.decide, name="parameter_decide"),
    path("parameters/in/<slug:book>/<str:parameter>/", parameters.one, name="parameter"),
    path("parameters/in/<slug:book>/<str:parameter>/propose/", parameters.propose, name="parameter_propose"),
    path("journal/", journal.entries, name="journal"),
    path("messages/", notifications.notifications_list, name="notifications"),
    path("messages/read/", notifications.read_all, name="notifications_read"),
    path("messages/e-mail/", notifications.mail, name="notification_mail"),
    path("messages/<int:pk>/open/", notifications.open_one, name="notification_open"),
    path("mandates/", mandates.mandates_list, name="mandates"),
    path("mandates/offer/", mandates.offer, name="mandate_offer"),
    path("mandates/<int:pk>/accept/", mandates.accept, name="mandate_accept"),
    path("mandates/<int:pk>/end/", mandates.end, name="mandate_end"),
    path("tokens/", tokens.tokens_list, name="tokens"),
    path("tokens/grant/", tokens.grant, name="token_grant"),
    path("tokens/<int:pk>/revoke/", tokens.revoke, name="token_revoke"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<int:pk>/", jobs.job, name="job"),
    path("jobs/<int:pk>/progress/", jobs.progress, name="job_progress"),
]
