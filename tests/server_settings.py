"""The server's own settings, in a home folder that lasts as long as the test run."""

import atexit
import os
import shutil
import tempfile

_HOME = "PROCURATION_HOME"

if _HOME in os.environ:
    from server.config.settings import *
else:
    os.environ[_HOME] = tempfile.mkdtemp(prefix="procuration-home-")
    atexit.register(shutil.rmtree, os.environ[_HOME], ignore_errors=True)
    from server.config.settings import *

    # Processes that a test starts are given their own home, or none.
    del os.environ[_HOME]

# A file, as in production: a database in memory would hide what locks and journals do.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": HOME / "test.sqlite3"}

# The store of a town hall without network is tested in the same process, over a database of its own.
INSTALLED_APPS = [*INSTALLED_APPS, "server.commune"]
