"""A screen reader in the hands of a test: reads the tree of a program on the bus of AT-SPI, and acts on it.

Interfaces org.a11y.atspi.Accessible, Action, Component and Text, as at-spi2-core describes them (xml/).
"""

import asyncio
import time
from dataclasses import dataclass

from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio import MessageBus

CALL_SECONDS, FIND_SECONDS, POLL_SECONDS = 60, 90, 0.05
ATSPI = "org.a11y.atspi"
REGISTRY, ROOT = f"{ATSPI}.Registry", "/org/a11y/atspi/accessible/root"
PROPERTIES = "org.freedesktop.DBus.Properties"

# atspi-constants.h: AtspiRole and AtspiStateType, those that the tablet has
ROLES = {
    7: "check box",
    16: "dialog",
    23: "frame",
    27: "image",
    29: "label",
    32: "list item",
    39: "panel",
    40: "password text",
    42: "progress bar",
    43: "button",
    44: "radio button",
    54: "status bar",
    62: "toggle button",
    75: "application",
    79: "entry",
    83: "heading",
    88: "link",
    101: "notification",
    110: "landmark",
}
STATES = {4: "checked", 7: "editable", 11: "focusable", 12: "focused", 33: "required", 41: "checkable"}


class GoneMeanwhile(Exception):
    """The program has thrown this part of its page away while it was read."""


