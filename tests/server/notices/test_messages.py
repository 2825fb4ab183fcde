"""The messages to the mandant: when, what they say, and never twice for the same cause."""

import logging
import re
import subprocess
import sys
from contextlib import suppress
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import transaction

from procuration.domain.refusal import RefusalCode
from procuration.errors import RecordRejected
from server.dossiers import services as dossiers
from server.dossiers.models import Procuration
from server.mairie.models import TownHallAccount
from server.mairie.perms import ROLE
from server.mairie.services import create_town_hall_account
from server.notices.enums import MessageKind, NoticeCode, NoticeState
from server.notices.models import Notice
from server.notices.relay import open_relay
from server.notices.services import ATTEMPTS_MAX, CLAIM_LIFE, send_due
from tests import builders
from tests.builders import NOUMEA
from tests.server.centre import Tablet
from tests.server.notices.conftest import Relay
from tests.server.townhall import PASSWORD, Story


def send(story: Story, later: timedelta = timedelta()) -> int:
    story.world.clock.at += later
    return send_due(story.world.clock.now())


def account() -> dossiers.Account:
    made = TownHallAccount.objects.first() or create_town_hall_account("agent", PASSWORD, NOUMEA)
    return dossiers.Account(
        pseudonym=made.pseudonym, role=ROLE, place_code="98818", place_type=1, place_cog_year=2026
    )


def plain(words: str) -> str:
    return words.replace("\u202f", " ").replace("\xa0", " ")


def text_of(message) -> str:
    return plain(message.get_body(("plain",)).get_content())


def state() -> tuple[str, str]:
    notice = Notice.objects.get()
    return notice.state, notice.code


def test_a_filed_request_is_acknowledged_with_its_reference_and_what_to_do(story: Story, relay: Relay):
    story.filed(1)
    assert send(story) == 1
    (mail,) = relay.received
    assert relay.recipients == ["angela.dubois@exemple.fr"]
    assert plain(mail["Subject"]) == "Votre demande de procuration XBQ 7V3"
    assert "Elle n’est pas encore valable. Il reste une étape." in text_of(mail)
    assert "avec votre pièce d’identité, avant le 11 avril 2027." in text_of(mail)
    assert "votre mairie contrôle" in text_of(mail)


def test_r_24_the_recepisse_names_the_authority_its_quality_the_date_and_the_place(
    story: Story, relay: Relay
):
    story.filed(1)
    send(story)
    story.brigade.acts(story.requests[1], story.officer, 1)
    story.world.hears(story.brigade)
    assert send(story) == 1
    mail = relay.received[-1]
    assert plain(mail["Subject"]) == "Récépissé de votre procuration XBQ 7V3"
    body = text_of(mail)
    assert "Maëva Rose TAHUA, Maréchale des logis-cheffe, OPJ, Brigade de Dumbéa" in body
    assert "Date : 1er avril 2027 à 20 h 30" in body
    assert "Lieu : Dumbéa, dans les locaux de l’unité" in body
    assert "Ce récépissé ne permet pas de voter." in body


@pytest.mark.parametrize(
    ("code", "subject", "sentence"),
    [
        (None, "Votre procuration XBQ 7V3 est validée", "dans votre bureau de vote"),
        (
            RefusalCode.PLAFOND_DEPASSE,
            "Votre procuration XBQ 7V3 n’est pas validée",
            "Choisissez une autre personne.",
        ),
    ],
)
def test_r_59_the_decision_of_the_town_hall_is_told(
    story: Story, relay: Relay, code, subject: str, sentence: str
):
    rid = story.established(1)
    send(story)
    dossiers.decide(rid, account(), code is None, code)
    assert send(story) == 1
    assert plain(relay.received[-1]["Subject"]) == subject
    assert sentence in text_of(relay.received[-1])


