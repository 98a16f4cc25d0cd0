"""All URLs of the site."""

from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from quota_site import sign_in
from quota_site.home import views as home
from registry.web.views import account, passwords, search
from reporting.web import api
from reporting.web.views import api_docs, receipts

handler400 = "quota_site.errors.bad_request"
urlpatterns = [
    path("", home.home, name="home"),
    path("login/", sign_in.SignIn.as_view(), name="login"),
    path("logout/", auth_views.LogoutView.as_view(), name="logout"),
    path("account/", account.account, name="account"),
    path("account/sessions/end/", account.end_sessions, name="sessions_end"),
    path("password/", passwords.ChangePassword.as_view(), name="password_change"),
    path("password/done/", auth_views.PasswordChangeDoneView.as_view(), name="password_change_done"),
    path("password/first/<uidb64>/<token>/", passwords.FirstPassword.as_view(), name="first_password"),
    path("language/", login_not_required(set_language), name="set_language"),
    path("search/", search.search, name="search"),
    path("waiting/", home.counts, name="waiting"),
    path("health/", home.health, name="health"),
    path("receipts/keys.json", receipts.keys, name="receipt_keys"),
    path("registry/", include("registry.urls")),
    path("reporting/", include("reporting.urls")),
    path("allocation/", include("allocation.urls")),
    path("help/api/", api_docs.page, name="api_docs"),
    path("api/v1/", api.urls()),
]
