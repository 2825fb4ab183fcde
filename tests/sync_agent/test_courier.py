"""Any tablet can carry for any other: it posts their bundles, brings the answers back, and learns nothing."""

import pytest

from procuration.adapters.addresses import Addresses, Way, read_addresses, way_of, write_addresses
from procuration.adapters.spool import AgentSpool, AppSpool, name_of
from procuration.errors import RecordRejected
from sync_agent import courier as bag
from sync_agent.carriers.usb import export_to, import_from
from sync_agent.courier import AGE_DAYS_MAX, Courier
from sync_agent.cycle import Cycle
from sync_agent.relay import AGAIN_MS, SENDS_PER_TURN_MAX, Relay
from tests.sync_agent.centre import hangs_up, says
from tests.sync_agent.sealed import CENTRE, KNOWN, OTHER, OURS, addressed, sealed

__all__ = ["addressed"]
THEIRS = Addresses(ours=frozenset({OTHER}), centre=frozenset({CENTRE}))
UP, ANSWER = sealed(CENTRE, b"of the other tablet"), sealed(OTHER, b"for the other tablet")


@pytest.fixture
def stick(tmp_path):
    folder = tmp_path / "stick"
    (folder / "PROCU").mkdir(parents=True)
    return folder


@pytest.fixture
def other(tmp_path):
    """The other tablet's spool, both sides; it has no network."""
    app, agent = AppSpool(tmp_path / "other"), AgentSpool(tmp_path / "other")
    write_addresses(agent.folder, THEIRS)
    return app, agent


@pytest.fixture
def relay(agent, clock):
    return Relay(agent, clock, draw=lambda _: 0)


def answers_with(answer):
    return says(200, answer, "application/octet-stream")


@pytest.mark.usefixtures("addressed")
def test_r_54_a_tablet_with_a_line_carries_the_bundles_of_one_without_and_brings_the_answer_back(
    app, agent, other, stick, relay, carrier, centre
):
    their_app, their_agent = other
    name = their_app.put_bundle(UP)
    their_app.put_enrolment(sealed(CENTRE, b"who they are"))
    export_to(their_agent, stick)
    assert import_from(agent, stick, None).carried == 2
    assert app.answer_names() == []
    centre.behaviours = [says(204), answers_with(ANSWER)]
    assert relay.run(lambda: carrier, lambda: False) == 2
    assert [path for path, _ in centre.requests] == ["/v1/enrol", "/v1/sync"]
    assert centre.bodies()[1] == UP
    assert app.answer_names() == []
    export_to(agent, stick)
    assert (stick / "PROCU" / f"{name}.down.prb").read_bytes() == ANSWER
    assert not (stick / "PROCU" / f"{name}.prb").exists()  # it has arrived: it need not travel any more
    assert import_from(their_agent, stick, None).answers == 1
    assert their_app.read_answer(name_of(ANSWER)) == ANSWER


@pytest.mark.usefixtures("addressed")
def test_a_tablet_without_a_line_hands_on_what_it_carries_to_the_next_key(agent, other, stick, tmp_path):
    their_app, their_agent = other
    name = their_app.put_bundle(UP)
    export_to(their_agent, stick)
    import_from(agent, stick, None)
    next_key = tmp_path / "next"
    next_key.mkdir()
    assert export_to(agent, next_key).carried == 1
    assert (next_key / "PROCU" / f"{name}.prb").read_bytes() == UP


def test_a_machine_without_an_app_carries_too_and_goes_by_the_names(
    agent, app, stick, relay, carrier, centre
):
    (stick / "PROCU" / "a.prb").write_bytes(UP)
    (stick / "PROCU" / "b.down.prb").write_bytes(ANSWER)
    assert import_from(agent, stick, None).carried == 2
    assert app.answer_names() == []
    centre.usually = answers_with(ANSWER)
    relay.run(lambda: carrier, lambda: False)
    assert centre.bodies() == [UP]
    assert len(relay.courier.answers()) == 2


def test_our_own_files_go_first(relay, carrier, centre):
    relay.courier.take_up(UP, enrolment=False)
    assert relay.run(lambda: carrier, lambda: True) == 0
    assert centre.bodies() == []


def test_what_waits_of_our_own_is_what_was_never_answered(app, agent, carrier, centre, clock):
    cycle = Cycle(agent, carrier, clock)
    assert not cycle.own_wait()
    app.put_bundle(b"up")
    assert cycle.own_wait()
    cycle.run(may_poll=True)
    assert not cycle.own_wait()


def test_the_same_file_met_twice_is_carried_once(agent, stick, relay, carrier, centre):
    centre.usually = answers_with(ANSWER)
    for _ in range(2):
        (stick / "PROCU" / "a.prb").write_bytes(UP)
        import_from(agent, stick, None)
        relay.run(lambda: carrier, lambda: False)
    assert centre.bodies() == [UP]


@pytest.mark.usefixtures("addressed")
def test_an_old_bundle_of_this_tablet_that_comes_back_has_its_answer_given_to_the_app(
    app, agent, stick, relay, carrier, centre
):
    (stick / "PROCU" / "old.prb").write_bytes(UP)
    import_from(agent, stick, None)
    centre.usually = answers_with(sealed(OURS, b"late"))
    relay.run(lambda: carrier, lambda: False)
    assert app.read_answer(name_of(UP)) == sealed(OURS, b"late")
    assert relay.courier.answers() == relay.courier.waiting() == []


