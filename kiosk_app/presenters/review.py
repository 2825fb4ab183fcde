"""The page of verification: every answer beside its label, and the sentence that sums the request up."""

from kiosk_app.presenters.draft import Draft, PersonDraft
from kiosk_app.presenters.formats import birth_date_in_words
from kiosk_app.presenters.pages import Command, ReviewPage, Row
from kiosk_app.presenters.questions_election import validity_in_words
from kiosk_app.presenters.wording import Wording


def review_page(
    say: Wording, draft: Draft, bar_commands: tuple[Command, ...], *, busy: str = "", validate: str = ""
) -> ReviewPage:
    """K6. `busy` replaces the buttons while the request is being recorded; `validate`: other words for the
    last one."""
    commands = (
        ()
        if busy
        else (
            Command(key="back", text=say("go.back")),
            Command(key="validate", text=validate or say("review.validate")),
        )
    )
    return ReviewPage(
        name="K6-review",
        bar=say("review.bar"),
        bar_commands=() if busy else bar_commands,
        title=say("review.title"),
        rows=_rows(say, draft, changeable=not busy),
        change_text=say("review.change"),
        sentence=sentence(say, draft),
        promise=say("review.promise"),
        busy=busy,
        commands=commands,
    )


def sentence(say: Wording, draft: Draft) -> str:
    """« Vous demandez que {Prénoms NOM} vote à votre place. »"""
    other = draft.mandataire
    if draft.by_number:
        assert other.birth_date is not None
        key = "review.sentence.number" if other.birth_date.day else "review.sentence.number.partial"
        return say(key, number=other.number, date=birth_date_in_words(say, other.birth_date))
    names = "" if other.no_given_names else other.given_names
    return say("review.sentence", name=full_name(names, other.birth_name))


def full_name(given_names: str | None, birth_name: str | None) -> str:
    """« Jean-Claude Bernard DUPONT »."""
    return " ".join(part for part in (given_names, (birth_name or "").upper()) if part)


def _rows(say: Wording, draft: Draft, *, changeable: bool) -> tuple[Row, ...]:
    def row(label: str, value: str, question: str) -> Row:
        return Row(label=say(label), value=value, change=f"change {question}" if changeable else "")

    mine = _person_rows(say, draft.mandant, "mandant")
    other = draft.mandataire
    if draft.by_number:
        theirs = [
            ("mandataire.number", "review.mandataire.number", other.number),
            ("mandataire.birth_date", "review.mandataire.birth_date", _born(say, other)),
        ]
    else:
        theirs = [
            *_person_rows(say, other, "mandataire"),
            ("mandataire.place", "review.mandataire.place", other.place.label if other.place else ""),
        ]
    email = say("review.no_email") if draft.no_email else draft.email
    contact = () if draft.on_paper else (("email.question", "review.email", email),)
    place = draft.mandant.place.label if draft.mandant.place else ""
    answers = [
        *mine,
        *contact,
        ("place.question", "review.place", place),
        *theirs,
        ("election.kind", "review.validity", validity_in_words(say, draft)),
    ]
    return tuple(row(label, value, question) for question, label, value in answers)


def _person_rows(say: Wording, person: PersonDraft, who: str) -> list[tuple[str, str, str]]:
    prefix = "review" if who == "mandant" else "review.mandataire"
    names = say("review.none") if person.no_given_names else person.given_names
    sex = "" if person.sex is None else say("sex.f" if person.sex.value == 1 else "sex.m")
    values = {
        "birth_name": person.birth_name,
        "given_names": names,
        "sex": sex,
        "birth_date": _born(say, person),
    }
    return [(f"{who}.{subject}", f"{prefix}.{subject}", value) for subject, value in values.items()]


def _born(say: Wording, person: PersonDraft) -> str:
    return birth_date_in_words(say, person.birth_date) if person.birth_date else ""
