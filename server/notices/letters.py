"""The words of the messages (DOMAIN 1.5). None names the mandant or the mandataire: who reads the
screen over a shoulder,
or the mail of a wrong address, learns no more than that somebody gave a procuration."""

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
from server.mairie.sheet import act_place, listed_authority, validity_words
from server.notices.enums import MessageKind
from server.pages.french import long_date, moment, plain_date
from server.texts_fr import TEXTS, text
from server.words.reasons import CODE_OF_EFFECT, REASON

_IN_FORCE = (Status.ETABLIE, Status.TRANSMISE, Status.RECUE, Status.VALIDEE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message ready to be written as text and as HTML.

    Attributes:
        lead: the news, in one sentence.
        facts: one per line.
        paragraphs: what to know and to do, in order.
    """

    subject: str = field(repr=False)
    lead: str
    facts: tuple[str, ...] = field(repr=False)
    paragraphs: tuple[str, ...] = field(repr=False)

    def as_text(self) -> str:
        """For readers of plain text."""
        return render_to_string("notices/letter.txt", {"letter": self})

    def as_html(self) -> str:
        """For the others: no image, no link, no script."""
        return render_to_string("notices/letter.html", {"letter": self})


def letter_for(kind: MessageKind, one: Procuration, tables: Tables) -> Letter:
    """The message of a kind about a procuration as it stands."""
    match kind:
        case MessageKind.M1:
            return _acknowledgment(one, tables)
        case MessageKind.M2:
            return _recepisse(one, tables)
        case MessageKind.M3:
            return _decision(one, tables)
        case MessageKind.AGAIN:
            return _again(one, tables)
        case MessageKind.SET_ASIDE:
            return _set_aside(one, tables)
        case MessageKind.M4 | MessageKind.M5 | MessageKind.M6 | MessageKind.M7:
            return _ended(kind, one)


def _reference(one: Procuration) -> str:
    return grouped(Reference(one.reference)) if one.reference else text("mail.no_reference")


def _reference_line(one: Procuration) -> str:
    return text("mail.reference", reference=_reference(one))


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


def _acknowledgment(one: Procuration, tables: Tables) -> Letter:
    """M1: filed, not yet valid, where to go and before when."""
    deadline = deadline_of(one, tables)
    today = deadline <= one.filed_at.astimezone(zone_of(one, tables)).date()
    regime = tables.law.control_regime(place_of(one), (one.first_closing or one.filed_at).date())
    return Letter(
        subject=text("mail.m1.subject", reference=_reference(one)),
        lead=text("mail.m1.lead"),
        facts=(_reference_line(one), text("mail.validity", validity=validity_words(one, tables.calendar))),
        paragraphs=(
            text("mail.m1.not_yet"),
            text("mail.m1.go.today" if today else "mail.m1.go", deadline=plain_date(deadline)),
            text("mail.m1.give"),
            text("mail.m1.then" if regime is ControlRegime.MAIRIE else "mail.m1.then.register"),
        ),
    )


def _recepisse(one: Procuration, tables: Tables) -> Letter:
    """M2: the récépissé of R. 75-II: nom, prénom, qualité of the authority, date and place (R-23, R-24)."""
    assert one.established_at is not None, "a récépissé follows an act"
    control = "mail.m2.not_enough" if one.regime == ControlRegime.MAIRIE else "mail.m2.not_enough.register"
    return Letter(
        subject=text("mail.m2.subject", reference=_reference(one)),
        lead=text("mail.m2.lead"),
        facts=(
            _reference_line(one),
            text("mail.m2.by", authority=", ".join(listed_authority(one))),
            text("mail.m2.at", when=moment(one.established_at, zone_of(one, tables))),
            text("mail.m2.where", place=act_place(one, tables)),
            text("mail.validity", validity=validity_words(one, tables.calendar)),
        ),
        paragraphs=(
            text(control if one.status in _IN_FORCE else "mail.m2.not_enough.ended"),
            text("mail.m2.tell"),
            text("mail.m2.oppose"),
        ),
    )


def _decision(one: Procuration, tables: Tables) -> Letter:
    """M3: the decision of the town hall or of the register, with the reason, the ceiling among them (R-59),
    and what remains possible when it refused (I-10)."""
    who = "register" if one.regime == ControlRegime.REU else "hall"
    if one.status == Status.INVALIDEE:
        by_law = one.decided_at is None or one.rule in ("R-49", "R-72")
        return Letter(
            subject=text("mail.m3.subject.refused", reference=_reference(one)),
            lead=text("mail.m3.refused.law" if by_law else f"mail.m3.refused.{who}"),
            facts=(_reference_line(one), _why(RefusalCode(one.code))),
            paragraphs=(text("mail.m3.refused.what"),),
        )
    return Letter(
        subject=text("mail.m3.subject.accepted", reference=_reference(one)),
        lead=text(f"mail.m3.accepted.{who}"),
        facts=(
            _reference_line(one),
            text("mail.validity", validity=validity_words(one, tables.calendar)),
            *_lost_lines(one),
        ),
        paragraphs=(text("mail.m3.accepted.how"), text("mail.m3.accepted.tell")),
    )


def _ended(kind: MessageKind, one: Procuration) -> Letter:
    """M4, M6, M7: it does not serve any more, or not for every round (L. 73, L. 75, L. 77; R-44, R-59)."""
    about = {MessageKind.M4: "m4", MessageKind.M5: "m4", MessageKind.M6: "m6", MessageKind.M7: "m7"}[kind]
    if one.status in _IN_FORCE:
        return Letter(
            subject=text("mail.part.subject", reference=_reference(one)),
            lead=text("mail.part.lead"),
            facts=(_reference_line(one), *_lost_lines(one)),
            paragraphs=(text("mail.part.rest"), text("mail.part.what")),
        )
    variant = {"R-44": ".displaced", "R-49": ".replaced"}.get(one.rule, "")
    return Letter(
        subject=text(f"mail.{about}.subject", reference=_reference(one)),
        lead=text(
            f"mail.{about}.lead{variant}" if f"mail.{about}.lead{variant}" in TEXTS else f"mail.{about}.lead"
        ),
        facts=(_reference_line(one), _why(RefusalCode(one.code))),
        paragraphs=tuple(text(key) for key in (f"mail.{about}.law", f"mail.{about}.what") if key in TEXTS),
    )


def _again(one: Procuration, tables: Tables) -> Letter:
    """What was told before does not hold any more: it counts again (R-39, R-72)."""
    decided = one.status == Status.VALIDEE
    return Letter(
        subject=text("mail.again.subject", reference=_reference(one)),
        lead=text("mail.again.lead" if decided else "mail.again.lead.undecided"),
        facts=(_reference_line(one), text("mail.validity", validity=validity_words(one, tables.calendar))),
        paragraphs=(
            text("mail.again.forget"),
            text("mail.m3.accepted.how" if decided else "mail.again.wait"),
            text("mail.m3.accepted.tell"),
        ),
    )


def _set_aside(one: Procuration, tables: Tables) -> Letter:
    """The act was drawn up by somebody who might not any more: it does not count, the request stays open
    (R-14; R. 72-1)."""
    deadline = deadline_of(one, tables)
    return Letter(
        subject=text("mail.aside.subject", reference=_reference(one)),
        lead=text("mail.aside.lead"),
        facts=(_reference_line(one), _why(RefusalCode.HABILITATION_INVALIDE)),
        paragraphs=(
            text("mail.aside.open"),
            text("mail.aside.go", deadline=plain_date(deadline)),
            text("mail.m1.give"),
        ),
    )


def _why(code: RefusalCode) -> str:
    return text("mail.m3.refused.why", reason=REASON[code][1])


def _lost_lines(one: Procuration) -> tuple[str, ...]:
    """One line for each round that it does not serve, with the reason."""
    return tuple(
        text(
            "mail.part.lost",
            round=text(f"validity.rounds.{effect['round']}"),
            day=long_date(date.fromisoformat(effect["day"])),
            reason=REASON[code][1],
        )
        for effect in one.effects
        if (code := CODE_OF_EFFECT.get(effect["effect"])) is not None
    )
