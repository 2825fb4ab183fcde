"""A session bus of the test's own, on which AT-SPI is: its launcher, its bus, its registry. Nothing of the
machine's session is touched, and every process ends with it.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from tests.screens.atspi import ATSPI, REGISTRY, ROOT, Bus

LAUNCHERS = [Path(folder, "at-spi-bus-launcher") for folder in ("/usr/libexec", "/usr/lib/at-spi2-core")]
START_SECONDS, STOP_SECONDS, POLL_SECONDS = 60, 30, 0.05

CONFIGURATION = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  {services}
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""
SERVICE = "[D-BUS Service]\nName=org.a11y.Bus\nExec={launcher}\n"


class PrivateBus:
    """The bus, from its start to `stop`. Without AT-SPI it is a session that has no screen readers at all."""

    def __init__(self, *, with_atspi: bool = True) -> None:
        # not in pytest's own folder: the name of a socket has at most 107 bytes
        folder = self.folder = Path(tempfile.mkdtemp(prefix="session-"))
        self.socket = folder / "bus"
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("DBUS_")},
            "XDG_RUNTIME_DIR": str(folder),
            "HOME": str(folder),
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={self.socket}",
            "GSETTINGS_BACKEND": "memory",
        }
        self._others: set[int] = set()
        with (folder / "bus.log").open("w") as log:
            self._process = subprocess.Popen(
                ["dbus-daemon", f"--config-file={self._configured(with_atspi)}", "--nofork", "--nopidfile"],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
            )
        try:
            until(self.socket.exists, "the session bus")
            self.session = Bus(self.environment["DBUS_SESSION_BUS_ADDRESS"])
        except BaseException:
            self._process.kill()
            self._process.wait()
            raise
        self.readers: Bus | None = None

    def _configured(self, with_atspi: bool) -> Path:
        services = self.folder / "services"
        services.mkdir()
        if with_atspi:
            launcher = next(path for path in LAUNCHERS if path.exists())
            (services / "org.a11y.Bus.service").write_text(SERVICE.format(launcher=launcher))
        file = self.folder / "bus.conf"
        file.write_text(
            CONFIGURATION.format(socket=self.socket, services=f"<servicedir>{services}</servicedir>")
        )
        return file

    def someone_listens(self, listening: bool = True) -> Bus:
        """Say on the bus that a screen reader is on, or off; the bus where it meets the programs."""
        for name in ("IsEnabled", "ScreenReaderEnabled"):
            self.session.set("org.a11y.Bus", "/org/a11y/bus", "org.a11y.Status", name, listening)
        if self.readers is None:
            address = self.session.call("org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress")
            self.readers = Bus(address)
            self.readers.call(REGISTRY, ROOT, f"{ATSPI}.Accessible", "GetChildren")  # starts the registry
            self._others |= {self.session.process_of("org.a11y.Bus")}
            self._others |= {self.readers.process_of("org.freedesktop.DBus")}
            self._others |= {self.readers.process_of(REGISTRY)}
        return self.readers

    def stop(self) -> None:
        """End the bus and what it started, and wait until they are gone. Once is enough."""
        if not self.folder.exists():
            return
        for bus in (self.readers, self.session):
            if bus is not None:
                bus.close()
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for process in self._others:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGTERM)
        until(lambda: not any(map(runs, self._others)), "the end of what the bus had started")
        shutil.rmtree(self.folder)


def runs(process: int) -> bool:
    """Whether a process is there and no mere name of one that ended."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def until(condition, what: str, seconds: float = START_SECONDS) -> None:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds:.0f} s in vain for {what}")
        time.sleep(POLL_SECONDS)
