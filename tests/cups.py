"""A private CUPS: its own folder, its own port on loopback, and an office printer that takes pages by TCP."""

import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

START_SECONDS = 20
_SETTINGS = """
Listen 127.0.0.1:{port}
LogLevel debug
WebInterface No
Browsing No
DefaultAuthType None
PreserveJobFiles No
PreserveJobHistory {history}
<Location />
  Order allow,deny
  Allow all
</Location>
<Location /admin>
  Order allow,deny
  Allow all
</Location>
<Policy default>
  JobPrivateAccess default
  JobPrivateValues none
  SubscriptionPrivateAccess default
  SubscriptionPrivateValues default
  <Limit All>
    Order deny,allow
  </Limit>
</Policy>
"""
_FILES = """
ServerRoot {folder}/conf
RequestRoot {folder}/spool
CacheDir {folder}/cache
StateDir {folder}/run
TempDir {folder}/tmp
AccessLog {folder}/log/access
ErrorLog {folder}/log/error
PageLog {folder}/log/page
"""


def _program(name: str) -> str:
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if found is None:
        raise RuntimeError(f"{name} is missing: install the Debian package cups")
    return found


class OfficePrinter:
    """Takes one page after the other on a port. `pages`: what came."""

    def __init__(self) -> None:
        self.pages: list[bytes] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._listening.settimeout(0.05)
        self.port = self._listening.getsockname()[1]
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._runs)
        self._thread.start()

    def ends(self) -> None:
        self._ending.set()
        self._thread.join()
        self._listening.close()

    def _runs(self) -> None:
        while not self._ending.is_set():
            try:
                caller, _ = self._listening.accept()
            except TimeoutError:
                continue
            with caller:
                caller.settimeout(10)
                page = b""
                while data := caller.recv(65_536):
                    page += data
            self.pages.append(page)


class Cups:
    """`cupsd` in the foreground, a child process."""

    def __init__(self, folder: Path, history: str) -> None:
        self.folder = folder
        for name in ("conf", "spool", "cache", "run", "tmp", "log"):
            (folder / name).mkdir()
        with socket.create_server(("127.0.0.1", 0)) as found:
            port = found.getsockname()[1]
        self.server = f"127.0.0.1:{port}"
        (folder / "conf" / "cupsd.conf").write_text(_SETTINGS.format(port=port, history=history))
        (folder / "conf" / "cups-files.conf").write_text(_FILES.format(folder=folder))

    def starts(self) -> None:
        conf = self.folder / "conf"
        words = [_program("cupsd"), "-f", "-c", str(conf / "cupsd.conf"), "-s", str(conf / "cups-files.conf")]
        self._process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + START_SECONDS
        while self.asked("lpstat", "-r").strip() != "scheduler is running":
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise RuntimeError("cupsd did not start")
            time.sleep(0.02)

    def ends(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def has(self, queue: str, port: int) -> None:
        """A queue that hands pages on as they are."""
        device = f"socket://127.0.0.1:{port}"
        self.asked("lpadmin", "-p", queue, "-E", "-v", device, "-m", "raw")
        assert queue in self.asked("lpstat", "-p", queue)

    def asked(self, name: str, *words: str) -> str:
        done = subprocess.run(
            [_program(name), *words],
            env={**os.environ, "LC_ALL": "C", "CUPS_SERVER": self.server},
            capture_output=True, text=True, check=False, timeout=20,
        )  # fmt: skip
        return done.stdout

    def kept(self) -> list[Path]:
        """Pages that lie in the spool; the files that begin with c name jobs and hold no page."""
        return sorted((self.folder / "spool").glob("d*"))


@contextmanager
def private_cups(history: str = "Yes") -> Iterator[Cups]:
    folder = Path(tempfile.mkdtemp(prefix="cups-"))
    folder.chmod(0o755)
    made = Cups(folder, history)
    made.starts()
    try:
        yield made
    finally:
        made.ends()
        shutil.rmtree(folder)
