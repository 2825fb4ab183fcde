"""The entry point that gunicorn loads."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.config.settings")
application = get_wsgi_application()
# An import makes some hundred thousand short-lived objects and no cycles: the collector's habit of walking
# everything after each seven hundred of them would cost a tenth of the time.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 50, 100)
