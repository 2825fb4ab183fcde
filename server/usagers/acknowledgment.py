"""What an elector sees and prints once a request is filed: the reference, the sealed code, what to do next
(UX 1, K7)."""

from dataclasses import dataclass, field
from datetime import date
from typing import Final

import segno
from django.utils.safestring import SafeString, mark_safe

from procuration.domain.law import ControlRegime
from procuration.domain.reference import Reference, grouped
from procuration.domain.validity import OneScrutin, Period, Rounds, Validity
from server.config.centre import Centre
from server.dossiers.models import Procuration
from server.dossiers.selectors import place_of, zone_of
from server.notices.letters import deadline_of
from server.pages.french import full_name
from server.pages.places import place_name
from server.usagers.filing import qr_of
from server.usagers.step_pages import validity_in_words
from server.usagers.wording import Wording

QUIET_MODULES: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgment:
    """Everything in words. Attributes: code: a drawing, "" when no code can be made."""

    reference: str = field(repr=False)
    code: SafeString = field(repr=False)
    steps: tuple[str, ...]
    mandataire: str = field(repr=False)
    validity: str
    filed_on: str
    place: str
    has_email: bool


def acknowledgment_of(say: Wording, one: Procuration, centre: Centre) -> Acknowledgment:
    """Of one request, as it was filed."""
    tables = centre.tables
    filed_on = one.filed_at.astimezone(zone_of(one, tables)).date()
    assert one.reference is not None, "a request of the web has one from the beginning"
    qr = qr_of(one, centre, centre.clock.now())
    return Acknowledgment(
        reference=grouped(Reference(one.reference)),
        code=drawing_of(qr) if qr else SafeString(""),
        steps=_steps(say, one, deadline_of(one, tables), filed_on, centre),
        mandataire=_mandataire(one),
        validity=validity_in_words(say, validity_of_row(one), tables.calendar),
        filed_on=say.day(filed_on),
        place=place_name(tables, one.place_code, one.place_type),
        has_email=bool(one.email),
    )


def drawing_of(text: str) -> SafeString:
    """A QR code as a drawing that the page holds: no file, no style. Level M, no boost (SECURITY-DESIGN
    9)."""
    code = segno.make(text, error="m", boost_error=False, micro=False)
    drawn = code.svg_inline(border=QUIET_MODULES, omitsize=True, svgclass=None, lineclass=None)
    return mark_safe(drawn)  # noqa: S308  # written by segno from modules: nothing of the text is in it


def validity_of_row(one: Procuration) -> Validity:
    """What a dossier serves, as a value of the law."""
    if one.period_first and one.period_last:
        return Period(first_day=one.period_first, last_day=one.period_last)
    return OneScrutin(scrutin_id=one.scrutin_id, rounds=Rounds(one.rounds or 0))


def _steps(say: Wording, one: Procuration, deadline: date, filed_on: date, centre: Centre) -> tuple[str, ...]:
    regime = centre.tables.law.control_regime(place_of(one), (one.first_closing or one.filed_at).date())
    register = "" if regime is ControlRegime.MAIRIE else ".register"
    silent = "" if one.email else ".no_email"
    go = say("filed.today") if deadline <= filed_on else say("filed.go", date=say.day(deadline))
    return (say("filed.take"), go, say(f"filed.control{register}{silent}"), say("filed.tell"))


def _mandataire(one: Procuration) -> str:
    if one.mandataire_elector_number:
        return f"… {one.mandataire_elector_number[-3:]}"
    return full_name(one.mandataire_given_names, one.mandataire_birth_name)
