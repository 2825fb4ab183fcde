"""What the five keys do: up and down go from one thing to the next, left and right to another choice or
letter, select acts.
"""

from typing import TYPE_CHECKING

from kiosk_app.presenters.letters import Does, LetterChooser, item_name, letter_name, spelled_out
from kiosk_app.presenters.pad import PadKey
from kiosk_app.presenters.spoken import Said, Utterance, element_said, state_said
from kiosk_app.screens.kit import Suggest, TextBox
from kiosk_app.screens.kit.keyboard import WORD_STARTS
from kiosk_app.screens.kit.page import ancestors
from kiosk_app.screens.pad_line import PadLines
from kiosk_app.screens.spots import Spot

if TYPE_CHECKING:
    from kiosk_app.screens.reader import Reader


class PadHand:
    """One hand on five keys."""

    def __init__(self, reader: "Reader") -> None:
        self._reader, self._say = reader, reader.say
        self._line = PadLines(reader.stage)
        self._chooser: LetterChooser | None = None
        self._box: TextBox | None = None

    def forget(self) -> None:
        """Let go of the box."""
        self._chooser = self._box = None
        self._line.show("")

    def press(self, key: PadKey) -> None:
        """One key, on the screen as it is now."""
        spots = self._reader.spots()
        if not spots:
            return
        at = self._position(spots)
        if at is None:
            self._go(spots, 0, None)
            return
        match key:
            case PadKey.UP | PadKey.DOWN:
                self._move(spots, at, 1 if key is PadKey.DOWN else -1)
            case PadKey.LEFT | PadKey.RIGHT:
                self._turn(spots, at, 1 if key is PadKey.RIGHT else -1)
            case PadKey.SELECT:
                self._select(spots, at)

    def _position(self, spots: list[Spot]) -> int | None:
        """Where the pad stands; where the focus is when it stands nowhere."""
        for at, spot in enumerate(spots):
            if spot.widget is self._reader.here:
                return at
        return next(
            (at for at, spot in enumerate(spots) if spot.actor is not None and spot.actor.focus), None
        )

    # ---- up and down
    def _move(self, spots: list[Spot], at: int, step: int) -> None:
        self.forget()
        to = at + step
        while spots[at].group and 0 <= to < len(spots) and spots[to].group == spots[at].group:
            to += step
        edge = "" if 0 <= to < len(spots) else "spoken.end" if step > 0 else "spoken.start"
        to %= len(spots)
        self._go(spots, self._entrance(spots, to), spots[at], edge)

    def _entrance(self, spots: list[Spot], to: int) -> int:
        """Choices are entered where one is made, if that may be heard, else at the first."""
        members = [at for at, spot in enumerate(spots) if spot.group and spot.group == spots[to].group]
        if not members:
            return to
        made = [at for at in members if "checked" in spots[at].element.states]
        return made[0] if made and not self._reader.speech.aloud_refused else members[0]

    def _go(self, spots: list[Spot], to: int, before: Spot | None, edge: str = "") -> None:
        spot = spots[to]
        self._reader.stand_on(spot)
        entering = spot.field is None or before is None or before.field is not spot.field
        said = element_said(self._say, spot.element, entering=entering, pad=True)
        self._reader.tell(((Utterance(self._say(edge)),) if edge else ()) + said)

    # ---- left and right
    def _turn(self, spots: list[Spot], at: int, step: int) -> None:
        spot = spots[at]
        if spot.group:
            members = [other for other, one in enumerate(spots) if one.group == spot.group]
            self._go(spots, members[(members.index(at) + step) % len(members)], spot)
        elif isinstance(spot.widget, TextBox):
            self._turn_letters(spot.widget, step)
        else:
            nothing = Utterance(self._say("spoken.nothing_here"))
            self._reader.tell((nothing, *element_said(self._say, spot.element, entering=False)))

    def _turn_letters(self, box: TextBox, step: int) -> None:
        if box.secret:
            self._reader.tell((Utterance(self._say("spoken.secret")),))
            return
        self._chooser_of(box).turn(step)
        self._reader.tell(self._offered())

    def _chooser_of(self, box: TextBox) -> LetterChooser:
        if self._chooser is None or self._box is not box:
            self._chooser, self._box = LetterChooser(box.layout), box
        return self._chooser

    def _offered(self) -> Said:
        """The letter, group or action on which the chooser stands; the screen shows it too."""
        item = self._chooser.here if self._chooser is not None else None
        if item is None:
            return ()
        name = item_name(self._say, item)
        self._line.show(name)
        return (Utterance(name, personal=True, instead=self._say("letters.silent")),)

    # ---- select
    def _select(self, spots: list[Spot], at: int) -> None:
        spot = spots[at]
        if isinstance(spot.widget, TextBox):
            self._select_letter(spot.widget, spot)
        elif spot.actor is not None:
            spot.actor.activate()
            self._reader.pressed()
        else:
            self._reader.tell(element_said(self._say, spot.element))

    def _select_letter(self, box: TextBox, spot: Spot) -> None:
        if box.secret:
            self._reader.tell((Utterance(self._say("spoken.secret")),))
            return
        item = self._chooser_of(box).choose()
        match item.does if item is not None else None:
            case Does.TYPE if item is not None:
                self._type(box, item.text)
            case Does.ERASE:
                self._erase(box)
            case Does.READ:
                self._reread(box, spot)
            case Does.DONE:
                self._finish(box)
            case _:  # a group is open, or closed again: say where the hand stands
                self._reader.tell(self._offered())

    def _type(self, box: TextBox, letter: str) -> None:
        before = box.text
        starts_word = not before or before[-1] in WORD_STARTS
        box.do_cursor_movement("cursor_end")
        box.insert_text(letter.upper() if box.capitals and starts_word and letter != "ß" else letter)
        name = letter_name(self._say, letter)
        key = "letters.typed" if box.text != before else "letters.full"
        typed = Utterance(self._say(key, letter=name), personal=True, instead=self._say("spoken.filled"))
        self._reader.tell((typed, *self._reader.take_offers(), *self._offered_again()))

    def _erase(self, box: TextBox) -> None:
        last = box.text[-1:]
        box.do_cursor_movement("cursor_end")
        box.do_backspace()
        box.reset_undo()
        if not last:
            self._reader.tell((Utterance(self._say("spoken.empty")),))
            return
        said = self._say("letters.erased", letter=letter_name(self._say, last))
        erased = Utterance(said, personal=True, instead=self._say("spoken.erased"))
        self._reader.tell((erased, *self._reader.take_offers()))

    def _reread(self, box: TextBox, spot: Spot) -> None:
        if not box.text:
            self._reader.tell(state_said(self._say, spot.element))
            return
        spelled = Utterance(
            f"{box.text} : {spelled_out(self._say, box.text)}",
            personal=True,
            instead=self._say("spoken.filled"),
        )
        self._reader.tell((spelled,))

    def _offered_again(self) -> Said:
        """After a letter, where the hand stands; when letters are silent, that was said already."""
        return tuple(Utterance(one.text, one.personal) for one in self._offered())

    def _finish(self, box: TextBox) -> None:
        """« Fini »: to the places that are offered, to the next box, or what « Continuer » does."""
        suggest = next((one for one in ancestors(box) if isinstance(one, Suggest)), None)
        spots = self._reader.spots()
        at = next(at for at, spot in enumerate(spots) if spot.widget is box)
        if suggest is not None and suggest.offers.children:
            self._go(spots, at + 1, spots[at])
            return
        page = self._reader.stage.page
        boxes = page.text_boxes() if page is not None else []
        following = boxes[boxes.index(box) + 1 :] if box in boxes else []
        self.forget()
        if following:
            self._go(spots, next(n for n, one in enumerate(spots) if one.widget is following[0]), spots[at])
        elif page is not None:
            page.next_pressed()
            self._reader.pressed()
