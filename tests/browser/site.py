"""The pages as `procuration-server serve` answers them, in this process: its middleware, its compressed
files."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.test import override_settings
from django.test.testcases import LiveServerThread

from server.pages.static_files import publish


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """A site on loopback, its static files published in `folder`. Gives: its address."""
    with override_settings(STATIC_ROOT=folder, WHITENOISE_USE_FINDERS=False):
        publish()
        thread = LiveServerThread("127.0.0.1", lambda application: application)
        thread.daemon = True
        thread.start()
        thread.is_ready.wait()
        if thread.error:
            raise thread.error
        try:
            yield f"http://{thread.host}:{thread.port}"
        finally:
            thread.terminate()
