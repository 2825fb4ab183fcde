"""Each check finds a small bad sample, and lets the good one beside it pass."""

import textwrap
from pathlib import PurePath

import pytest

from tests.architecture import imports, shape, words


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("procuration.domain.status", "import time"),
        ("procuration.domain.status", "from os import path"),
        ("procuration.domain.status", "import logging.handlers"),
        ("procuration.domain.status", "import cbor2"),
        ("procuration.domain.status", "from procuration.record import signed"),
        ("procuration.domain.status", "from procuration import ports"),
        ("procuration.domain.status", "def f():\n    import random"),
        ("procuration.domain.status", "from . import events"),
        ("procuration.domain.status", "from datetime import date\nlimit = date.today()"),
        ("procuration.domain.status", "text = open('law').read()"),
        ("procuration.record.signed", "import socket"),
        ("procuration.record.signed", "import requests"),
        ("procuration.record.signed", "from procuration.adapters import clock"),
        ("procuration.adapters.spool", "import kiosk_app.store"),
        ("procuration.errors", "from procuration.domain import status"),
        ("kiosk_app.presenters.welcome", "import kivy"),
        ("kiosk_app.use_cases.file_request", "from kivy.clock import Clock"),
        ("kiosk_app.store.event_log", "from server.ledger import models"),
        ("kiosk_app.store.event_log", "import requests"),
        ("sync_agent.cycle", "import sqlcipher3"),
        ("sync_agent.cycle", "import importlib\nimportlib.import_module('kiosk_app.store')"),
        ("server.ledger.services", "import sync_agent"),
        ("server.ledger.services", "from unittest import mock"),
        ("provisioning.enrolment", "from tests import builders"),
        ("somewhere_else.module", "import datetime"),
    ],
)
def test_an_import_against_the_table_is_found(module, source):
    assert len(imports.violations(module, source)) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("procuration.domain.status", "import datetime, enum\nfrom procuration.errors import RuleViolated"),
        ("procuration.record.signed", "import cbor2, hashlib\nfrom procuration.domain import events"),
        ("procuration.adapters.clock", "import time, os"),
        ("kiosk_app.screens.welcome", "from kivy.uix.screenmanager import Screen"),
        ("kiosk_app.devices.printer", "import kivy"),
        ("kiosk_app.__main__", "import kivy"),
        ("sync_agent.carriers.https", "import requests, ssl"),
        ("server.api.views", "from django.views import View\nfrom procuration.record import bundle"),
    ],
)
def test_an_import_that_the_table_allows_passes(module, source):
    assert imports.violations(module, source) == []


def test_a_module_of_401_lines_is_too_long():
    assert len(list(shape.too_long(PurePath("server/a.py"), "x = 1\n" * 401))) == 1
    assert list(shape.too_long(PurePath("server/a.py"), "x = 1\n" * 400)) == []


@pytest.mark.parametrize("path", ["server/ledger/migrations/0001_a.py", "kiosk_app/texts_fr.py"])
def test_a_migration_or_a_catalogue_may_be_long(path):
    assert list(shape.too_long(PurePath(path), "x = 1\n" * 401)) == []


def test_a_function_of_61_lines_is_too_long():
    def lines(count):
        return "class A:\n    def f(self):\n" + "        x = 1\n" * (count - 1)

    assert len(list(shape.too_long(PurePath("server/a.py"), lines(61)))) == 1
    assert list(shape.too_long(PurePath("server/a.py"), lines(60))) == []


@pytest.mark.parametrize(
    "path", ["server/utils.py", "server/api/helpers.py", "kiosk_app/common/a.py", "server/_misc.py"]
)
def test_a_shapeless_name_is_found(path):
    assert shape.shapeless_name(PurePath(path))


def test_a_name_that_says_what_it_decides_passes():
    assert shape.shapeless_name(PurePath("procuration/domain/validity.py")) is None


@pytest.mark.parametrize(
    "source",
    [
        "try:\n    f()\nexcept:\n    raise",
        "try:\n    f()\nexcept Exception:\n    pass",
        "try:\n    f()\nexcept (ValueError, Exception):\n    'never mind'",
        "for x in y:\n    try:\n        f()\n    except BaseException:\n        continue",
        "def g():\n    try:\n        f()\n    except Exception:\n        return None",
        "import contextlib\nwith contextlib.suppress(Exception):\n    f()",
    ],
)
def test_a_swallowed_error_is_found(source):
    assert len(list(shape.swallowed_errors(PurePath("a.py"), source))) == 1


def test_an_error_that_is_handled_passes():
    source = textwrap.dedent("""
        try:
            f()
        except FileNotFoundError:
            pass
        except Exception as error:
            raise Problem() from error
    """)
    assert list(shape.swallowed_errors(PurePath("a.py"), source)) == []


@pytest.mark.parametrize("place", words.forbidden_places())
def test_a_place_that_no_file_may_name_is_found(place):
    assert place in words.said_in(f"see https://{place}simple or file://{place}", words.forbidden_places())
    assert place in words.said_in(f"{place}, at the start", words.forbidden_places())


def test_a_place_of_another_name_passes():
    assert (
        list(words.said_in("see https://mypypi-org and network/framework/", words.forbidden_places())) == []
    )


def test_unfinished_work_is_found():
    assert list(words.said_in("# " + words.UNFINISHED[0] + ": check", words.UNFINISHED)) == [
        words.UNFINISHED[0]
    ]
