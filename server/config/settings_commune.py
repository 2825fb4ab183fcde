"""Settings of the computer of a town hall without network: those of the centre's pages, over an encrypted
database, for browsers of this very machine.
"""

from server.config.settings import *  # noqa: F403  that is what it is: the same, with other values
from server.config.settings import HOME, INSTALLED_APPS, MIDDLEWARE, SECOND_FACTOR

# Its sessions end with the program, whose code nobody types every quarter of an hour.
SESSION_COOKIE_AGE = 12 * 3600

COMMUNE_FACE = True
ROOT_URLCONF = "server.config.urls_commune"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
INSTALLED_APPS = [*INSTALLED_APPS, "server.commune"]
# Its pages open to whoever typed the code of its store (docs/decisions/0019): no telephone is asked for.
MIDDLEWARE = [name for name in MIDDLEWARE if name not in SECOND_FACTOR]
MIDDLEWARE += ["server.commune.standing.stand_by_the_centre"]
STORE_NAME = "store.db"
DATABASES = {
    "default": {
        "ENGINE": "server.config.sqlcipher",
        "NAME": HOME / STORE_NAME,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=DELETE; PRAGMA synchronous=EXTRA; PRAGMA secure_delete=ON",
        },
    }
}
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"  # messages leave from the centre only
