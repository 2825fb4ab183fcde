"""Chromium without a window, and the centre that it looks at."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

from tests.server.conftest import brigade, kiosk, officer, story, world

__all__ = ["brigade", "kiosk", "officer", "story", "world"]

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--accept-lang=fr",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise RuntimeError(f"{name} is missing: install the Debian packages chromium and chromium-driver")
    return found


def started(profile: Path) -> webdriver.Chrome:
    """Chromium with an empty profile, which speaks French in its own controls, as its users' does; what its
    console says can be read with `get_log("browser")`."""
    options = Options()
    options.binary_location = _program("chromium")
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    service = Service(_program("chromedriver"), env={**os.environ, "LANGUAGE": "fr"})
    driver = webdriver.Chrome(options=options, service=service)
    driver.implicitly_wait(5)
    return driver


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[webdriver.Chrome]:
    """A new browser with an empty profile."""
    driver = started(tmp_path / "profile")
    yield driver
    driver.quit()
