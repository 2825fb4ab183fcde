"""What the officer checks in front of the person: boxes, the title presented, and where they act (O2)."""

from dataclasses import dataclass

from kiosk_app.presenters.pages import Answers, Asked, CheckAsked, ChoiceAsked, Message, Option
from kiosk_app.presenters.ports import Checked, Site, TransferStatus
from kiosk_app.presenters.questions import text_of, yes_of
from kiosk_app.presenters.wording import Wording
from procuration.domain.acts import ActPlaceKind, Declarations, IdentityDocument

ALWAYS = {
    "present": Declarations.PRESENT,
    "equal": Declarations.IDENTITY_EQUAL,
    "photo": Declarations.PHOTO,
    "free": Declarations.FREE_CHOICE,
    "l72_1": Declarations.NO_CASE_OF_L72_1,
}
AT_HOME = {"written": Declarations.WRITTEN_REQUEST_HELD, "attestation": Declarations.ATTESTATION_HELD}
DATED = {"date": Declarations.DATE_CONFIRMED}
USUAL_DOCUMENTS = (
    IdentityDocument.NATIONAL_IDENTITY_CARD,
    IdentityDocument.PASSPORT,
    IdentityDocument.DRIVING_LICENCE,
)
PLACES = {"unit": ActPlaceKind.UNIT, "home": ActPlaceKind.HOME, "site": ActPlaceKind.LISTED_PUBLIC_PLACE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hindrance:
    """Why the code is not asked yet, as the page of the check shows it."""

    focus: str = ""
    summary: str = ""
    message: Message | None = None


class CheckList:
    """The answers of one check; nothing is answered at the start, except that officers act at their unit."""

    def __init__(
        self,
        say: Wording,
        sites: tuple[Site, ...],
        date_to_confirm: str = "",
        without: frozenset[str] = frozenset(),
    ) -> None:
        """With the date in full when the clock stands far ahead of the last proved time, "" otherwise.

        Args: without: boxes that this act does not ask (`missing_to_revoke`).
        """
        self._say, self._sites = say, sites
        self._always = tuple(key for key in ALWAYS if key not in without)
        self._date = date_to_confirm
        self._ticked: set[str] = set()
        self._document = ""
        self._where = "unit"
        self._site = ""

    def keep(self, answers: Answers) -> None:
        """Remember what stands on the page."""
        self._ticked = {key for key in (*self._always, *AT_HOME, *self._dated()) if yes_of(answers, key)}
        self._document = text_of(answers, "document")
        self._where = text_of(answers, "where") or "unit"
        self._site = text_of(answers, "site")

    def prefer(self, document: IdentityDocument) -> None:
        """Choose a title that a reader saw, unless the officer has chosen one; no box is ever ticked so."""
        if not self._document:
            self._document = str(document.value)

    def asked(self) -> tuple[Asked, ...]:
        """The inputs at the right of the page."""
        boxes = (*self._date_asked(), *(self._box(key) for key in self._always))
        where: list[Asked] = [self._where_asked()]
        if self._where == "site":
            options = tuple(Option(key=site.id, text=site.name, detail=site.hours) for site in self._sites)
            where.append(ChoiceAsked(key="site", label="", options=options, chosen=self._site))
        if self._where == "home":
            where.extend(self._box(key) for key in AT_HOME)
        return (*boxes, self._document_asked(), *where)

    def first_unanswered(self) -> tuple[str, str] | None:
        """The first point without an answer: its key and its words; None when all is checked."""
        if self._date and "date" not in self._ticked:
            return "date", self._say("check.date", date=self._date)
        boxes = (*self._always, *(AT_HOME if self._where == "home" else ()))
        for key in boxes:
            if key not in self._ticked:
                return key, self._say(f"check.{key}")
        if not self._document.isdigit():
            return "document", self._say("check.document")
        if self._where == "site" and not self._site:
            return "site", self._say("check.site")
        return None

    def hindrance(self, status: TransferStatus, answer_first: str) -> "Hindrance | None":
        """What stands between the page and the code: a point without an answer, then a directory that is too
        old.

        Args: answer_first: the key of the sentence that asks for the point.
        """
        missing = self.first_unanswered()
        if missing is not None:
            key, point = missing
            return Hindrance(focus=key, summary=self._say(answer_first, point=point))
        age = status.directory_age_days
        if age > status.directory_days_max:
            return Hindrance(message=Message(tone="warn", title=self._say.counted("check.stale", age)))
        return None

    def checked(self) -> Checked:
        """What will be signed. A refusal may come before any title was shown or any listed place chosen: then
        none is named.
        """
        declared = Declarations(0)
        for key, bit in (ALWAYS | AT_HOME | DATED).items():
            if key in self._ticked:
                declared |= bit
        document = IdentityDocument(int(self._document)) if self._document.isdigit() else None
        site_id = self._site if self._where == "site" and self._site else None
        where = "unit" if self._where == "site" and site_id is None else self._where
        return Checked(declarations=declared, document=document, place=PLACES[where], site_id=site_id)

    def _dated(self) -> tuple[str, ...]:
        return tuple(DATED) if self._date else ()

    def _date_asked(self) -> tuple[CheckAsked, ...]:
        if not self._date:
            return ()
        text = self._say("check.date", date=self._date)
        return (CheckAsked(key="date", text=text, checked="date" in self._ticked),)

    def _box(self, key: str) -> CheckAsked:
        return CheckAsked(key=key, text=self._say(f"check.{key}"), checked=key in self._ticked)

    def _document_asked(self) -> ChoiceAsked:
        unusual = self._document == "other" or (
            self._document.isdigit() and int(self._document) > len(USUAL_DOCUMENTS)
        )
        shown = tuple(IdentityDocument) if unusual else USUAL_DOCUMENTS
        options = [
            Option(key=str(document.value), text=self._say(f"document.{document.value}"))
            for document in shown
        ]
        if not unusual:
            options.append(Option(key="other", text=self._say("check.document.other")))
        chosen = "" if self._document == "other" else self._document
        return ChoiceAsked(
            key="document",
            label=self._say("check.document"),
            options=tuple(options),
            chosen=chosen,
            live=not unusual,
        )

    def _where_asked(self) -> ChoiceAsked:
        keys = [key for key in PLACES if key != "site" or self._sites]
        return ChoiceAsked(
            key="where",
            label=self._say("check.where"),
            chosen=self._where,
            live=True,
            options=tuple(Option(key=key, text=self._say(f"check.{key}")) for key in keys),
        )
