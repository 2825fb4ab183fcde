"""Settings of Django. What a deployer may change is in `options.py`; everything here is part of the
program.
"""

import os
import secrets
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote, urlsplit

from server.config.options import HOME_VARIABLE, Options, read_options
from server.config.web_secret import web_secret

PACKAGE = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get(HOME_VARIABLE, "procuration-home")).absolute()
OPTIONS: Options = read_options(HOME)

DEBUG = False
FACE = os.environ.get("PROCURATION_SERVER_FACE")
# The sessions of a town hall's own computer end with its program: nothing is kept in a file.
SECRET_KEY = secrets.token_urlsafe(48) if FACE == "commune" else web_secret(HOME)
ALLOWED_HOSTS = [name.strip() for name in OPTIONS.allowed_hosts.split(",")]
AGENT_FACE = FACE == "agents"
ROOT_URLCONF = "server.config.urls_agents" if AGENT_FACE else "server.config.urls"
WSGI_APPLICATION = "server.config.wsgi.application"

_OURS = (
    "ledger",
    "dossiers",
    "pages",
    "mairie",
    "console",
    "notices",
    "usagers",
    "registers",
    "reception",
    "brigade",
    "identity",
    "register",
    "traces",
    "health",
)
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "widget_tweaks",
    "dsfr",
    *(f"server.{name}" for name in _OURS if find_spec(f"server.{name}.apps")),
]
SECOND_FACTOR = (
    "django_otp.middleware.OTPMiddleware",
    "server.identity.second_factor.RequireSecondFactor",
)
MIDDLEWARE = [
    "server.health.latency.measure",
    "server.config.proxies.believe_the_proxy",
    "django.middleware.security.SecurityMiddleware",
    "server.config.headers.security_headers",
    "server.pages.sizes.refuse_large",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "server.pages.sessions.end_sessions",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    *SECOND_FACTOR,
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "server.pages.problem.explain_wrong_method",
    "server.pages.limits.limit_posts",
    "server.traces.refusing.refuse_untraced",
    "server.pages.standing_still.stand_still",
]
if (
    AGENT_FACE
):  # an agent has no session, cookie, form or account: none of the code for them runs on its address
    MIDDLEWARE = ["server.health.latency.measure", "server.config.headers.security_headers"]
    ALLOWED_HOSTS = ["*"]  # the host name builds nothing there, and agents may use the bare address

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "server.pages.context.page",
            ]
        },
    }
]


def _database(url: str) -> dict[str, object]:
    """SQLite with a rollback journal (SECURITY-DESIGN 10), or PostgreSQL."""
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": HOME / "db.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # EXTRA: with FULL the end of a transaction (its journal removed) is not on the disk yet when
                # it is answered, and a power cut takes the transaction back.
                "init_command": "PRAGMA journal_mode=DELETE; PRAGMA synchronous=EXTRA; "
                "PRAGMA secure_delete=ON",
            },
        }
    parts = urlsplit(url)
    if parts.scheme != "postgresql":
        raise ValueError("database_url: postgresql://user@host:port/name")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.removeprefix("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5},
    }


DATABASES = {"default": _database(OPTIONS.database_url)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024  # a bundle is 4 MiB at most, and its seal
FILE_UPLOAD_MAX_MEMORY_SIZE = 0
DATA_UPLOAD_MAX_NUMBER_FIELDS = 100

LANGUAGE_CODE = "fr"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
FORMAT_MODULE_PATH = None

STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "static"] if (PACKAGE / "static").is_dir() else []
STATE_BRANDING = OPTIONS.state_branding
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "server.pages.static_files.NeutralAppDirectoriesFinder",  # the State's files only for who may use them
]
DSFR_CONTENT_IS_SAFE = False  # else names would be written unescaped: a stored XSS
DSFR_MARK_OPTIONAL_FIELDS = True
BROWSER_FACE = FACE == "browsers"
STATIC_ROOT = HOME / "static" if BROWSER_FACE else None  # `serve` writes it anew, compressed, when it starts
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = not BROWSER_FACE
WHITENOISE_AUTOREFRESH = False
WHITENOISE_ALLOW_ALL_ORIGINS = False

AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
LOGIN_URL = "pages:sign_in"
LOGIN_REDIRECT_URL = "pages:home"
CSRF_FAILURE_VIEW = "server.pages.views.csrf_refused"

OTP_TOTP_ISSUER = "Relais de procuration"  # what applications show above the code

SESSION_COOKIE_NAME = "procuration"
SESSION_COOKIE_AGE = 15 * 60  # since the session was last written: server/pages/sessions.py
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = OPTIONS.secure_cookies
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if OPTIONS.trusted_proxies else None
SECURE_SSL_REDIRECT = OPTIONS.https_only
SECURE_REDIRECT_EXEMPT = [r"^v1/health$", r"^metrics$"]  # asked on this machine, in plain HTTP
SECURE_HSTS_SECONDS = OPTIONS.hsts_seconds
SECURE_HSTS_INCLUDE_SUBDOMAINS = True  # nothing else lives under the name of a centre
SILENCED_SYSTEM_CHECKS = ["security.W021"]  # the public list of browsers is for the owner of the domain
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
PUBLIC_URL = OPTIONS.public_url.rstrip("/")  # never the name that a browser asks for
CSRF_TRUSTED_ORIGINS = [OPTIONS.public_url] if OPTIONS.public_url.startswith("https://") else []

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = OPTIONS.smtp_host
EMAIL_PORT = OPTIONS.smtp_port
EMAIL_HOST_USER = OPTIONS.smtp_user
EMAIL_HOST_PASSWORD = (
    Path(OPTIONS.smtp_password_file).read_text("utf-8").strip() if OPTIONS.smtp_password_file else ""
)
EMAIL_USE_TLS = OPTIONS.smtp_starttls
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = OPTIONS.mail_from

# The log of a service is its output; a command keeps standard output for its results.
_LOG_STREAM = "ext://sys.stdout" if FACE in ("agents", "browsers", "jobs") else "ext://sys.stderr"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"fields": {"()": "server.config.log_lines.FieldFormatter"}},
    "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "fields", "stream": _LOG_STREAM}},
    "root": {"handlers": ["lines"], "level": OPTIONS.log_level},
    # Django names the address asked for in these: an address may hold a reference.
    # The scheduler, the TUF client and the layout of PDFs speak of every run.
    "loggers": {
        "django.request": {"level": "CRITICAL"},
        "django.security": {"level": "CRITICAL"},
        "apscheduler": {"level": "WARNING"},
        "tuf": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
    },
}