def test_what_the_centre_refuses_for_good_is_dropped(relay, carrier, centre):
    relay.courier.take_up(UP, enrolment=False)
    centre.behaviours = [says(422, b'{"code": "SCELLE_ILLISIBLE"}', "application/json")]
    assert relay.run(lambda: carrier, lambda: False) == 0
    assert relay.courier.waiting() == []


def test_of_a_tablet_that_the_centre_does_not_know_yet_it_is_offered_again_an_hour_later(
    relay, carrier, centre, clock
):
    relay.courier.take_up(UP, enrolment=False)
    centre.behaviours = [says(422, b'{"code": "APPAREIL_INCONNU"}', "application/json")]
    centre.usually = answers_with(ANSWER)
    relay.run(lambda: carrier, lambda: False)
    clock.pass_seconds(AGAIN_MS / 1000 - 1)
    assert relay.run(lambda: carrier, lambda: False) == 0
    clock.pass_seconds(1)
    assert relay.run(lambda: carrier, lambda: False) == 1


def test_after_a_failure_the_line_is_left_alone_for_a_while(relay, carrier, centre, clock):
    relay.courier.take_up(UP, enrolment=False)
    centre.behaviours = [says(503, Retry_After="60")]
    centre.usually = answers_with(ANSWER)
    assert relay.run(lambda: carrier, lambda: False) == 0
    clock.pass_seconds(59)
    assert relay.run(lambda: carrier, lambda: False) == 0
    clock.pass_seconds(1)
    assert relay.run(lambda: carrier, lambda: False) == 1


def test_an_answer_that_is_no_sealed_file_is_not_carried(relay, carrier, centre):
    write_addresses(relay.courier._up.folder.parents[2], KNOWN)
    relay.courier.take_up(UP, enrolment=False)
    centre.behaviours = [answers_with(b"no seal"), hangs_up]
    relay.run(lambda: carrier, lambda: False)
    assert relay.courier.answers() == []
    assert len(relay.courier.waiting()) == 1


def test_one_turn_sends_a_bounded_number(relay, carrier, centre):
    for number in range(SENDS_PER_TURN_MAX + 5):
        relay.courier.take_up(sealed(CENTRE, b"%d" % number), enrolment=False)
    centre.usually = answers_with(ANSWER)
    assert relay.run(lambda: carrier, lambda: False) == SENDS_PER_TURN_MAX


def test_the_bag_is_bounded_in_number_and_in_bytes(agent, monkeypatch):
    carried = Courier(agent.memory)
    monkeypatch.setattr(bag, "FILES_MAX", 3)
    assert [carried.take_down(sealed(OTHER, b"%d" % one)) for one in range(4)] == [True, True, True, False]
    monkeypatch.setattr(bag, "BYTES_MAX", len(UP) - 1)
    assert not carried.take_up(UP, enrolment=False)


def test_an_answer_of_the_centre_finds_room_in_a_bag_that_a_stranger_filled(agent, monkeypatch):
    carried = Courier(agent.memory)
    monkeypatch.setattr(bag, "FILES_MAX", 2)
    for one in range(2):
        carried.take_down(sealed(OTHER, b"junk %d" % one))
    carried.answered("0" * 32 + ".prb", ANSWER)
    assert [carried.read_answer(file.name) for file in carried.answers()][-1] == ANSWER
    assert len(carried.answers()) == 2


@pytest.mark.parametrize("sign", [1, -1])
def test_what_is_too_old_is_let_go_whichever_way_the_clock_went(agent, sign):
    carried = Courier(agent.memory)
    carried.take_down(ANSWER)
    (file,) = carried.answers()
    limit = AGE_DAYS_MAX * 86_400 * 1_000_000_000
    carried.forget_old(file.modified_ns + sign * limit)
    assert carried.answers() == [file]
    carried.forget_old(file.modified_ns + sign * (limit + 1))
    assert carried.answers() == []


def test_addresses_are_read_strictly(agent):
    write_addresses(agent.folder, KNOWN)
    assert read_addresses(agent.folder) == KNOWN
    for damaged in (
        b"", b"null", b"[]", b'{"version": 1}', b'{"version": 2, "ours": [], "centre": []}',
        b'{"version": 1, "ours": ["zz"], "centre": []}', b'{"version": 1, "ours": {}, "centre": []}',
        b'{"version": 1, "ours": [], "centre": [], "more": 1}', b"[" * 10_000,
    ):  # fmt: skip
        with pytest.raises(RecordRejected):
            Addresses.from_json(damaged)
        (agent.folder / "addresses.json").write_bytes(damaged)
        assert read_addresses(agent.folder) is None


@pytest.mark.parametrize(
    ("name", "kid", "known", "way"),
    [
        ("a.down.prb", CENTRE, KNOWN, Way.UP),
        ("a.prb", OURS, KNOWN, Way.HERE),
        ("a.prb", OTHER, KNOWN, Way.AWAY),
        ("a.prb", OTHER, None, Way.UP),
        ("a.down.prb", OTHER, None, Way.AWAY),
    ],
)
def test_the_seal_says_where_a_file_goes_and_the_name_only_without_a_known_key(name, kid, known, way):
    assert way_of(name, sealed(kid), known) is way
