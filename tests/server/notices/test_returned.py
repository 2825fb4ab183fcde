"""Messages that come back: whose they are, what they mark, and who tells the mandant instead."""

import io
import logging
import sys
from email.message import EmailMessage

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from procuration.domain.refusal import RefusalCode
from procuration.errors import RecordRejected, RuleViolated
from server.dossiers.services import decide
from server.notices.enums import MessageKind, NoticeCode, NoticeState
from server.notices.message_ids import Mark, mark_of, message_id
from server.notices.models import Notice
from server.notices.reports import REPORT_BYTES_MAX, Report, read_report
from server.notices.returned import record_return
from server.notices.services import send_due, to_tell, was_told
from tests.server.notices.conftest import Relay
from tests.server.townhall import LIFOU, NOUMEA, Story, account_of, administrator, agent_of

PLACE = (NOUMEA.code, NOUMEA.type)
REPORT = """\
From: MAILER-DAEMON@relais.example
To: procuration@localhost
Subject: Undelivered Mail
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=us-ascii

I'm sorry: <angela.dubois@exemple.fr> was not found.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; relais.example

Final-Recipient: rfc822; angela.dubois@exemple.fr
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} no such user

--b
Content-Type: {form}

From: procuration@localhost
To: angela.dubois@exemple.fr
Message-ID: {message_id}
Subject: Votre procuration

--b--
"""


def report(
    identifier: str, action: str = "failed", status: str = "5.1.1", form: str = "text/rfc822-headers"
) -> bytes:
    filled = REPORT.format(message_id=identifier, action=action, status=status, form=form)
    return filled.replace("\n", "\r\n").encode()


def sent(story: Story, relay: Relay, **changes: object) -> str:
    """A procuration whose récépissé has left. Returns: its identifier at the relay."""
    story.established(1, **changes)
    send_due(story.world.clock.now())
    return str(relay.received[-1]["Message-ID"])


def comes_back(story: Story, data: bytes) -> Notice:
    return record_return(read_report(data), story.world.clock.now())


def of_kind(kind: MessageKind) -> tuple[str, str]:
    notice = Notice.objects.get(kind=kind)
    return notice.state, notice.code


@pytest.mark.parametrize("form", ["text/rfc822-headers", "message/rfc822"])
def test_a_message_that_comes_back_is_marked_and_the_town_hall_tells(story: Story, relay: Relay, form: str):
    comes_back(story, report(sent(story, relay), form=form))
    assert of_kind(MessageKind.M2) == (NoticeState.TO_TELL, NoticeCode.BOUNCED)
    assert [notice.kind for notice, _ in to_tell(*PLACE)] == [MessageKind.M2]
    page = agent_of().get("/mairie/prevenir/").content.decode()
    assert "Sa procuration est établie." in page
    assert "Son adresse électronique ne marche pas." in page
    assert not to_tell(LIFOU.code, LIFOU.type)


def test_a_wrong_address_is_not_written_to_again_and_each_later_message_is_told_by_a_person(
    story: Story, relay: Relay
):
    comes_back(story, report(sent(story, relay)))
    rid, before = Notice.objects.first().rid, len(relay.received)
    decide(rid, account_of(), True, None)
    send_due(story.world.clock.now())
    assert len(relay.received) == before
    assert of_kind(MessageKind.M3) == (NoticeState.TO_TELL, NoticeCode.BOUNCED)
    assert "Sa procuration est validée." in agent_of().get("/mairie/prevenir/").content.decode()
    assert was_told(rid, *PLACE, story.world.clock.now()) == 2
    assert of_kind(MessageKind.M3)[0] == NoticeState.TOLD


@pytest.mark.parametrize("status", ["5.2.2", "5.7.1", "5.0.0"])
def test_a_full_mailbox_or_a_policy_marks_the_message_and_not_the_address(
    story: Story, relay: Relay, status: str
):
    comes_back(story, report(sent(story, relay), status=status))
    assert of_kind(MessageKind.M2) == (NoticeState.TO_TELL, NoticeCode.RETURNED)
    decide(Notice.objects.first().rid, account_of(), True, None)
    assert send_due(story.world.clock.now()) == 1


def test_the_acknowledgment_of_a_request_is_on_no_town_hall_s_list(story: Story, relay: Relay):
    story.filed(1)
    send_due(story.world.clock.now())
    comes_back(story, report(relay.received[-1]["Message-ID"]))
    assert of_kind(MessageKind.M1) == (NoticeState.FAILED, NoticeCode.BOUNCED)
    assert to_tell(*PLACE) == []


def test_what_came_back_and_is_true_no_more_is_told_to_nobody(story: Story, relay: Relay):
    sent(story, relay)
    rid = Notice.objects.first().rid
    decide(rid, account_of(), False, RefusalCode.MANDANT_NON_INSCRIT)
    send_due(story.world.clock.now())
    decision = str(relay.received[-1]["Message-ID"])
    Notice.objects.filter(kind=MessageKind.M3).update(told="another state")
    comes_back(story, report(decision))
    assert of_kind(MessageKind.M3) == (NoticeState.FAILED, NoticeCode.BOUNCED)


def test_an_address_that_the_relay_refuses_at_once_is_told_by_a_person_too(story: Story, relay: Relay):
    relay.answers["RCPT"] = ["550 5.1.1 inconnue"]
    story.established(1)
    send_due(story.world.clock.now())
    assert of_kind(MessageKind.M2) == (NoticeState.TO_TELL, NoticeCode.ADDRESS_REFUSED)


