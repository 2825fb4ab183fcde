"""Reads the screen aloud: pages and questions when they appear, and what the person stands on or changes.

It wakes up when something happens and at no other time. What was heard last is kept only to tell what has
changed, and forgotten at the wipe.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kivy.clock import Clock
from kivy.core.window import Window
from kivy.uix.widget import Widget

from kiosk_app.presenters.pad import Pad
from kiosk_app.presenters.speech import Speech
from kiosk_app.presenters.spoken import (
    INPUTS,
    Element,
    Said,
    Utterance,
    chosen_said,
    element_said,
    offers_said,
    page_said,
    typed_said,
)
from kiosk_app.presenters.wording import Wording
from kiosk_app.screens.kit.focus import focusables, reveal, scope_of
from kiosk_app.screens.pad_hand import PadHand
from kiosk_app.screens.pad_ring import PadRing
from kiosk_app.screens.spots import Spot, spots_of

if TYPE_CHECKING:
    from kiosk_app.screens.stage import Stage

SETTLED_SECONDS = 0.05
"""A page is read once its first input has the focus."""


class Reader:
    """The ear of one tablet. With a `pad`, its five keys move over everything, and wake the voice.

    Attributes:
        here: where a pad stands; None while fingers or a keyboard lead.
        by_pad: the last thing used was the pad.
    """

    def __init__(self, stage: "Stage", speech: Speech, say: Wording, pad: Pad | None = None) -> None:
        self.stage, self.speech, self.say = stage, speech, say
        self.here: Widget | None = None
        self.by_pad = False
        self._pad = pad or {}
        self._hand = PadHand(self)
        self._ring = PadRing()
        self._kept: Widget | None = None
        self._heard: Spot | None = None
        self._pressed = self._offers_changed = self._help = False
        self._announce = Clock.create_trigger(self._announce_now, SETTLED_SECONDS)
        self.look_again = Clock.create_trigger(self._look_now, SETTLED_SECONDS)
        speech.read_with(self.read_page)
        stage.bind(on_shown=self._shown)
        Window.bind(on_key_down=self._key, on_textinput=self._typed)
        Window.bind(on_touch_down=self._touched, on_touch_up=self._left)

    def close(self) -> None:
        """Let go of the window."""
        Window.unbind(on_key_down=self._key, on_textinput=self._typed)
        Window.unbind(on_touch_down=self._touched, on_touch_up=self._left)
        self.stage.unbind(on_shown=self._shown)
        self.forget()

    def forget(self) -> None:
        """Nothing of the person who leaves is kept."""
        self._announce.cancel()
        self.look_again.cancel()
        self._ring.lift()
        self._hand.forget()
        self.here = self._kept = self._heard = None
        self.by_pad = self._pressed = self._offers_changed = self._help = False

    # ---- what the pad needs
    def spots(self) -> list[Spot]:
        """Everything on the screen now, in reading order."""
        scope = self.stage.dialog or self.stage.page
        return [] if scope is None else [*self.stage.alarm_spots(), *spots_of(scope)]

    def stand_on(self, spot: Spot) -> None:
        """The pad goes there, and what the eye follows with it."""
        self.here, self._heard = spot.widget, spot
        scope = scope_of(spot.widget)
        if spot.actor is not None:
            self._ring.lift()
            spot.actor.focus = True
            return
        for one in list(focusables(scope)) if scope is not None else []:
            one.focus = False
        self._ring.put(spot.widget)
        reveal(spot.widget)

    def tell(self, said: Sequence[Utterance]) -> None:
        """Say this, and remember how things stand."""
        self._heard = self._current(self.spots())
        self.speech.tell(said)

    def pressed(self) -> None:
        """Something was pressed: what changes is said, or that the press was taken. A link of the list of
        errors leads elsewhere: the pad follows.
        """
        self._pressed = True
        focused = [spot for spot in self.spots() if spot.actor is not None and spot.actor.focus]
        if focused and focused[0].widget is not self.here:
            self.here = focused[0].widget
        self.look_again()

    def take_offers(self) -> Said:
        """How many places are offered now, if that has changed."""
        if not self._offers_changed:
            return ()
        self._offers_changed = False
        elements = [spot.element for spot in self.spots()]
        return offers_said(self.say, elements)

    def read_page(self) -> None:
        """« Écouter »: everything, in reading order; of the bar only its words."""
        bar = self.stage.page.bar if self.stage.page is not None else None
        elements = [
            spot.element
            for spot in self.spots()
            if spot.widget.parent is not bar or spot.element.role == "text"
        ]
        self._announce.cancel()
        self.tell(page_said(self.say, elements, None, whole=True))

    # ---- what happens
    def _shown(self, _: object, what: str) -> None:
        if what == "wiped":
            self.forget()
        elif what == "offers":
            self._offers_changed = True
            self.look_again()
        else:
            self._keep_place(what)
            self._announce()

    def _keep_place(self, what: str) -> None:
        """A question hides the page for a while; a new page begins elsewhere."""
        heard = self.here or (self._heard.widget if self._heard is not None else None)
        if what == "dialog" and heard is not None and scope_of(heard) is self.stage.page:
            self._kept = heard
        if what == "page":
            self._hand.forget()
        self.here = self._kept if what == "dismissed" else None

    def _key(self, _: object, code: int, *rest: object) -> bool:
        self.speech.quiet()
        key = self._pad.get(code)
        if key is None:
            self._hand.forget()
            self.here = None
            self.look_again()
            return False
        self.stage.somebody()
        self._take_pad()
        if self.speech.wake():
            self._help = True
            self._announce()
        else:
            self._hand.press(key)
        return True

    def _take_pad(self) -> None:
        self.by_pad = True
        if self.stage.page is not None:
            self.stage.page.keep_keyboard_away(True)

    def _typed(self, *_: object) -> None:
        self.speech.quiet()
        self.look_again()

    def _touched(self, *_: object) -> None:
        self.speech.quiet()
        self._ring.lift()
        self._hand.forget()
        self.here, self.by_pad = None, False
        if self.stage.page is not None:
            self.stage.page.keep_keyboard_away(False)

    def _left(self, *_: object) -> None:
        self.look_again()

    # ---- what is said
    def _announce_now(self, *_: object) -> None:
        if not (self.speech.on or self.by_pad):
            return
        self.look_again.cancel()
        self._pressed = False
        spots = self.spots()
        spot = self._first(spots)
        if spot is not None and (self.by_pad or spot.widget is self._kept):
            self.stand_on(spot)
        if self.stage.dialog is None:
            self._kept = None
        elements = [one.element for one in self.spots()]
        said = page_said(self.say, elements, spot.element if spot else None, pad=self.by_pad)
        self._offers_changed = False
        if self._help:
            said = (Utterance(self.say("spoken.help")), *said)
        self._help = False
        self.tell(said)

    def _first(self, spots: list[Spot]) -> Spot | None:
        """Where the person stands on a page that appears."""
        known = self._current(spots)
        if known is not None or not self.by_pad:
            return known
        inputs = [spot for spot in spots if spot.element.role in INPUTS]
        titles = [spot for spot in spots if spot.element.role == "heading"]
        return next(iter([*inputs, *titles, *spots]), None)

    def _current(self, spots: list[Spot]) -> Spot | None:
        by_hand = [spot for spot in spots if spot.widget is self.here]
        focused = [spot for spot in spots if spot.actor is not None and spot.actor.focus]
        return next(iter([*by_hand, *focused]), None)

    def _look_now(self, *_: object) -> None:
        """Something was touched or typed: say what is new."""
        pressed, self._pressed = self._pressed, False
        if not self.speech.on:
            return
        spot, before = self._current(self.spots()), self._heard
        said = self._news(spot, before, pressed=pressed) + self.take_offers()
        if said:
            self.tell(said)

    def _news(self, spot: Spot | None, before: Spot | None, *, pressed: bool) -> Said:
        if spot is None:
            return ()
        if before is None or before.widget is not spot.widget:
            entering = spot.field is None or before is None or before.field is not spot.field
            return element_said(self.say, spot.element, entering=entering, pad=self.by_pad)
        return self._changes(before.element, spot.element) or (
            (Utterance(self.say("spoken.done")),) if pressed else ()
        )

    def _changes(self, before: Element, now: Element) -> Said:
        if now.role == "textbox" and now.value != before.value:
            return typed_said(self.say, before.value, now.value)
        if ("checked" in now.states) != ("checked" in before.states):
            return chosen_said(self.say, now)
        return ()