def test_a_mail_has_the_same_words_as_text_and_as_html_and_no_link_to_follow(story: Story, relay: Relay):
    story.filed(1)
    send(story)
    (mail,) = relay.received
    html = mail.get_body(("html",)).get_content()
    assert not re.search(r"https?://|<img|<script|href", html)
    bare = " ".join(plain(re.sub(r"<[^>]+>", " ", html.split("</head>")[1])).split())
    for line in filter(None, text_of(mail).splitlines()):
        assert line.strip() in bare
    assert mail["Auto-Submitted"] == "auto-generated"


def test_a_mail_tells_no_name_birth_date_or_commune_of_the_elector(story: Story, relay: Relay):
    dossier = story.established(1)
    dossiers.decide(dossier, account(), True, None)
    send(story)
    assert len(relay.received) == 2
    for mail in relay.received:
        for word in ("DUBOIS", "Angela", "DUPONT", "Jean-Claude", "1962", "1944"):
            assert word not in mail.as_string()
            assert word not in text_of(mail)


def test_an_elector_without_address_is_owed_nothing(story: Story, relay: Relay):
    story.established(1, email=None)
    assert not Notice.objects.exists()


def test_no_cause_is_told_twice_whatever_comes_again(story: Story, relay: Relay):
    story.established(1)
    story.world.hears(story.kiosk, 0)
    story.world.hears(story.brigade, 0)
    for _ in range(3):
        send(story)
    assert len({mail["Message-ID"] for mail in relay.received}) == len(relay.received) == 1
    assert Notice.objects.filter(state=NoticeState.SENT).count() == 1


def test_an_acknowledgment_overtaken_by_the_act_is_not_sent(story: Story, relay: Relay):
    story.established(1)
    send(story)
    assert [plain(mail["Subject"]) for mail in relay.received] == ["Récépissé de votre procuration XBQ 7V3"]
    assert Notice.objects.get(kind=MessageKind.M1).code == NoticeCode.OVERTAKEN


def test_a_recepisse_whose_act_counts_no_longer_stays_and_stops_no_other_mail(story: Story, relay: Relay):
    story.established(1)
    copy = Tablet(story.brigade.name, role=story.brigade.role)  # with the same keys and another past
    while len(copy.pairs) < len(story.brigade.pairs):
        copy.enrols(builders.key(f"somebody {len(copy.pairs)}"))
    with suppress(RecordRejected):
        story.world.takes(copy.sealed(len(copy.pairs) - 1))
    story.filed(2)
    assert send(story, timedelta(minutes=2)) == 1
    assert plain(relay.received[-1]["Subject"]).startswith("Votre demande de procuration")
    assert Notice.objects.get(kind=MessageKind.M2).code == NoticeCode.OVERTAKEN


def test_an_acknowledgment_waits_for_its_reference(story: Story, relay: Relay):
    rid = story.filed(1, reference=None)
    assert send(story) == 0
    assert state() == (NoticeState.WAITING, NoticeCode.NO_REFERENCE)
    Procuration.objects.filter(rid=rid).update(reference="XBQ7V3")
    assert send(story, timedelta(minutes=16)) == 1


def test_the_outbox_and_its_cause_are_one_transaction(story: Story, relay: Relay):
    with pytest.raises(RuntimeError), transaction.atomic():
        story.filed(1)
        assert Notice.objects.count() == 1
        raise RuntimeError
    assert Notice.objects.count() == Procuration.objects.count() == 0


def test_the_outbox_holds_no_address_and_no_name(story: Story, relay: Relay):
    story.established(1)
    for row in Notice.objects.values():
        assert "angela" not in str(row).lower()


def test_a_relay_that_does_not_answer_is_tried_again_later(story: Story, settings):
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # nobody listens there
    story.filed(1)
    assert send(story) == 0
    assert state() == (NoticeState.WAITING, NoticeCode.RELAY)
    assert Notice.objects.get().attempts == 0  # the message itself was never refused


