"""A draft from a request that was made elsewhere: the elector reads it again before anything is filed."""

from collections.abc import Callable

from kiosk_app.presenters.draft import Draft, PersonDraft
from kiosk_app.presenters.ports import Calendar, PlaceFound
from kiosk_app.presenters.typed_date import typed_from
from procuration.domain.events import Filed
from procuration.domain.people import PartialDate, Person, Place
from procuration.domain.validity import OneScrutin, Period

PlaceNamed = Callable[[Place], PlaceFound | None]


def draft_of(filed: Filed, place_named: PlaceNamed, calendar: Calendar, *, on_paper: bool) -> Draft:
    """Every answer that still has a meaning here: a place that the table does not know, or a ballot that is
    over, is asked again."""
    draft = Draft(
        mandant=person_draft_of(filed.mandant, place_named(filed.vote_place)),
        mandataire=person_draft_of(filed.mandataire, _enrolled(filed.mandataire, place_named)),
        email=filed.email or "",
        no_email=filed.email is None,
        by_number=filed.mandataire.elector_number is not None,
        on_paper=on_paper,
    )
    if filed.email is None:
        draft.answered.add("email.question")
    match filed.validity:
        case Period() as period:
            draft.by_period, draft.period = True, period
            draft.typed_first, draft.typed_last = typed_from(period.first_day), typed_from(period.last_day)
        case OneScrutin(scrutin_id=chosen, rounds=rounds):
            open_ = calendar.open_scrutins(filed.vote_place)
            draft.scrutin = next((scrutin for scrutin in open_ if scrutin.id == chosen), None)
            if draft.scrutin is not None:
                draft.by_period, draft.rounds = False, rounds
    return draft


def _enrolled(person: Person, place_named: PlaceNamed) -> PlaceFound | None:
    return None if person.enrolment is None else place_named(person.enrolment)


def person_draft_of(person: Person, place: PlaceFound | None) -> PersonDraft:
    """One person, as if they had just been typed."""
    born = person.birth_date
    return PersonDraft(
        birth_name=person.birth_name or "",
        given_names=person.given_names or "",
        no_given_names=person.given_names is None,
        sex=person.sex,
        typed_date=_typed(born),
        partial_date=not (born.day and born.month),
        birth_date=born,
        typed_place=place.label if place else "",
        place=place,
        number=person.elector_number or "",
        number_confirmed=person.elector_number is not None,
    )


def _typed(born: PartialDate) -> tuple[str, str, str]:
    day, month = (f"{part:02}" if part else "" for part in (born.day, born.month))
    return day, month, str(born.year)
