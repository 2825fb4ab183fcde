"""What holds for every test: its budget of invented examples, and no network beyond loopback."""

import ipaddress
import os
import sys
import tempfile

import hypothesis
import pytest

EXAMPLES_PER_UNIT_OF_BUDGET = 50

# Kivy reads these when it is imported: it must neither parse pytest's arguments nor write in the home folder.
os.environ.setdefault("KIVY_NO_ARGS", "1")
os.environ.setdefault("KIVY_NO_CONSOLELOG", "1")
os.environ.setdefault("KIVY_HOME", tempfile.mkdtemp(prefix="kivy-home-"))


class LeftTheMachine(RuntimeError):
    """A test reached for the network: it must start its own component on loopback instead."""


def budget_from(environ: os._Environ[str] | dict[str, str]) -> int:
    """How many times the usual number of examples or faults: 1 in `make test`, 10 in `make test-long`."""
    budget = int(environ.get("PROCURATION_TEST_BUDGET", "1"))
    if budget < 1:
        raise pytest.UsageError("PROCURATION_TEST_BUDGET is a whole number from 1")
    return budget


BUDGET = budget_from(os.environ)

hypothesis.settings.register_profile(
    "budget",
    max_examples=EXAMPLES_PER_UNIT_OF_BUDGET * BUDGET,
    deadline=None,  # a shared machine is slow at times: time is measured by `make bench`, not here
    print_blob=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("budget")


# Folders whose tests start a browser, a window, several programs or a database.
SLOW_FOLDERS = frozenset({"browser", "screens", "scenarios", "simulation", "crosscheck", "demo"})


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what can be recognised, for `make check`, `test-long` and `fuzz`."""
    for item in items:
        folders = item.path.relative_to(item.config.rootpath).parts
        starts_database = any("postgres" in name for name in getattr(item, "fixturenames", ()))
        if starts_database or SLOW_FOLDERS.intersection(folders):
            item.add_marker("slow")
        if hypothesis.is_hypothesis_test(getattr(item, "obj", None)):
            item.add_marker("property")
            if "record" in folders:  # there, invented examples are invented bytes for a parser
                item.add_marker("fuzz")


def stays_on_this_machine(host: object) -> bool:
    """Whether a name or address means this machine; nothing is asked of a name server to know."""
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host in (None, "", "localhost") or not isinstance(host, str):
        return True
    if host.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def refuse_to_leave(event: str, arguments: tuple[object, ...]) -> None:
    """Audit hook: stops a connection or a name look-up that would leave loopback."""
    if event == "socket.connect":
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None  # anything else is a Unix socket
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    if not stays_on_this_machine(host):
        raise LeftTheMachine(f"{event} to {host!r}")


sys.addaudithook(refuse_to_leave)


@pytest.fixture(scope="session")
def budget() -> int:
    """The factor by which fault tests multiply their number of faults."""
    return BUDGET
