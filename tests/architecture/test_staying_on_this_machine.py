"""The guard of tests/conftest.py: no test talks to another machine."""

import socket

import pytest

from tests.conftest import LeftTheMachine, budget_from, stays_on_this_machine


@pytest.mark.parametrize(
    "host", [None, "", "localhost", "127.0.0.1", "127.3.2.1", "::1", b"127.0.0.1", "0.0.0.0"]
)
def test_loopback_is_this_machine(host):
    assert stays_on_this_machine(host)


@pytest.mark.parametrize(
    "host", ["192.0.2.1", "2001:db8::1", "centre.example", b"centre.example", "127.0.0.1.example"]
)
def test_anything_else_is_not(host):
    assert not stays_on_this_machine(host)


def test_a_connection_to_another_machine_is_stopped():
    with socket.socket() as connection, pytest.raises(LeftTheMachine):
        connection.connect(("192.0.2.1", 443))


def test_a_name_of_another_machine_is_not_looked_up():
    with pytest.raises(LeftTheMachine):
        socket.getaddrinfo("centre.example", 443)


def test_a_budget_of_ten_is_ten_times_the_usual_one():
    assert (budget_from({}), budget_from({"PROCURATION_TEST_BUDGET": "10"})) == (1, 10)


def test_a_budget_of_nothing_is_refused():
    with pytest.raises(pytest.UsageError):
        budget_from({"PROCURATION_TEST_BUDGET": "0"})
