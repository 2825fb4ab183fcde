"""The words of the messages (DOMAIN 1.5), in French and then in English. None names the mandant or the
mandataire: who reads the screen over a shoulder, or the mail of a wrong address, learns no more than that
somebody gave a procuration."""

from dataclasses import dataclass, field
from datetime import date

from django.template.loader import render_to_string

from procuration.domain.law import ControlRegime
from procuration.domain.reference import Reference, grouped
from procuration.domain.refusal import RefusalCode
from procuration.domain.status import Status, add_months
from server.config.centre import Tables
from server.dossiers.models import Procuration
from server.dossiers.selectors import place_of, zone_of
from server.notices import undone
from server.notices.enums import MessageKind
from server.notices.tongues import TONGUES, Tongue
from server.texts_fr import text
from server.words.reasons import CODE_OF_EFFECT

_IN_FORCE = (Status.ETABLIE, Status.TRANSMISE, Status.RECUE, Status.VALIDEE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message in one language, ready to be written as text and as HTML.

    Attributes:
        language: of its words, as HTML names it.
        heading: what announces a language that is not the first; empty for the first.
        lead: the news, in one sentence.
        facts: one per line.
        paragraphs: what to know and to do, in order.
    """

    language: str
    heading: str
    hello: str
    subject: str = field(repr=False)
    lead: str
    facts: tuple[str, ...] = field(repr=False)
    paragraphs: tuple[str, ...] = field(repr=False)
    closing: tuple[str, ...]

    def as_text(self) -> str:
        """For readers of plain text."""
        return render_to_string("notices/letter.txt", {"letter": self}).strip()


@dataclass(frozen=True, slots=True)
class Mail:
    """The same message in every language, French first: nobody knows which one the mandant reads (decision
    note 0035)."""

    letters: tuple[Letter, ...] = field(repr=False)

    @property
    def subject(self) -> str:
        """In French: the first language of the message."""
        return self.letters[0].subject

    def as_text(self) -> str:
        """For readers of plain text: each language whole, one after the other."""
        parts = (text("mail.english_below"), *(letter.as_text() for letter in self.letters))
        return "\n\n\n".join(parts) + "\n"

    def as_html(self) -> str:
        """For the others: no image, no link, no script, nothing from elsewhere."""
        return render_to_string("notices/letter.html", {"mail": self})


@dataclass(frozen=True, slots=True)
class Said:
    """What is particular about one message."""

    subject: str
    lead: str
    facts: tuple[str, ...]
    paragraphs: tuple[str, ...]


def mail_for(kind: MessageKind, one: Procuration, tables: Tables) -> Mail:
    """The message of a kind about a procuration as it stands, in every language."""
    return Mail(tuple(_letter(say, _said(say, kind, one, tables)) for say in TONGUES))


def _letter(say: Tongue, said: Said) -> Letter:
    return Letter(
        language=say.language,
        heading=say.text("mail.heading") if say.knows("mail.heading") else "",
        hello=say.text("mail.hello"),
        subject=said.subject,
        lead=said.lead,
        facts=said.facts,
        paragraphs=said.paragraphs,
        closing=(say.text("mail.signature"), say.text("mail.automatic")),
    )


def _said(say: Tongue, kind: MessageKind, one: Procuration, tables: Tables) -> Said:
    match kind:
        case MessageKind.M1:
            return _acknowledgment(say, one, tables)
        case MessageKind.M2:
            return _recepisse(say, one, tables)
        case MessageKind.M3:
            return _decision(say, one, tables)
        case MessageKind.AGAIN:
            return _again(say, one, tables)
        case MessageKind.SET_ASIDE:
            return _set_aside(say, one, tables)
        case MessageKind.M4 | MessageKind.M5 | MessageKind.M6 | MessageKind.M7:
            return _ended(say, kind, one)


def _reference(say: Tongue, one: Procuration) -> str:
    return grouped(Reference(one.reference)) if one.reference else say.text("mail.no_reference")


def _reference_line(say: Tongue, one: Procuration) -> str:
    return say.text("mail.reference", reference=_reference(say, one))


def deadline_of(one: Procuration, tables: Tables) -> date:
    """The day that the receipt of the kiosk names: end of life of a request (R-64), next polling day that
    it serves, or last
    day of the period, whichever comes first, on the commune's clock."""
    zone, place = zone_of(one, tables), place_of(one)
    filed_on = one.filed_at.astimezone(zone).date()
    months = tables.law.number("request_expiry_months", place, filed_on)
    days = [add_months(one.filed_at, months).astimezone(zone).date()]
    days += [day for day in map(date.fromisoformat, one.polling_days) if day >= filed_on][:1]
    days += [one.period_last] if one.period_last else []
    return min(days)


def _acknowledgment(say: Tongue, one: Procuration, tables: Tables) -> Said:
    """M1: filed, not yet valid, where to go and before when."""
    deadline = deadline_of(one, tables)
    today = deadline <= one.filed_at.astimezone(zone_of(one, tables)).date()
    regime = tables.law.control_regime(place_of(one), (one.first_closing or one.filed_at).date())
    return Said(
        subject=say.text("mail.m1.subject", reference=_reference(say, one)),
        lead=say.text("mail.m1.lead"),
        facts=(
            _reference_line(say, one),
            say.text("mail.validity", validity=say.validity(one, tables.calendar)),
        ),
        paragraphs=(
            say.text("mail.m1.not_yet"),
            say.text("mail.m1.go.today" if today else "mail.m1.go", deadline=say.plain_date(deadline)),
            say.text("mail.m1.give"),
            say.text("mail.m1.then" if regime is ControlRegime.MAIRIE else "mail.m1.then.register"),
        ),
    )


def _recepisse(say: Tongue, one: Procuration, tables: Tables) -> Said:
    """M2: the récépissé of R. 75-II: nom, prénom, qualité of the authority, date and place (R-23, R-24)."""
    assert one.established_at is not None, "a récépissé follows an act"
    control = "mail.m2.not_enough" if one.regime == ControlRegime.MAIRIE else "mail.m2.not_enough.register"
    return Said(
        subject=say.text("mail.m2.subject", reference=_reference(say, one)),
        lead=say.text("mail.m2.lead"),
        facts=(
            _reference_line(say, one),
            say.text("mail.m2.by", authority=say.authority(one)),
            say.text("mail.m2.at", when=say.moment(one.established_at, zone_of(one, tables))),
            say.text("mail.m2.where", place=say.act_place(one, tables)),
            say.text("mail.validity", validity=say.validity(one, tables.calendar)),
        ),
        paragraphs=(
            say.text(control if one.status in _IN_FORCE else "mail.m2.not_enough.ended"),
            say.text("mail.m2.tell"),
            say.text("mail.m2.oppose"),
        ),
    )


def _decision(say: Tongue, one: Procuration, tables: Tables) -> Said:
    """M3: the decision of the town hall or of the register, with the reason, the ceiling among them (R-59),
    and what remains possible when it refused (I-10)."""
    who = "register" if one.regime == ControlRegime.REU else "hall"
    if one.status == Status.INVALIDEE:
        by_law = one.decided_at is None or one.rule in ("R-49", "R-72")
        return Said(
            subject=say.text("mail.m3.subject.refused", reference=_reference(say, one)),
            lead=say.text("mail.m3.refused.law" if by_law else f"mail.m3.refused.{who}"),
            facts=(_reference_line(say, one), _why(say, RefusalCode(one.code))),
            paragraphs=(say.text("mail.m3.refused.what"),),
        )
    return Said(
        subject=say.text("mail.m3.subject.accepted", reference=_reference(say, one)),
        lead=say.text(f"mail.m3.accepted.{who}"),
        facts=(
            _reference_line(say, one),
            say.text("mail.validity", validity=say.validity(one, tables.calendar)),
            *_lost_lines(say, one),
        ),
        paragraphs=(say.text("mail.m3.accepted.how"), say.text("mail.m3.accepted.tell")),
    )


def _ended(say: Tongue, kind: MessageKind, one: Procuration) -> Said:
    """M4, M6, M7: it does not serve any more, or not for every round (L. 73, L. 75, L. 77; R-44, R-59)."""
    about = {MessageKind.M4: "m4", MessageKind.M5: "m4", MessageKind.M6: "m6", MessageKind.M7: "m7"}[kind]
    if one.status in _IN_FORCE:
        return Said(
            subject=say.text("mail.part.subject", reference=_reference(say, one)),
            lead=say.text("mail.part.lead"),
            facts=(_reference_line(say, one), *_lost_lines(say, one)),
            paragraphs=(say.text("mail.part.rest"), say.text("mail.part.what")),
        )
    variant = {"R-44": ".displaced", "R-49": ".replaced"}.get(one.rule, "")
    subject, lead = (_varied(say, f"mail.{about}.{part}", variant) for part in ("subject", "lead"))
    nobody_withdrew = kind is MessageKind.M7 and one.rule == "R-49"  # the newer one did it: the lead says so
    return Said(
        subject=say.text(subject, reference=_reference(say, one)),
        lead=say.text(lead),
        facts=(
            _reference_line(say, one),
            *(() if nobody_withdrew else (_why(say, RefusalCode(one.code)),)),
        ),
        paragraphs=tuple(
            say.text(key) for key in (f"mail.{about}.law", f"mail.{about}.what") if say.knows(key)
        ),
    )


def _varied(say: Tongue, key: str, variant: str) -> str:
    """The key of a sentence for that rule, where there is one of its own."""
    return key + variant if say.knows(key + variant) else key


def _again(say: Tongue, one: Procuration, tables: Tables) -> Said:
    """What was told before does not hold any more: it counts again (R-39, R-72)."""
    decided = one.status == Status.VALIDEE
    return Said(
        subject=say.text("mail.again.subject", reference=_reference(say, one)),
        lead=say.text("mail.again.lead" if decided else "mail.again.lead.undecided"),
        facts=(
            _reference_line(say, one),
            say.text("mail.validity", validity=say.validity(one, tables.calendar)),
        ),
        paragraphs=(
            say.text("mail.again.forget"),
            say.text("mail.m3.accepted.how" if decided else "mail.again.wait"),
            say.text("mail.m3.accepted.tell"),
        ),
    )


def _set_aside(say: Tongue, one: Procuration, tables: Tables) -> Said:
    """The act does not count: the request stays open for another one, or another request is needed (R-12 to
    R-17; R. 72-1)."""
    reason = undone.reason_of(one)
    what: tuple[str, ...] = (say.text("mail.m3.refused.what"),)
    if undone.asks_for_another_act(one):
        deadline = say.plain_date(deadline_of(one, tables))
        what = (
            say.text("mail.aside.open"),
            say.text("mail.aside.go", deadline=deadline),
            say.text("mail.m1.give"),
        )
    return Said(
        subject=say.text("mail.aside.subject", reference=_reference(say, one)),
        lead=say.text("mail.aside.lead"),
        facts=(_reference_line(say, one), *(() if reason is None else (_why(say, reason),))),
        paragraphs=(say.text("mail.aside.receipt"), *what),
    )


def _why(say: Tongue, code: RefusalCode) -> str:
    return say.text("mail.m3.refused.why", reason=say.reason(code))


def _lost_lines(say: Tongue, one: Procuration) -> tuple[str, ...]:
    """One line for each round that it does not serve, with the reason."""
    return tuple(
        say.text(
            "mail.part.lost",
            round=say.text(f"validity.rounds.{effect['round']}"),
            day=say.long_date(date.fromisoformat(effect["day"])),
            reason=say.reason(code),
        )
        for effect in one.effects
        if (code := CODE_OF_EFFECT.get(effect["effect"])) is not None
    )
