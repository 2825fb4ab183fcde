"""Agents see their commune only: every address, method and role, tried on another commune's data (I-8)."""

from collections.abc import Iterator

import pytest

from tests.server.matrix import (
    MARK_A,
    MARK_B,
    METHODS,
    SAFE,
    Asked,
    Matrix,
    walk,
    without_waiting_for_the_disk,
)

pytestmark = pytest.mark.django_db
FORBIDDEN_TO = {"nobody", "no right"}
FOR_MACHINES = {"v1/health"}
"""It says how the service does, whatever the method: no dossier, no page."""
BESIDE_THE_DATA = ("django_session", "traces_", "pages_refusedsignin", "identity_")
"""Tables that a request may write whatever it asks: the session, the trail of reads, refused entries."""
NAMES_FOR_ADMINISTRATORS = ("console:case", "console:decide", "registers:special", "console:search")
"""Views of the console that show names, and record that they do."""


@pytest.fixture(scope="module")
def matrix(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Matrix]:
    """Every answer, asked once for all tests of this module."""
    with django_db_blocker.unblock(), without_waiting_for_the_disk():
        yield walk(tmp_path_factory.mktemp("matrix"))


def of(matrix: Matrix, *roles: str) -> list[Asked]:
    """What these roles asked, or every role."""
    return [asked for asked in matrix.asked if not roles or asked.role in roles]


def those(asked: list[Asked]) -> list[str]:
    """For the message of a failure."""
    return sorted({str(one) for one in asked})


def test_every_view_is_asked_with_every_method_by_every_role(matrix: Matrix):
    assert {one.method for one in matrix.asked} == set(METHODS)
    assert {one.view for one in of(matrix, "stranger")} == matrix.views
    assert {"mairie:procuration", "mairie:batch", "registers:register", "console:case"} <= matrix.views
    assert len([one for one in of(matrix, "stranger") if one.foreign]) > 100


def test_no_answer_is_a_fault_of_the_server(matrix: Matrix):
    assert those([one for one in matrix.asked if one.status >= 500 and one.view not in FOR_MACHINES]) == []


def test_no_answer_to_another_town_hall_bears_a_mark_of_this_one(matrix: Matrix):
    assert those([one for one in of(matrix, "stranger") if MARK_A in one.body.upper()]) == []
    assert those([one for one in of(matrix, "owner") if MARK_B in one.body.upper()]) == []


def test_the_marks_are_there_for_those_who_may_read_them(matrix: Matrix):
    """Else the test above would prove nothing."""
    read = {one.view for one in of(matrix, "owner") if MARK_A in one.body.upper()}
    assert {
        "mairie:waiting",
        "mairie:history",
        "mairie:procuration",
        "mairie:tell",
        "registers:register",
    } <= read
    assert MARK_B in "".join(one.body.upper() for one in of(matrix, "stranger"))


def test_nobody_and_an_account_without_rights_read_no_elector(matrix: Matrix):
    for mark in (MARK_A, MARK_B):
        assert those([one for one in of(matrix, *FORBIDDEN_TO) if mark in one.body.upper()]) == []


def test_an_administrator_reads_names_on_the_pages_of_a_case_only(matrix: Matrix):
    read = [one for one in of(matrix, "administrator") if MARK_A in one.body.upper()]
    assert those([one for one in read if not one.view.startswith(NAMES_FOR_ADMINISTRATORS)]) == []


def test_a_dossier_of_another_town_hall_does_not_exist(matrix: Matrix):
    asked = [one for one in of(matrix, "stranger") if one.foreign and one.method != "options"]
    mine = matrix.rids["asked of lifou"]  # a question about its own elector
    there = [
        one for one in asked if one.status < 300 and not (one.view == "mairie:answer" and mine in one.address)
    ]
    assert those(there) == []


def test_the_spaces_of_town_halls_and_of_the_console_open_to_their_own_only(matrix: Matrix):
    for space, own in {"/mairie/": {"owner", "stranger"}, "/console/": {"administrator"}}.items():
        asked = [one for one in matrix.asked if one.address.startswith(space) and one.role not in own]
        assert those([one for one in asked if one.status < 300]) == []


def test_methods_that_no_page_has_are_refused(matrix: Matrix):
    unsafe = [one for one in matrix.asked if one.method in ("put", "patch", "delete")]
    assert those([one for one in unsafe if one.status < 300 and one.view not in FOR_MACHINES]) == []


def test_reading_writes_nothing(matrix: Matrix):
    """A prefetch, a crawler or a picture in a mail decides nothing."""
    wrote = [one for one in matrix.asked if one.method in SAFE and _data(one)]
    assert [f"{one}: {sorted(_data(one))}" for one in wrote] == []


def test_nobody_writes_about_the_electors_of_another_town_hall(matrix: Matrix):
    assert matrix.after == matrix.before
    forged = [one for one in of(matrix, *FORBIDDEN_TO, "administrator") if one.address.startswith("/mairie/")]
    assert [f"{one}: {sorted(_data(one))}" for one in forged if _data(one)] == []


def _data(one: Asked) -> set[str]:
    return {table for table in one.wrote if not table.startswith(BESIDE_THE_DATA)}
