"""Settings, all from the environment; the defaults are the embedded set-up (SQLite, Redis on a private socket).

`DATABASE_URL`, `REDIS_URL`, `DJANGO_SECRET_KEY`, `QUOTA_DATA_DIR` are the documented settings; docs/deployment.md lists the rest.
"""

import os
import secrets
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from quota_site import broker
from quota_site.demo.running.mark import clock_offset

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DATA_DIR = Path(env.str("QUOTA_DATA_DIR", default=str(BASE_DIR / "var"))).resolve()


def _secret_key() -> str:
    """The key from the environment, else one made once and kept in the data directory (readable by its owner only)."""
    if key := str(env.str("DJANGO_SECRET_KEY", default="")):
        return key
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    path = DATA_DIR / "secret-key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    with os.fdopen(descriptor, "w") as file:
        file.write(key := secrets.token_urlsafe(48))
    return key


SECRET_KEY = _secret_key()
DEBUG = env.bool("QUOTA_DEBUG", default=False)
ALLOWED_HOSTS = env.list("QUOTA_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("QUOTA_ORIGINS", default=[])

# Behind a proxy that ends TLS: QUOTA_HTTPS=1 turns on everything `check --deploy` asks for.
HTTPS = env.bool("QUOTA_HTTPS", default=False)
SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "quota_site.static_files.StaticFiles",
    "django.contrib.humanize",
    "django.forms",  # FORM_RENDERER finds the stock widget templates through it
    "django_tables2",
    "django_filters",
    "django_htmx",
    "axes",
    "csp",
    "registry",
    "reporting",
    "allocation",
    "quota_site",
]

MIDDLEWARE = [
    "quota_site.middleware.ApiAnswersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "quota_site.language.ChosenLanguageMiddleware",
    "quota_site.middleware.MethodMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "quota_site.sign_in.SignInMiddleware",
    "quota_site.navigation.waiting.ForgetCountsMiddleware",
    "quota_site.middleware.RefusalMiddleware",
    "quota_site.middleware.AsOfMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "quota_site.urls"
WSGI_APPLICATION = "quota_site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "quota_site.navigation.context",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Set and empty, as compose files leave it, is not set.
DATABASE_URL = env.str("DATABASE_URL", default="").strip() or f"sqlite:///{DATA_DIR / 'quota.sqlite3'}"
DATABASES = {"default": env.db_url_config(DATABASE_URL)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["ENGINE"] = "quota_site.sqlite3"
    # IMMEDIATE: a transaction that will write takes the write lock at its start, so it can't fail half-way on an upgrade.
    DATABASES["default"].setdefault("OPTIONS", {}).update(
        transaction_mode="IMMEDIATE",
        timeout=30,
        # recursive_triggers: else INSERT OR REPLACE would rewrite an append-only row without firing its trigger.
        init_command="PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-64000; PRAGMA recursive_triggers=ON;",
    )
else:
    DATABASES["default"].setdefault("CONN_MAX_AGE", 60)
    DATABASES["default"].setdefault("CONN_HEALTH_CHECKS", True)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "registry.Person"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "registry.people.password_rules.LongEnoughValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "registry.people.password_rules.NeverAgainValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_HANDLER = "registry.people.guessing.CappedHandler"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "registration/locked.html"
AXES_LOCKOUT_CALLABLE = "registry.web.views.passwords.locked"
AXES_VERBOSE = False
if HTTPS:  # behind the proxy everybody would share its address, and one stranger could lock anybody out
    AXES_CLIENT_IP_CALLABLE = "quota_site.proxy.client_ip"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "quota_site" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# E-mails go out only where a mail server is named: else nothing is put into the outbox, and all is told in the application.
MAIL_ENABLED = bool(env.str("EMAIL_URL", default=""))
vars().update(env.email_url("EMAIL_URL", default="dummymail://"))
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("QUOTA_MAIL_FROM", default="quota@localhost")
# What links in e-mails begin with: there is no request to read it from.
SITE_URL = env.str("SITE_URL", default="http://localhost:8000").rstrip("/")

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": env.str("QUOTA_STATIC_STORAGE", default="django.contrib.staticfiles.storage.StaticFilesStorage")
    },
}
WHITENOISE_USE_FINDERS = True

# Uploaded originals live outside every served folder; only access-checked views hand them out.
MEDIA_ROOT = DATA_DIR / "files"
MEDIA_URL = None
FILE_UPLOAD_PERMISSIONS = 0o600
# A month's tables on a page are one form: about 1,200 fields for a steel works, more for a unit with many clinker lines, and ten for
# each of at most 999 tests and meters.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 24_000
UPLOAD_LIMIT_BYTES = env.int("QUOTA_UPLOAD_LIMIT_BYTES", default=10 * 1024 * 1024)
EVIDENCE_LIMIT_BYTES = env.int("QUOTA_EVIDENCE_LIMIT_BYTES", default=20 * 1024 * 1024)
EVIDENCE_LIMIT_FILES = env.int(
    "QUOTA_EVIDENCE_LIMIT_FILES", default=60
)  # of one package; Django takes 100 in one request

# The API counts each token's requests in the cache: one for all processes where a Redis is named, else one for each process.
API_REQUESTS_PER_MINUTE = env.int("QUOTA_API_REQUESTS_PER_MINUTE", default=120)
CACHES = {"default": broker.cache(env.str("REDIS_URL", default=""))}
BULK_LIMIT_BYTES = env.int("QUOTA_BULK_LIMIT_BYTES", default=100 * 1024 * 1024)

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_ENGINE = "registry.people.sessions"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "quota_site.sign_in.stale_form"

DJANGO_TABLES2_TEMPLATE = "tables/table.html"

# The broker is only a doorbell: the job rows in the database are the truth (registry.jobs).
CELERY_BROKER_URL = env.str("REDIS_URL", default="") or broker.url(DATA_DIR)
CELERY_BROKER_TRANSPORT_OPTIONS = broker.transport_options(CELERY_BROKER_URL, DATA_DIR)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_TIMEZONE = TIME_ZONE

# The journal's end as it was seen last, beside the database and not in it (registry.journal.chain_end).
JOURNAL_END_FILE = DATA_DIR / "journal-end.json"

# A demonstration country lives on its own fixed days: its mark says how far its clock is ahead, for its own database only.
DEMO_FILE = DATA_DIR / "demo.json"
CLOCK_OFFSET_SECONDS = clock_offset(DEMO_FILE, DATABASES["default"]) or 0

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("QUOTA_LOG_LEVEL", default="WARNING")},
}
