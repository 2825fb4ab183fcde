"""When the stage is read for a screen reader, and what goes over: a bridge whose AccessKit is the test."""

import gc
import threading
from types import SimpleNamespace

import accesskit
import pytest

from tests.kiosk.presenters.fakes import RIGHT_CODE, Accueil

MARK = "Marquesienne"


class FakeAdapter:
    """Keeps what it is told; `call` makes a call as AccessKit does, from a thread of its own."""

    def __init__(self, activated, asked, deactivated):
        self.activated, self.asked, self.deactivated = activated, asked, deactivated
        self.updates, self.calls = [], []

    def call(self, what, *arguments):
        thread = threading.Thread(target=what, args=arguments)
        thread.start()
        thread.join()

    def update_if_active(self, factory):
        self.updates.append(factory())

    def update_window_focus_state(self, focused):
        self.calls.append(("focus", focused))

    def set_root_window_bounds(self, outer, inner):
        self.calls.append(("bounds", (outer.x1 - outer.x0, outer.y1 - outer.y0)))


class Bridged:
    """A bridge on the stage of a tablet, the adapter it made, and how often it read the stage."""

    def __init__(self, tablet, monkeypatch):
        from kiosk_app.screens import access_update, bridge

        self.tablet, self.reads = tablet, 0
        read = bridge.tree_of

        def counted(stage, say):
            self.reads += 1
            return read(stage, say)

        monkeypatch.setattr(bridge, "tree_of", counted)
        monkeypatch.setattr(access_update, "new_adapter", self._adapter)
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
        self.bridge = bridge.Bridge(tablet.stage, tablet.say)
        self.bridge.open()

    def _adapter(self, *handlers):
        self.adapter = FakeAdapter(*handlers)
        return self.adapter

    def someone_listens(self):
        self.adapter.call(self.adapter.activated)
        self.tablet.driver.seconds(1)

    def asked(self, action, target, data=None):
        self.adapter.call(self.adapter.asked, SimpleNamespace(action=action, target=target, data=data))
        self.tablet.driver.frames(3)


@pytest.fixture
def bridged(tablet, monkeypatch):
    tablet.start(Accueil())
    tablet.presenter.act("unlock", {"code": RIGHT_CODE})
    tablet.presenter.act("start", {})
    tablet.presenter.act("understood", {})
    tablet.driver.frames(5)
    bridged = Bridged(tablet, monkeypatch)
    yield bridged
    bridged.bridge.close()


def nodes_with(mark):
    from kiosk_app.screens.access_tree import Node

    return [thing for thing in gc.get_objects() if type(thing) is Node and mark in thing.value + thing.name]


def test_while_nobody_listens_the_stage_is_not_read(bridged):
    bridged.tablet.driver.type(MARK)
    bridged.tablet.driver.seconds(5)
    assert (bridged.reads, bridged.adapter.updates, bridged.adapter.calls) == (0, [], [])


def test_whoever_begins_to_listen_is_told_everything_then_only_what_changes(bridged):
    bridged.someone_listens()
    (first,) = bridged.adapter.updates
    assert len(first.nodes) > 20
    assert first.focus in [node_id for node_id, _ in first.nodes]
    assert ("focus", True) in bridged.adapter.calls
    assert ("bounds", (1280, 800)) in bridged.adapter.calls
    bridged.tablet.driver.key(9)  # Tab: to a button, the keyboard goes
    bridged.tablet.driver.seconds(1)
    second = bridged.adapter.updates[-1]
    assert second.focus != first.focus
    bridged.tablet.driver.key(9, "shift")
    bridged.tablet.driver.seconds(1)
    told = len(bridged.adapter.updates)
    bridged.tablet.stage.page.text_boxes()[0].insert_text("b")
    bridged.tablet.driver.seconds(1)
    changed = [node.value for update in bridged.adapter.updates[told:] for _, node in update.nodes]
    assert "b" in changed
    assert len(changed) < len(first.nodes) / 2


