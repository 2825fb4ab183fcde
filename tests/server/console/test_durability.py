"""The first page of the console and the health check say where events are a second time."""

import errno
from dataclasses import replace
from pathlib import Path

import pytest
from django.test import Client

from server.config.centre import install_centre
from server.ledger.durability import SecondPlace
from server.ledger.models import Archive
from server.texts_fr import text
from tests.server.ledger.test_durable import refuses_to_write
from tests.server.townhall import administrator


@pytest.fixture
def said(world):
    """What page and health check say, and whether the page warns."""
    browser = administrator()

    def look():
        page = browser.get("/console/").content.decode()
        told = {one for one in SecondPlace if text(f"console.durable.{one.value}") in page}
        assert {one.value for one in told} == {Client().get("/v1/health").json()["durable"]}
        return *told, "fr-alert--warning" in page

    return look


def test_without_a_second_disk_the_console_warns(said):
    assert said() == (SecondPlace.NONE, True)


def test_an_archive_beside_the_database_is_told(disk, said):
    assert said() == (SecondPlace.SAME_DISK, True)


def test_an_archive_on_another_disk_is_no_warning(world, disk, said):
    install_centre(replace(world.centre, home=Path("/dev/shm")))  # a file system of its own
    assert said() == (SecondPlace.ARCHIVE, False)


@pytest.mark.parametrize(
    ("number", "place"), [(errno.ENOSPC, SecondPlace.FULL), (errno.EIO, SecondPlace.BROKEN)]
)
def test_a_failed_write_is_shown_until_one_succeeds(world, kiosk, disk, said, monkeypatch, number, place):
    world.hears(kiosk)
    kiosk.files()
    with monkeypatch.context() as fault:
        refuses_to_write(fault, number)
        world.hears(kiosk)
    assert said() == (place, True)
    world.hears(kiosk)
    assert said() == (SecondPlace.SAME_DISK, True)


def test_a_disk_that_is_not_there_is_told(world, kiosk, disk, said):
    kiosk.files()
    world.hears(kiosk)
    assert Archive.objects.exists()
    disk.rename(disk.with_name("unmounted"))
    assert said() == (SecondPlace.ABSENT, True)
    disk.mkdir()
    assert said() == (SecondPlace.ABSENT, True)
