"""What `make setup` relies on: the locks, the list of system packages, the commands people know."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.words import ROOT

LOCKS = ("requirements.lock", "tests/crosscheck/requirements.lock")
COMMANDS = ("demo", "test", "setup", "test-long", "simulate", "fuzz", "screens", "check", "bench")


def locked(lock: str) -> dict[str, str]:
    """Name and version of every package of a lock."""
    lines = re.findall(r"^([\w.-]+)==(\S+)", (ROOT / lock).read_text(), re.MULTILINE)
    return {canonicalize_name(name): version for name, version in lines}


def wanted() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    extras = project["project"]["optional-dependencies"].values()
    texts = [*project["project"]["dependencies"], *(text for extra in extras for text in extra)]
    return [Requirement(text) for text in texts + project["build-system"]["requires"]]


@pytest.mark.parametrize("requirement", wanted(), ids=str)
def test_every_requirement_is_locked_at_a_version_it_allows(requirement):
    assert requirement.specifier.contains(locked("requirements.lock")[canonicalize_name(requirement.name)])


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_a_hash(lock):
    blocks = re.split(r"^(?=[\w.-]+==)", (ROOT / lock).read_text(), flags=re.MULTILINE)[1:]
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_says_nothing_of_where_packages_come_from(lock):
    assert (
        re.findall(r"https?://|file:/|--index|--find-links|--trusted-host", (ROOT / lock).read_text()) == []
    )


def test_the_independent_cose_implementation_has_the_older_cbor2_it_needs():
    assert locked(LOCKS[1])["cwt"].startswith("3.")
    assert int(locked(LOCKS[1])["cbor2"].split(".")[0]) < 6


def test_every_system_package_says_why_it_is_there():
    lines = (ROOT / "provisioning" / "image" / "debian-packages.txt").read_text().splitlines()
    packages = [line for line in lines if line and not line.startswith("#")]
    assert [line for line in packages if len(line.split()) < 3] == []


def test_make_knows_every_command_and_describes_it():
    described = re.findall(r"^([a-z-]+):.*## \w", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert set(COMMANDS) <= set(described)