def test_the_same_report_again_changes_nothing(story: Story, relay: Relay):
    data = report(sent(story, relay))
    comes_back(story, data)
    was_told(Notice.objects.first().rid, *PLACE, story.world.clock.now())
    with pytest.raises(RuleViolated, match="RETOUR_SANS_OBJET"):
        comes_back(story, data)
    assert of_kind(MessageKind.M2)[0] == NoticeState.TOLD


def test_a_message_that_has_not_left_cannot_come_back(story: Story, relay: Relay):
    story.established(1)
    notice = Notice.objects.get(kind=MessageKind.M2)
    with pytest.raises(RuleViolated, match="RETOUR_SANS_OBJET"):
        comes_back(story, report(message_id(Mark(notice.kind, notice.cause))))
    assert of_kind(MessageKind.M2)[0] == NoticeState.WAITING


def test_who_only_knows_the_hash_of_an_event_marks_nothing(story: Story, relay: Relay):
    sent(story, relay)
    cause = Notice.objects.get(kind=MessageKind.M2).cause
    for forged in (
        f"<m2.{cause}@localhost>",
        f"<m2.{cause}.{'0' * 32}@localhost>",
        "<other@example.org>",
        "<>",
    ):
        with pytest.raises(RuleViolated, match="MESSAGE_INCONNU"):
            record_return(Report(message_id=forged, status=(5, 1, 1)), story.world.clock.now())
    assert of_kind(MessageKind.M2)[0] == NoticeState.SENT


def test_the_mark_of_one_message_is_not_another_s():
    mark = Mark(2, "ab" * 32)
    assert mark_of(message_id(mark)) == mark
    assert mark_of(message_id(mark).replace("m2.", "m3.")) is None


# the mail


def test_a_delay_or_a_delivery_is_no_failure(story: Story, relay: Relay):
    for action in ("delayed", "delivered", "relayed"):
        with pytest.raises(RecordRejected, match="RAPPORT_SANS_ECHEC"):
            read_report(report("<m@x>", action=action))
    with pytest.raises(RuleViolated, match="RAPPORT_PROVISOIRE"):
        comes_back(story, report(sent(story, relay), status="4.4.1"))


def an_answer() -> bytes:
    mail = EmailMessage()
    mail["Subject"] = "Absente"
    mail.set_content("Je suis absente.")
    return mail.as_bytes()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "PAS_UN_RAPPORT"),
        (an_answer(), "PAS_UN_RAPPORT"),
        (report("<m@x>").replace(b"multipart/report", b"multipart/mixed"), "PAS_UN_RAPPORT"),
        (report("<m@x>").replace(b"Message-ID", b"X-Other"), "RAPPORT_SANS_MESSAGE"),
        (report("<m@x>").replace(b"message/delivery-status", b"text/plain"), "RAPPORT_SANS_ECHEC"),
        (report("<m@x>", status="5"), "RAPPORT_SANS_ECHEC"),
        (report("<m@x>") + b" " * REPORT_BYTES_MAX, "RAPPORT_TROP_GRAND"),
    ],
)
def test_another_mail_is_refused_with_a_code(data: bytes, code: str):
    with pytest.raises(RecordRejected, match=code):
        read_report(data)


def test_a_report_inside_the_message_that_comes_back_is_not_believed():
    inside = report("<inner@x>").decode()
    outer = (
        report("<outer@x>", form="message/rfc822").decode().replace("Subject: Votre procuration\r\n", inside)
    )
    assert read_report(outer.encode()).message_id == "<outer@x>"


def test_nested_parts_cost_no_stack_and_no_time():
    nest = "".join(f"Content-Type: multipart/report; boundary={n}\r\n\r\n--{n}\r\n" for n in range(3_000))
    with pytest.raises(RecordRejected):
        read_report(nest.encode()[:REPORT_BYTES_MAX])


# the command and the page


def run(monkeypatch, capsys, data: bytes) -> str:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    call_command("bounce")
    return capsys.readouterr().out


def test_the_command_takes_in_one_mail_and_says_nothing_of_anybody(
    story: Story, relay: Relay, monkeypatch, capsys, caplog
):
    caplog.set_level(logging.DEBUG)
    identifier = sent(story, relay)
    assert run(monkeypatch, capsys, an_answer()) == "ignored PAS_UN_RAPPORT\n"
    assert run(monkeypatch, capsys, report(identifier)).startswith("marked ")
    told = " ".join(str(vars(record)) for record in caplog.records if record.name.startswith("server"))
    assert "notice_returned" in told
    for word in ("angela", "DUBOIS", "XBQ7V3", "exemple.fr"):
        assert word not in told


def test_the_console_lists_what_came_back_and_who_tells(story: Story, relay: Relay):
    browser = administrator()
    assert "Aucune adresse en erreur" in browser.get("/console/messages/revenus/").content.decode()
    comes_back(story, report(sent(story, relay)))
    page = browser.get("/console/messages/revenus/").content.decode()
    assert "Sa mairie, pas encore" in page
    assert "ADRESSE_EN_ERREUR" in page
    assert "exemple.fr" not in page
    assert "DUBOIS" not in page


def test_the_list_costs_the_same_with_three_rows_or_thirty(story: Story, relay: Relay):
    browser, now = administrator(), story.world.clock.now()
    comes_back(story, report(sent(story, relay)))
    counts = []
    for rows in (3, 30):
        for number in range(Notice.objects.count(), rows):
            Notice.objects.create(
                kind=MessageKind.M1, cause=f"{number:064}", rid=f"{number:032}", state=NoticeState.FAILED,
                code=NoticeCode.BOUNCED, created_at=now, next_attempt_at=now,
            )  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            browser.get("/console/messages/revenus/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