def test_a_page_that_does_not_change_is_not_read_again(bridged):
    bridged.someone_listens()
    bridged.tablet.driver.seconds(3)
    before = bridged.reads
    bridged.tablet.driver.seconds(30)
    assert bridged.reads == before


def test_nothing_typed_stays_in_the_bridge_after_the_wipe(bridged):
    bridged.someone_listens()
    bridged.tablet.driver.type(MARK)
    bridged.tablet.driver.seconds(1)
    assert nodes_with(MARK)
    bridged.tablet.presenter.act("end", {})
    bridged.tablet.driver.seconds(1)
    gc.collect()
    assert nodes_with(MARK) == []


def test_nothing_typed_stays_once_the_reader_has_left(bridged):
    bridged.someone_listens()
    bridged.tablet.driver.type(MARK)
    bridged.tablet.driver.seconds(1)
    bridged.adapter.call(bridged.adapter.deactivated)
    bridged.tablet.driver.seconds(1)
    told = len(bridged.adapter.updates)
    bridged.tablet.driver.type("x")
    bridged.tablet.driver.seconds(1)
    gc.collect()
    assert nodes_with(MARK) == []
    assert len(bridged.adapter.updates) == told


def test_at_the_end_the_reader_is_told_that_nothing_is_there(bridged):
    bridged.someone_listens()
    bridged.tablet.stage.wipe()
    bridged.bridge.close()
    last = bridged.adapter.updates[-1]
    assert [node.children for _, node in last.nodes] == [[]]


def test_what_is_asked_from_another_thread_is_done_on_that_of_the_screen(bridged):
    bridged.someone_listens()
    box = bridged.adapter.updates[0].focus
    kind = accesskit.ActionDataKind.VALUE
    bridged.asked(accesskit.Action.SET_VALUE, box, (kind, MARK))
    assert bridged.tablet.stage.page.text_boxes()[0].text == MARK


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("SET_VALUE", None),
        ("SET_VALUE", (accesskit.ActionDataKind.NUMERIC_VALUE, 3.0)),
        ("SET_TEXT_SELECTION", None),
        ("EXPAND", None),
    ],
)
def test_what_the_tablet_does_not_do_is_refused_and_logged_without_its_words(bridged, caplog, action, data):
    bridged.someone_listens()
    bridged.tablet.driver.type(MARK)
    caplog.clear()
    caplog.set_level("INFO", "kiosk_app.screens.bridge")
    bridged.asked(getattr(accesskit.Action, action), bridged.adapter.updates[0].focus, data)
    assert [record.msg for record in caplog.records] == ["screen_reader_wish_refused"]
    assert bridged.tablet.stage.page.text_boxes()[0].text == MARK


def test_when_accesskit_can_not_start_the_tablet_says_so_once_and_does_without(tablet, monkeypatch, caplog):
    from kiosk_app.screens import access_update
    from kiosk_app.screens.bridge import Bridge

    def fails(*_):
        raise OSError("no thread left")

    monkeypatch.setattr(access_update, "new_adapter", fails)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
    caplog.set_level("INFO", "kiosk_app.screens.bridge")
    bridge = Bridge(tablet.stage, tablet.say)
    bridge.open()
    tablet.driver.seconds(2)
    bridge.close()
    assert [(record.msg, record.code) for record in caplog.records] == [
        ("screen_reader_bridge_failed", "OSError")
    ]


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, ""),
        ({"DBUS_SESSION_BUS_ADDRESS": "unix:path=/x"}, "unix:path=/x"),
        ({"XDG_RUNTIME_DIR": "/nonexistent"}, ""),
    ],
)
def test_the_bus_is_that_of_the_session(only_tablet, environment, expected):
    from kiosk_app.screens.bridge import bus_address

    assert bus_address(environment) == expected


def test_the_usual_bus_of_a_session_is_known_without_a_name(only_tablet, tmp_path):
    from kiosk_app.screens.bridge import bus_address

    (tmp_path / "bus").touch()
    assert bus_address({"XDG_RUNTIME_DIR": str(tmp_path)}) == f"unix:path={tmp_path}/bus"