def test_a_message_refused_for_now_is_retried_less_and_less_often(story: Story, relay: Relay):
    relay.answers["RCPT"] = ["451 plus tard"] * 2
    story.filed(1)
    waits = []
    for _ in range(2):
        assert send(story) == 0
        notice = Notice.objects.get()
        waits.append(notice.next_attempt_at - story.world.clock.now())
        story.world.clock.at = notice.next_attempt_at
    assert waits == [timedelta(seconds=30), timedelta(seconds=60)]
    assert send(story) == 1
    assert len(relay.received) == 1


def test_a_message_refused_too_often_is_left_to_a_person(story: Story, relay: Relay):
    relay.answers["DATA"] = ["451 plus tard"] * (ATTEMPTS_MAX + 2)
    story.filed(1)
    for _ in range(ATTEMPTS_MAX):
        send(story, timedelta(hours=7))
    assert state() == (NoticeState.FAILED, NoticeCode.TOO_MANY_TRIES)


@pytest.mark.parametrize(
    ("command", "code"), [("RCPT", NoticeCode.ADDRESS_REFUSED), ("DATA", NoticeCode.MESSAGE_REFUSED)]
)
def test_a_final_refusal_is_kept_for_the_console_and_stops_nothing_else(
    story: Story, relay: Relay, command, code
):
    relay.answers[command] = ["550 jamais"]
    story.filed(1)
    story.filed(2)
    assert send(story) == 1
    assert Notice.objects.get(state=NoticeState.FAILED).code == code


def test_a_line_cut_during_the_hand_over_leaves_a_doubt_and_is_never_repeated(story: Story, relay: Relay):
    relay.answers["DATA"] = ["drop"]
    story.filed(1)
    send(story)
    assert state() == (NoticeState.FAILED, NoticeCode.UNCERTAIN)
    send(story, timedelta(days=1))
    assert len(relay.received) == 1


def test_a_worker_that_died_before_the_hand_over_lost_nothing(story: Story, relay: Relay):
    story.filed(1)
    Notice.objects.update(state=NoticeState.CLAIMED, claimed_at=story.world.clock.now())
    assert send(story) == 0  # it may still be alive
    assert send(story, CLAIM_LIFE) == 1


def test_a_worker_that_died_during_the_hand_over_leaves_a_doubt(story: Story, relay: Relay):
    story.filed(1)
    Notice.objects.update(state=NoticeState.HANDING, claimed_at=story.world.clock.now())
    send(story, CLAIM_LIFE)
    assert state() == (NoticeState.FAILED, NoticeCode.UNCERTAIN)
    assert relay.received == []


def test_a_message_claimed_by_another_worker_is_left_to_it(story: Story, relay: Relay, monkeypatch):
    story.filed(1)

    def slow_relay():
        Notice.objects.update(state=NoticeState.CLAIMED, claimed_at=story.world.clock.now())
        return open_relay()

    monkeypatch.setattr("server.notices.services.open_relay", slow_relay)
    assert send(story) == 0
    assert relay.received == []


def test_every_try_has_the_same_message_id(story: Story, relay: Relay):
    relay.answers["DATA"] = ["451 plus tard"]
    story.filed(1)
    send(story)
    send(story, timedelta(minutes=1))
    (mail,) = relay.received
    assert Notice.objects.get().cause in mail["Message-ID"]


def test_the_log_names_nobody(story: Story, relay: Relay, caplog):
    caplog.set_level(logging.DEBUG)
    relay.answers["RCPT"] = ["550 jamais"]
    story.established(1)
    send(story)
    told = " ".join(str(vars(record)) for record in caplog.records if record.name.startswith("server"))
    for word in ("angela", "DUBOIS", "XBQ7V3", "exemple.fr"):
        assert word not in told


def test_the_command_sends_once_what_is_due(story: Story, relay: Relay, capsys):
    story.filed(1)
    call_command("send_notices")
    assert plain(capsys.readouterr().out).strip() == "Messages envoyés : 1"


def test_the_command_is_written_with_a_dash(tmp_path):
    command = [sys.executable, "-m", "server", "--home", str(tmp_path), "send-notices", "--help"]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert "procuration-server send-notices" in answer.stdout
