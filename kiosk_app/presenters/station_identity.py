"""The identity document that a reader sees while an officer checks a request (O2): what is shown of it.

It informs, and chooses the kind of the title; the officer compares and ticks. Nothing of the document
outlives the page: only sentences are held, until `forget`.
"""

from collections.abc import Callable, Mapping
from datetime import date

from kiosk_app.presenters.background import attempted
from kiosk_app.presenters.desk import Desk
from kiosk_app.presenters.formats import birth_date_in_words, day_in_words
from kiosk_app.presenters.pages import Command, Message
from kiosk_app.presenters.wording import Wording
from procuration.domain.mrz import IdentityZone
from procuration.domain.mrz_comparison import Datum, Likeness, compare
from procuration.domain.people import Person, Sex
from procuration.errors import CarrierUnavailable, ProcurationError, RecordRejected

READ = "identity.read"


class IdentityDesk:
    """Reads documents for one check after another.

    Attributes:
        message: what is shown of the last one; None while none was read.
        reading: whether something is looked for now.
        asked_for: whether a touch asked for the last one.
    """

    def __init__(self, desk: Desk, changed: Callable[[IdentityZone | None], None]) -> None:
        """Args: changed: another message is to be shown; with the document that was read, if one was."""
        self._desk, self._changed = desk, changed
        self.message: Message | None = None
        self._turn, self.reading, self.asked_for = 0, False, False
        self._person: Person | None = None

    def commands(self) -> tuple[Command, ...]:
        """« Lire la pièce d'identité », where something can read it and is not at it already."""
        if self._desk.parts.identity is None or self.reading:
            return ()
        key = READ if self.message is None else "identity.again"
        return (Command(key=READ, text=self._desk.say(key)),)

    def start(self, person: Person, *, asked_for: bool) -> None:
        """Look for a document, aside: the officer goes on meanwhile.

        Args: asked_for: by a touch; otherwise the reader, still in the hand after the receipt, looks on its
            own and says nothing when it sees none.
        """
        identity = self._desk.parts.identity
        if identity is None or self.reading:
            return
        self._turn += 1
        self._person, self.reading, self.asked_for = person, True, asked_for
        say, turn = self._desk.say, self._turn
        self.message = Message(tone="info", title=say("identity.reading"), text=say("identity.reading.text"))

        def work() -> IdentityZone:
            if turn != self._turn:  # it waited for other work, and nobody wants it any more
                raise CarrierUnavailable("RIEN_LU")
            return identity.read()

        def done(outcome: object) -> None:
            if turn == self._turn:
                self._read(outcome)

        self._desk.parts.run_in_background(attempted(work), done)

    def stop(self) -> None:
        """The officer goes on to something else: the reader is free, and its thread too."""
        if self.reading:
            self._turn += 1
            self.reading, self.message = False, None
            identity = self._desk.parts.identity
            assert identity is not None, "it reads"
            identity.stop()

    def forget(self) -> None:
        """Nothing of the document is shown any more."""
        self.stop()
        self._turn += 1
        self.message, self._person = None, None

    def _read(self, outcome: object) -> None:
        say, person = self._desk.say, self._person
        self.reading, self.message = False, None
        assert person is not None, "a reading is for somebody"
        if isinstance(outcome, ProcurationError):
            if self.asked_for:
                self.message = _nothing(say, outcome)
            self._changed(None)
            return
        assert isinstance(outcome, IdentityZone)
        self.message = comparison(say, outcome, person, self._desk.today())
        self._changed(outcome)


def _nothing(say: Wording, error: ProcurationError) -> Message:
    if isinstance(error, RecordRejected):
        return Message(tone="warn", title=say("identity.unreadable"), text=say("identity.by_eye"))
    if error.code == "RIEN_LU":
        return Message(tone="warn", title=say("identity.nothing"), text=say("identity.by_eye"))
    return Message(tone="error", title=say.of_error(error), text=say("identity.by_eye"))


def comparison(say: Wording, zone: IdentityZone, person: Person, today: date) -> Message:
    """The lines that differ first, with both spellings; those that are identical in one sentence."""
    found = compare(zone, person, today)
    different = [datum for datum, likeness in found.items() if likeness is Likeness.DIFFERENT]
    to_check = [datum for datum, likeness in found.items() if likeness is Likeness.TO_CHECK]
    same = [say(f"identity.{datum.value}") for datum, likeness in found.items() if likeness is Likeness.SAME]
    lines = [_line(say, datum, found, zone, person) for datum in (*different, *to_check)]
    if not zone.is_french:
        lines.append(say("identity.foreign"))
    if same and lines:
        lines.append(say("identity.same.lines", labels=", ".join(same)))
    lines.append(say("identity.yours"))
    text = "\n".join(lines)
    if different:
        return Message(tone="error", title=say.counted("identity.different", len(different)), text=text)
    if to_check:
        return Message(tone="warn", title=say.counted("identity.to_check", len(to_check)), text=text)
    return Message(tone="ok", title=say("identity.same"), text=text)


def _line(
    say: Wording, datum: Datum, found: Mapping[Datum, Likeness], zone: IdentityZone, person: Person
) -> str:
    if datum is Datum.EXPIRY:
        return _validity(say, zone, found[datum])
    asked, read = _both(say, datum, zone, person)
    key = "identity.line.different" if found[datum] is Likeness.DIFFERENT else "identity.line.to_check"
    return say(key, label=say(f"identity.{datum.value}").capitalize(), asked=asked, read=read)


def _both(say: Wording, datum: Datum, zone: IdentityZone, person: Person) -> tuple[str, str]:
    none = say("identity.none")
    match datum:
        case Datum.BIRTH_NAME:
            return person.birth_name or none, zone.birth_name or none
        case Datum.GIVEN_NAMES:
            return person.given_names or none, zone.given_names or none
        case Datum.SEX:
            return _sex(say, person.sex), _sex(say, zone.sex)
        case _:
            return birth_date_in_words(say, person.birth_date), birth_date_in_words(say, zone.birth_date)


def _sex(say: Wording, sex: Sex | None) -> str:
    return say("sex.f" if sex is Sex.FEMALE else "sex.m")


def _validity(say: Wording, zone: IdentityZone, likeness: Likeness) -> str:
    """What R-19 makes of the end that the zone gives, or of the month in which an older card was made."""
    refused = likeness is Likeness.DIFFERENT
    if zone.issued is not None:
        return say("identity.issued.refused" if refused else "identity.issued", year=zone.issued[0])
    if zone.expires is None:
        return say("identity.expiry.unknown")
    day = day_in_words(say, zone.expires)
    return say("identity.expired.refused" if refused else "identity.expired", day=day)
