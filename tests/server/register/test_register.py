"""The register behind its port: what it is asked, what it answers, what the centre writes."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procuration.domain.events import Decision, DecisionOrigin, Kind, TakenBy, TakenIn
from procuration.domain.people import Person, PlaceType
from procuration.domain.refusal import RefusalCode
from procuration.domain.scrutin import scrutins_of
from procuration.domain.status import Status
from procuration.domain.validity import OneScrutin, Rounds
from procuration.errors import CarrierUnavailable, RecordRejected, RuleViolated
from server.dossiers.models import Procuration
from server.dossiers.rebuilding import rebuild_all
from server.dossiers.refolding import stored_events
from server.dossiers.services import decide
from server.ledger.known import Known
from server.ledger.models import Event
from server.notices.enums import MessageKind, NoticeState
from server.notices.models import Notice
from server.notices.outbox import RIPENING
from server.notices.services import send_due
from server.register import asking, configured
from server.register.asking import ask_register
from server.register.electors_csv import COLUMNS, read_electors
from server.register.electors_file import FileRegister
from server.register.port import Question
from tests.builders import ANGELA, JEAN_CLAUDE
from tests.server.notices.conftest import Relay, relay
from tests.server.townhall import LAON, Story, account_of

__all__ = ["relay"]

AT_LAON = replace(JEAN_CLAUDE, enrolment=LAON)
BY_NUMBER = Person(birth_date=JEAN_CLAUDE.birth_date, elector_number="23456789")
MANDANT = "12345678;DUBOIS;Angela Claire Louise;F;1962-08-24;02408;1;1;0"
MANDATAIRE = "23456789;Dupont;Jean Claude Bernard;M;1944-08-22;02408;1;1;0"
HEADER = ";".join(COLUMNS)


def written(path: Path, *lines: str) -> FileRegister:
    path.write_text("\n".join((HEADER, *lines)) + "\n", encoding="utf-8")
    return FileRegister(path)


@pytest.fixture
def register(tmp_path: Path) -> FileRegister:
    """Both are on the list of Laon."""
    return written(tmp_path / "electors.csv", MANDANT, MANDATAIRE)


def at_laon(story: Story, number: int = 1, **changes: object) -> str:
    """A procuration that the register controls."""
    scrutin = scrutins_of(LAON, story.world.centre.tables.calendar)[-1]
    validity = OneScrutin(scrutin_id=scrutin.id, rounds=Rounds.BOTH)
    people = {"mandant": ANGELA, "mandataire": AT_LAON}
    return story.established(number, vote_place=LAON, validity=validity, **{**people, **changes})


def status(rid: str) -> tuple[Status, str, str]:
    one = Procuration.objects.get(rid=rid)
    return Status(one.status), one.code, one.rule


class Answers:
    """A register that says what the test wants, and remembers what it was asked."""

    def __init__(self, answers: Mapping[str, RefusalCode | None]) -> None:
        self.answers, self.asked = answers, []

    def ask(self, questions: Sequence[Question]) -> Mapping[str, RefusalCode | None]:
        self.asked += [question.rid for question in questions]
        return self.answers


def test_r_58_an_accepted_procuration_is_received_and_decided_by_the_register(story: Story, register):
    rid = at_laon(story)
    assert ask_register(story.world.centre, register) == 1
    one = Procuration.objects.get(rid=rid)
    assert (one.status, one.decided_by, one.decided_at is not None) == (Status.VALIDEE, "", True)
    assert [entry["kind"] for entry in one.history][-2:] == [Kind.TAKEN_IN, Kind.DECISION]
    assert [entry["register"] for entry in one.history[-2:]] == [True, True]
    assert rebuild_all(story.world.centre, lambda _: None).differed == 0


@pytest.mark.parametrize("mandataire", [AT_LAON, BY_NUMBER, replace(BY_NUMBER, elector_number="23456789")])
def test_r_26_the_mandataire_is_found_by_name_or_by_number(story: Story, register, mandataire: Person):
    rid = at_laon(story, mandataire=mandataire)
    ask_register(story.world.centre, register)
    assert status(rid)[0] is Status.VALIDEE


@pytest.mark.parametrize(
    ("lines", "code", "rule"),
    [
        ([MANDATAIRE], RefusalCode.MANDANT_NON_INSCRIT, "R-02"),
        ([MANDANT.replace("02408", "02691"), MANDATAIRE], RefusalCode.MANDANT_NON_INSCRIT, "R-02"),
        ([MANDANT[:-3] + "0;0", MANDATAIRE], RefusalCode.MANDANT_NON_INSCRIT, "R-02"),
        ([MANDANT], RefusalCode.MANDATAIRE_INTROUVABLE, "R-26"),
        ([MANDANT, MANDATAIRE.replace("02408", "02691")], RefusalCode.MANDATAIRE_INTROUVABLE, "R-26"),
        (
            [MANDANT, MANDATAIRE.replace("1944-08-22", "1944-08-23")],
            RefusalCode.MANDATAIRE_INTROUVABLE,
            "R-26",
        ),
        ([MANDANT, MANDATAIRE, MANDATAIRE], RefusalCode.MANDATAIRE_INTROUVABLE, "R-26"),
        ([MANDANT, MANDATAIRE[:-3] + "0;0"], RefusalCode.MANDATAIRE_SANS_DROITS, "R-03"),
        ([MANDANT, MANDATAIRE[:-1] + "1"], RefusalCode.PLAFOND_DEPASSE, "R-38"),
    ],
)
def test_r_02_r_03_r_26_what_the_register_refuses_is_invalid_with_a_code(
    story: Story, tmp_path: Path, lines: list[str], code: RefusalCode, rule: str
):
    rid = at_laon(story)
    ask_register(story.world.centre, written(tmp_path / "electors.csv", *lines))
    assert status(rid) == (Status.INVALIDEE, code.value, rule)


def test_r_04_another_commune_than_the_mandant_s_never_refuses(story: Story, tmp_path: Path):
    there = replace(LAON, code="02691")
    rid = at_laon(story, mandataire=replace(AT_LAON, enrolment=there))
    ask_register(
        story.world.centre, written(tmp_path / "e.csv", MANDANT, MANDATAIRE.replace("02408", "02691"))
    )
    assert status(rid)[0] is Status.VALIDEE


def test_what_is_answered_is_asked_once_however_often_the_job_runs(story: Story, register):
    at_laon(story)
    ask_register(story.world.centre, register)
    events = Event.objects.count()
    assert ask_register(story.world.centre, register) == 0
    assert Event.objects.count() == events


def test_what_the_register_does_not_answer_waits_and_stops_nothing(story: Story, monkeypatch):
    monkeypatch.setattr(asking, "ASKED_AT_ONCE", 1)
    rids = [at_laon(story, number, **people(number)) for number in (1, 2, 3)]
    answers = Answers({rids[1]: None})
    assert ask_register(story.world.centre, answers) == 1
    assert sorted(answers.asked) == sorted(rids)
    assert [status(rid)[0] for rid in rids] == [Status.TRANSMISE, Status.VALIDEE, Status.TRANSMISE]


def people(number: int) -> dict[str, Person]:
    letter = "_ABC"[number]
    return {
        "mandant": replace(ANGELA, birth_name=f"DUBOIS {letter}"),
        "mandataire": replace(AT_LAON, birth_name=f"DUPONT {letter}"),
    }


def test_what_changed_while_the_register_thought_is_left_alone(story: Story):
    rid = at_laon(story)

    class Slow(Answers):
        def ask(self, questions):
            ask_register(story.world.centre, Answers({rid: RefusalCode.PLAFOND_DEPASSE}))
            return super().ask(questions)

    assert ask_register(story.world.centre, Slow({rid: None})) == 0
    assert status(rid)[:2] == (Status.INVALIDEE, "PLAFOND_DEPASSE")
    assert Event.objects.filter(kind=Kind.DECISION).count() == 1


def test_an_answer_about_something_else_is_not_written(story: Story):
    at_laon(story)
    assert ask_register(story.world.centre, Answers({"0" * 32: None})) == 0


def test_r_54_what_its_last_poll_has_closed_for_is_asked_no_more(story: Story, register):
    at_laon(story)
    story.world.clock.at += timedelta(days=60)
    assert ask_register(story.world.centre, register) == 0


def test_what_a_town_hall_controls_is_never_asked(story: Story):
    rid = story.established(1)
    answers = Answers({rid: None})
    assert ask_register(story.world.centre, answers) == 0
    assert answers.asked == []


def test_a_town_hall_does_not_decide_what_the_register_controls(story: Story):
    rid = at_laon(story)
    with pytest.raises(RuleViolated, match="REGIME_REU"):
        decide(rid, account_of(LAON), True, None)


def test_the_ceiling_among_what_the_centre_knows_needs_no_register(story: Story, register):
    first = at_laon(story)
    second = at_laon(story, 2, mandant=replace(ANGELA, birth_name="AUTRE"))
    assert status(second) == (Status.NULLE_L73, "PLAFOND_DEPASSE", "R-39")
    ask_register(story.world.centre, register)
    assert status(first)[0] is Status.VALIDEE
    assert status(second)[0] is Status.NULLE_L73


@pytest.mark.parametrize(
    ("code", "kind", "subject", "words"),
    [
        (None, MessageKind.M3, "est validée", "Le répertoire électoral unique a accepté"),
        (
            RefusalCode.MANDATAIRE_INTROUVABLE,
            MessageKind.M3,
            "n’est pas validée",
            "Le répertoire électoral unique n’a pas accepté",
        ),
        (RefusalCode.PLAFOND_DEPASSE, MessageKind.M4, "n’est pas valable", "Votre demande est rejetée"),
    ],
)
def test_r_59_the_mandant_is_told_what_the_register_answered(
    story: Story, relay: Relay, code, kind, subject: str, words: str
):
    rid = at_laon(story)
    ask_register(story.world.centre, Answers({rid: code}))
    send_due(story.world.clock.now() + RIPENING)
    mail = relay.received[-1]
    assert subject in mail["Subject"]
    assert words in mail.get_body(("plain",)).get_content()
    assert Notice.objects.filter(kind=kind, state=NoticeState.SENT).count() == 1


def test_r_59_without_an_address_the_town_hall_has_a_refusal_to_tell(story: Story):
    rid = at_laon(story, email=None)
    ask_register(story.world.centre, Answers({rid: RefusalCode.MANDATAIRE_SANS_DROITS}))
    assert Notice.objects.get(rid=rid).state == NoticeState.TO_TELL


def test_the_events_name_no_account(story: Story, register):
    at_laon(story)
    ask_register(story.world.centre, register)
    (of_rid,) = stored_events([Procuration.objects.get().rid], Known(story.world.centre)).values()
    contents = [one.content for one in of_rid][-2:]
    assert isinstance(contents[0], TakenIn)
    assert isinstance(contents[1], Decision)
    assert (contents[0].by, contents[0].account) == (TakenBy.TOWN_HALL_OR_REGISTER, None)
    assert (contents[1].origin, contents[1].account) == (DecisionOrigin.REGISTER, None)


# the file


def test_a_list_is_read_again_when_it_changes(story: Story, tmp_path: Path, register):
    rid = at_laon(story)
    path = tmp_path / "electors.csv"
    written(path, MANDATAIRE)
    ask_register(story.world.centre, register)
    assert status(rid)[1] == "MANDANT_NON_INSCRIT"
    again = at_laon(story, 2, **people(2))
    written(
        path,
        *(line.replace("DUBOIS", "DUBOIS B").replace("Dupont", "DUPONT B") for line in (MANDANT, MANDATAIRE)),
    )
    ask_register(story.world.centre, register)
    assert status(again)[0] is Status.VALIDEE


def test_a_list_that_is_not_there_stops_the_job_and_is_tried_again(story: Story, tmp_path: Path):
    rid = at_laon(story)
    with pytest.raises(CarrierUnavailable, match="REGISTRE_ABSENT"):
        ask_register(story.world.centre, FileRegister(tmp_path / "none.csv"))
    assert status(rid)[0] is Status.TRANSMISE


def test_a_list_may_have_a_byte_order_mark_quotes_and_unknown_birth_parts():
    text = f'\ufeff{HEADER}\r\n;"D’ARC";Jeanne;;1990-00-00;2A004;1;1;0\r\n'
    (one,) = read_electors(text.encode())
    assert (one.person.birth_name, one.person.birth_date.month, one.person.sex) == ("D’ARC", 0, None)
    assert one.place == ("2A004", PlaceType.COMMUNE)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        (HEADER.replace(";", ","), 1),
        (f"{HEADER}\n{MANDANT};more", 2),
        (f"{HEADER}\n{MANDANT}\n{MANDATAIRE[:-1]}2", 3),
        (f"{HEADER}\n{MANDANT.replace('1962-08-24', '1962-02-30')}", 2),
        (f"{HEADER}\n{MANDANT.replace('1962-08-24', '24/08/1962')}", 2),
        (f"{HEADER}\n{MANDANT.replace('12345678', '1234567X')}", 2),
        (f"{HEADER}\n{MANDANT.replace(';F;', ';X;')}", 2),
        (f"{HEADER}\n{MANDANT.replace(';1;1;0', ';7;1;0')}", 2),
        (f"{HEADER}\n{MANDANT.replace('DUBOIS', 'DU<BOIS>')}", 2),
        (f"{HEADER}\n{MANDANT.replace('DUBOIS;Angela Claire Louise', ';')}", 2),
        (f"{HEADER}\n\n{MANDANT}", 2),
    ],
)
def test_a_list_with_one_wrong_line_is_refused_whole_and_says_which(text: str, line: int):
    with pytest.raises(RecordRejected, match="REGISTRE_ILLISIBLE") as refusal:
        read_electors(text.encode())
    assert refusal.value.ids["line"] == line


@pytest.mark.parametrize("data", [b"\xff\xfe", HEADER.encode() + b'\n"', bytes(17 << 20)])
def test_bytes_that_are_no_list_are_refused(data: bytes):
    with pytest.raises(RecordRejected, match="REGISTRE_ILLISIBLE"):
        read_electors(data)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_any_text_is_a_list_or_is_refused(text: str):
    with suppress(RecordRejected):
        read_electors(f"{HEADER}\n{text}".encode())


def test_without_a_file_in_the_settings_nobody_is_asked(monkeypatch, tmp_path: Path):
    assert configured.configured_register() is None
    options = replace(configured.OPTIONS, register_file=str(tmp_path / "e.csv"))
    monkeypatch.setattr(configured, "OPTIONS", options)
    assert isinstance(configured.configured_register(), FileRegister)