class Bus:
    """One connection, used from ordinary code. Every call has an end."""

    def __init__(self, address: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._bus = self._run(_connected(address))

    def close(self) -> None:
        self._bus.disconnect()
        self._run(self._bus.wait_for_disconnect())
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    def _run(self, work):
        return self._loop.run_until_complete(asyncio.wait_for(work, CALL_SECONDS))

    def call(self, destination, path, interface, member, signature="", *values):
        return self._run(self.ask(destination, path, interface, member, signature, *values))

    def gather(self, work):
        """Several calls at once."""
        return self._run(work)

    async def ask(self, destination, path, interface, member, signature="", *values):
        reply = await self._bus.call(
            Message(
                destination=destination,
                path=path,
                interface=interface,
                member=member,
                signature=signature,
                body=list(values),
            )
        )
        if reply.message_type is MessageType.ERROR:
            raise GoneMeanwhile(f"{member} of {path}: {reply.error_name} {reply.body}")
        return reply.body[0] if reply.body else None

    def listen_to(self, interface, member):
        """Keep the words of these events from now on."""
        self._heard = []

        def hear(message):
            if (message.interface, message.member) == (interface, member):
                self._heard.append(message.body[3].value)

        self._bus.add_message_handler(hear)
        rule = f"type='signal',interface='{interface}',member='{member}'"
        peer = ("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus")
        self.call(*peer, "AddMatch", "s", rule)
        self.call(REGISTRY, "/org/a11y/atspi/registry", REGISTRY, "RegisterEvent", "sass", "object:", [], "")

    def heard(self):
        """The words of the events so far."""
        return list(self._heard)

    def set(self, destination, path, interface, name, value):
        self.call(destination, path, PROPERTIES, "Set", "ssv", interface, name, Variant("b", value))

    def process_of(self, name):
        peer = ("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus")
        return self.call(*peer, "GetConnectionUnixProcessID", "s", name)


async def _connected(address):
    return await MessageBus(address).connect()


@dataclass(frozen=True)
class Seen:
    """One accessible of the program, as it was when it was read."""

    owner: str
    path: str
    role: str
    name: str
    description: str
    states: frozenset
    interfaces: frozenset
    children: tuple

    @property
    def told(self):
        return f"{self.role} « {self.name} »"


def plain(text):
    """Words as a person types them: plain spaces and apostrophes."""
    return " ".join(text.replace("’", "'").split())


class ScreenReader:
    """Sees one program: the first that shows itself to the registry."""

    def __init__(self, bus: Bus) -> None:
        self.bus = bus
        self.program = self._until(self._found_program, "a program on the bus")

    def _found_program(self):
        found = self.bus.call(REGISTRY, ROOT, f"{ATSPI}.Accessible", "GetChildren")
        return tuple(found[0]) if found else None

    def _until(self, look, what):
        end = time.monotonic() + FIND_SECONDS
        while True:
            try:
                found = look()
            except GoneMeanwhile:
                found = None
            if found:
                return found
            if time.monotonic() > end:
                raise AssertionError(f"{what}: never there; the reader sees {self._all_told()}")
            time.sleep(POLL_SECONDS)

    def _all_told(self):
        try:
            return [seen.told for seen in self.read()]
        except (GoneMeanwhile, AttributeError):
            return "nothing"

    # ---- reading
    def read(self):
        """Everything the program shows, in the order of reading."""
        return self.bus.gather(self._read(*self.program))

    async def _read(self, owner, path):
        seen = await self._one(owner, path)
        below = await asyncio.gather(*(self._read(*child) for child in seen.children))
        return [seen, *(each for branch in below for each in branch)]

    async def _one(self, owner, path):
        interface = f"{ATSPI}.Accessible"

        async def asked(member):
            return await self.bus.ask(owner, path, interface, member)

        values, role, states, interfaces, children = await asyncio.gather(
            self.bus.ask(owner, path, PROPERTIES, "GetAll", "s", interface),
            asked("GetRole"),
            asked("GetState"),
            asked("GetInterfaces"),
            asked("GetChildren"),
        )
        bits = states[0] | states[1] << 32
        return Seen(
            owner=owner,
            path=path,
            role=ROLES.get(role, str(role)),
            name=values["Name"].value,
            description=values["Description"].value,
            states=frozenset(word for bit, word in STATES.items() if bits >> bit & 1),
            interfaces=frozenset(name.removeprefix(f"{ATSPI}.") for name in interfaces),
            children=tuple(tuple(child) for child in children),
        )

    def find(self, role, name):
        """The first of this role with this name, or that begins with it; waits until it is there."""

        def look():
            wanted = plain(name)
            found = [seen for seen in self.read() if seen.role == role]
            exact = [seen for seen in found if plain(seen.name) == wanted]
            return next(iter(exact or [s for s in found if plain(s.name).startswith(wanted)]), None)

        return self._until(look, f"{role} « {name} »")

    def text_of(self, seen):
        return self.bus.call(seen.owner, seen.path, f"{ATSPI}.Text", "GetText", "ii", 0, -1)

    # ---- acting
    def press(self, seen):
        assert "Action" in seen.interfaces, f"{seen.told} has no action"
        assert self.bus.call(seen.owner, seen.path, f"{ATSPI}.Action", "DoAction", "i", 0)

    def focus(self, seen):
        assert self.bus.call(seen.owner, seen.path, f"{ATSPI}.Component", "GrabFocus")
        self.wait_for("focused", seen)

    def wait_for(self, state, seen):
        self._until(lambda: state in self.again(seen).states, f"{seen.told} {state}")

    def again(self, seen):
        """The same accessible, as it is now."""
        return self.bus.gather(self._one(seen.owner, seen.path))

    def keys(self):
        """The keys of the keyboard on the screen, by the letter or the words that they say."""
        board = self.find("panel", "Clavier")

        async def faces():
            return await asyncio.gather(*(self._one(*child) for child in board.children))

        return {plain(key.name).casefold(): key for key in self.bus.gather(faces())}

    def type(self, seen, text):
        """Give the focus to a box, then press the keys of the screen one after the other."""
        self.focus(seen)
        keys = self._until(lambda: self._keys_for(text), f"the keys of {text!r}")
        for letter in text:
            self.press(keys["espace" if letter == " " else plain(letter).casefold()])
        shown = "•" * len(text) if seen.role == "password text" else plain(text).casefold()
        self._until(lambda: plain(self.text_of(seen)).casefold() == shown, f"{text!r} in {seen.told}")

    def _keys_for(self, text):
        keys = self.keys()
        wanted = {"espace" if letter == " " else plain(letter).casefold() for letter in text}
        return keys if wanted <= set(keys) else None
