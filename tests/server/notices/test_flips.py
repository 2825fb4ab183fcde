"""What mandants are told when the worth of their procuration changes: once for each change, and nothing while
a person decides."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from procuration.domain.acts import Act, ActDecision, ActPlace, ActPlaceKind
from procuration.domain.facts import FactCode, Revocation, RevocationSubject, Ruling, RulingOutcome
from procuration.domain.identifiers import EventHash, Rid
from procuration.domain.refusal import RefusalCode
from procuration.domain.status import Status
from procuration.domain.validity import OneScrutin, Rounds
from procuration.record.act import sign_act
from server.dossiers.facts import answer_for_mandataire, record_fact
from server.dossiers.models import Procuration
from server.dossiers.rebuilding import rebuild_all
from server.dossiers.refolding import refold
from server.dossiers.services import decide
from server.ledger.known import Known
from server.ledger.own_log import Entry, append, lock_own_log
from server.notices.enums import MessageKind, NoticeCode, NoticeState
from server.notices.models import Notice
from server.notices.outbox import RIPENING
from server.notices.services import is_to_tell, send_due, to_tell, was_told
from tests import builders
from tests.builders import ANGELA, JEAN_CLAUDE, NOW, SCRUTIN_ID
from tests.server.centre import Tablet
from tests.server.notices.conftest import Relay
from tests.server.townhall import LIFOU, NOUMEA, Story, account_of

ONE_ROUND = OneScrutin(scrutin_id=SCRUTIN_ID, rounds=Rounds.FIRST)
FROM_LIFOU = replace(JEAN_CLAUDE, enrolment=LIFOU)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def rebuilt(story: Story):
    """Whatever a story did, the ledger alone says the same, and tells nobody anything."""
    yield
    before = Notice.objects.count()
    assert rebuild_all(story.world.centre, lambda _: None).differed == 0
    assert Notice.objects.count() == before


def status(rid: str) -> Status:
    return Status(Procuration.objects.get(rid=rid).status)


def subjects(story: Story, relay: Relay) -> list[str]:
    """What leaves now."""
    before = len(relay.received)
    story.world.clock.at += timedelta(minutes=1)
    send_due(story.world.clock.now())
    return [plain(mail["Subject"]) for mail in relay.received[before:]]


def plain(words: str) -> str:
    return words.replace("\u202f", " ").replace("\xa0", " ")


def last_text(relay: Relay) -> str:
    return plain(relay.received[-1].get_body(("plain",)).get_content())


class Late:
    """A procuration drawn up first on a tablet that had no network: it arrives when the test says so."""

    def __init__(self, story: Story, number: int = 9, **changes: object) -> None:
        self.story, self.number = story, number
        self.tablet = story.other_brigade()
        story.filed(number, **{"mandataire": JEAN_CLAUDE, **changes})
        story.brigade.wall = NOW + HOUR  # the one that it displaces is drawn up an hour later
        story.proves_the_clock(story.brigade)
        self.tablet.acts(story.requests[number], story.officer, number)
        story.proves_the_clock(self.tablet)

    def arrives(self) -> str:
        self.story.world.hears(self.tablet)
        return builders.rid(self.number).hex()


def accepted_after(story: Story, relay: Relay, **changes: object) -> str:
    """A procuration drawn up later, its clock proved, received and accepted; its messages have left."""
    story.world.clock.at = NOW + 2 * HOUR
    rid = story.established(1, **changes)
    story.proves_the_clock(story.brigade)
    story.world.hears(story.brigade)
    decide(rid, account_of(), True, None)
    subjects(story, relay)
    return rid


def test_r_44_the_displaced_mandant_is_told_once_and_why(story: Story, relay: Relay):
    late = Late(story)
    displaced = accepted_after(story, relay)
    assert status(displaced) is Status.VALIDEE
    late.arrives()
    assert status(displaced) is Status.NULLE_L73
    assert "Votre procuration XBQ 7V3 n’est pas valable" in subjects(story, relay)
    texts = [plain(mail.get_body(("plain",)).get_content()) for mail in relay.received]
    told = next(text for text in texts if "n’est plus valable" in text)
    assert "une procuration plus ancienne est arrivée depuis" in told
    assert "article L. 73" in told
    assert Notice.objects.filter(kind=MessageKind.M4).count() == 1
    story.world.hears(late.tablet, 0)
    assert subjects(story, relay) == []


def test_r_44_a_mandant_whose_procuration_stands_again_is_told(story: Story, relay: Relay):
    late = Late(story)
    displaced = accepted_after(story, relay)
    first = late.arrives()
    subjects(story, relay)
    decide(first, account_of(), False, RefusalCode.MANDANT_NON_INSCRIT)
    assert status(displaced) is Status.VALIDEE
    assert "Votre procuration XBQ 7V3 est de nouveau valable" in subjects(story, relay)
    assert subjects(story, relay) == []


def test_r_44_a_mandant_displaced_twice_is_told_each_time(story: Story, relay: Relay):
    late = Late(story, mandataire=FROM_LIFOU)
    displaced = accepted_after(story, relay)
    first = late.arrives()
    subjects(story, relay)
    seen = []
    for answer in (RefusalCode.PLAFOND_DEPASSE, None, RefusalCode.PLAFOND_DEPASSE):
        story.world.clock.at += HOUR
        answer_for_mandataire(first, account_of(LIFOU), answer)
        subjects(story, relay)
        seen.append(status(displaced))
    assert seen == [Status.VALIDEE, Status.NULLE_L73, Status.VALIDEE]
    of_it = Notice.objects.filter(rid=displaced).order_by("id")
    assert [one.kind for one in of_it if one.kind > MessageKind.M2] == [3, 4, 9, 4, 9]
    assert not of_it.filter(kind__gt=2).exclude(state=NoticeState.SENT).exists()


def test_r_44_what_changed_twice_before_the_relay_answered_is_told_as_it_stands(story: Story, relay: Relay):
    late = Late(story)
    displaced = accepted_after(story, relay)
    first = late.arrives()
    decide(first, account_of(), False, RefusalCode.MANDANT_NON_INSCRIT)
    subjects(story, relay)
    untold = Notice.objects.filter(rid=displaced, kind=MessageKind.M4).values_list("state", "code")
    assert list(untold) == [(NoticeState.DROPPED, NoticeCode.OVERTAKEN)]
    sent = Notice.objects.filter(rid=displaced, kind__gt=MessageKind.M2, state=NoticeState.SENT)
    assert list(sent.values_list("kind", flat=True)) == [MessageKind.M3]


def test_an_acceptance_not_sent_yet_when_a_doubt_comes_leaves_once_it_is_settled(story: Story, relay: Relay):
    first = story.established(1)
    decide(first, account_of(), True, None)
    second = story.filed(2, mandataire=JEAN_CLAUDE)
    tablet = story.world.brigade("unproved")
    tablet.enrols(story.officer)
    tablet.acts(story.requests[2], story.officer, 2)
    story.world.hears(tablet)
    assert "Votre procuration XBQ 7V3 est validée" not in subjects(story, relay)
    rule(story, first, second)
    assert "Votre procuration XBQ 7V3 est validée" in subjects(story, relay)


def test_r_44_a_displacement_is_told_once_nothing_can_put_it_in_doubt_any_more(story: Story, relay: Relay):
    late = Late(story)
    displaced = accepted_after(story, relay)
    late.arrives()
    send_due(story.world.clock.now())
    assert Notice.objects.get(rid=displaced, kind=MessageKind.M4).state == NoticeState.WAITING
    story.world.clock.at += RIPENING
    send_due(story.world.clock.now())
    assert Notice.objects.get(rid=displaced, kind=MessageKind.M4).state == NoticeState.SENT


def test_r_44_a_round_that_is_lost_is_told_with_the_rounds_that_are_kept(story: Story, relay: Relay):
    late = Late(story, validity=ONE_ROUND)
    displaced = accepted_after(story, relay)
    late.arrives()
    assert status(displaced) is Status.VALIDEE
    assert "Votre procuration XBQ 7V3 ne vaut plus pour toutes les dates" in subjects(story, relay)
    texts = [plain(mail.get_body(("plain",)).get_content()) for mail in relay.received]
    told = next(text for text in texts if "ne vaut plus pour toutes" in text)
    assert "Ne vaut pas pour : 1er tour, dimanche 11 avril 2027." in told


def test_r_59_a_request_over_the_ceiling_is_rejected_and_the_mandant_told(story: Story, relay: Relay):
    story.established(1)
    second = story.established(2, mandataire=JEAN_CLAUDE)
    assert status(second) is Status.NULLE_L73
    kinds = Notice.objects.filter(rid=second).order_by("id").values_list("kind", flat=True)
    assert list(kinds) == [MessageKind.M1, MessageKind.M2, MessageKind.M4]
    subjects(story, relay)
    assert "Votre demande est rejetée" in last_text(relay)
    assert "a déjà le nombre de procurations permis par la loi" in last_text(relay)


def test_r_59_without_an_address_the_mayor_tells_and_says_so(story: Story, relay: Relay):
    story.established(1)
    second = story.established(2, mandataire=JEAN_CLAUDE, email=None)
    notice = Notice.objects.get(rid=second)
    assert (notice.kind, notice.state) == (MessageKind.M5, NoticeState.TO_TELL)
    subjects(story, relay)
    assert Notice.objects.get(rid=second).state == NoticeState.TO_TELL
    place = (NOUMEA.code, NOUMEA.type)
    assert [one.rid for _, one in to_tell(*place)] == [second]
    assert was_told(second, LIFOU.code, LIFOU.type, NOW) == 0
    assert (was_told(second, *place, NOW), was_told(second, *place, NOW)) == (1, 0)
    assert not is_to_tell(second)


def test_r_59_what_the_mayor_had_to_tell_is_dropped_when_it_is_true_no_more(story: Story):
    first = story.established(1)
    second = story.established(2, mandataire=JEAN_CLAUDE, email=None)
    decide(first, account_of(), False, RefusalCode.MANDANT_NON_INSCRIT)
    states = Notice.objects.filter(rid=second).values_list("kind", "state")
    assert list(states) == [(MessageKind.M5, NoticeState.DROPPED)]


def test_r_59_an_elector_whom_the_mayor_told_is_told_again_when_it_counts_again(story: Story):
    first = story.established(1)
    second = story.established(2, mandataire=JEAN_CLAUDE, email=None)
    was_told(second, NOUMEA.code, NOUMEA.type, NOW)
    decide(first, account_of(), False, RefusalCode.MANDANT_NON_INSCRIT)
    states = Notice.objects.filter(rid=second).order_by("id").values_list("kind", "state")
    assert list(states) == [
        (MessageKind.M5, NoticeState.TOLD),
        (MessageKind.AGAIN, NoticeState.TO_TELL),
    ]


def test_r_51_the_mandant_is_told_that_the_procuration_is_void(story: Story, relay: Relay):
    rid = story.established(1)
    subjects(story, relay)
    record_fact(rid, account_of(), FactCode.MANDATAIRE_DEAD, date(2027, 4, 1))
    assert subjects(story, relay) == ["Votre procuration XBQ 7V3 est annulée"]
    assert "article L. 77" in last_text(relay)


def test_r_51_without_an_address_the_mayor_tells(story: Story):
    rid = story.established(1, email=None)
    record_fact(rid, account_of(), FactCode.MANDATAIRE_WITHOUT_RIGHTS, date(2027, 4, 1))
    assert Notice.objects.get(rid=rid, kind=MessageKind.M6).state == NoticeState.TO_TELL


def test_r_52_nobody_writes_to_a_mandant_who_is_dead(story: Story, relay: Relay):
    rid = story.established(1)
    subjects(story, relay)
    record_fact(rid, account_of(), FactCode.MANDANT_DEAD, date(2027, 4, 1))
    assert status(rid) is Status.ANNULEE_L77
    assert subjects(story, relay) == []


def test_r_50_a_vote_is_told_to_nobody(story: Story, relay: Relay):
    rid = story.established(1, validity=ONE_ROUND)
    decide(rid, account_of(), True, None)
    subjects(story, relay)
    story.world.clock.at = NOW + timedelta(days=10)
    record_fact(rid, account_of(), FactCode.MANDATAIRE_VOTED, date(2027, 4, 11))
    assert status(rid) is Status.UTILISEE
    assert subjects(story, relay) == []


def revoked(story: Story, tablet: Tablet, number: int = 1) -> None:
    """The mandant comes back before the officer and ends the procuration."""
    mandant = builders.people(number)["mandant"]
    drawn_up = Act(
        rid=builders.rid(number),
        filed_hash=EventHash(bytes(32)),
        decision=ActDecision.REVOKED,
        refusal_code=None,
        identity_document=builders.IdentityDocument.PASSPORT,
        wall=tablet.wall,
        directory_version=tablet.directory_version,
        log_id=tablet.log_id,
        seq=tablet.head.next_seq,
        place=ActPlace(kind=ActPlaceKind.UNIT, site_id=None, insee_code="98805"),
        declarations=builders.REQUIRED_TO_ESTABLISH,
        authority=builders.OFFICER,
        confirms=None,
    )
    subject = RevocationSubject(rid=builders.rid(number), mandant=mandant, vote_place=NOUMEA, validity=None)
    content = Revocation(signed_act=sign_act(drawn_up, story.officer, tablet.realm), subject=subject)
    tablet.records(content, rid=builders.rid(number), wall=drawn_up.wall)


def test_r_46_a_resiliation_is_confirmed(story: Story, relay: Relay):
    rid = story.established(1)
    subjects(story, relay)
    revoked(story, story.brigade)
    story.world.hears(story.brigade)
    assert status(rid) is Status.RESILIEE
    assert subjects(story, relay) == ["Votre procuration XBQ 7V3 est résiliée"]
    assert "Vous avez résilié cette procuration." in last_text(relay)


def test_r_72_a_refusal_of_the_other_town_hall_is_told_and_so_is_its_change_of_mind(
    story: Story, relay: Relay
):
    rid = story.established(1, mandataire=FROM_LIFOU)
    decide(rid, account_of(), True, None)
    assert subjects(story, relay) == ["Récépissé de votre procuration XBQ 7V3"]  # accepted, but it waits
    answer_for_mandataire(rid, account_of(LIFOU), RefusalCode.MANDATAIRE_SANS_DROITS)
    assert subjects(story, relay) == ["Votre procuration XBQ 7V3 n’est pas validée"]
    assert "Votre procuration n’est pas valable." in last_text(relay)
    assert "ne peut pas voter à votre place" in last_text(relay)
    story.world.clock.at += HOUR
    answer_for_mandataire(rid, account_of(LIFOU), None)
    assert subjects(story, relay) == ["Votre procuration XBQ 7V3 est de nouveau valable"]


def in_doubt(story: Story) -> tuple[str, str]:
    """Two tablets whose clocks nothing proves: nobody can say which procuration came first (R-43)."""
    first = story.established(1)
    second = story.filed(2, mandataire=JEAN_CLAUDE)
    tablet = story.world.brigade("unproved")
    tablet.enrols(story.officer)
    tablet.wall = NOW + timedelta(seconds=7)
    tablet.acts(story.requests[2], story.officer, 2)
    story.world.clock.at += timedelta(minutes=1)
    story.world.hears(tablet)
    return first, second


def rule(story: Story, first: str, second: str) -> None:
    """A person says which one stands."""
    centre = story.world.centre
    acts = tuple(
        EventHash(bytes.fromhex(Procuration.objects.get(rid=rid).act_hash)) for rid in (first, second)
    )
    ruling = Ruling(
        decided_on=acts,
        outcome=RulingOutcome.FIRST_STANDS,
        reason="Vu le registre de l’unité.",
        account=account_of().in_records(),
    )
    entries = [Entry(ruling, Rid(bytes.fromhex(rid))) for rid in (first, second)]
    events = append(centre, lock_own_log(centre), entries, centre.clock.now())
    refold(Known(centre), {str(event.rid): [event] for event in events}, centre.clock.now())


def test_r_43_what_waits_for_a_person_tells_nobody_anything(story: Story, relay: Relay):
    in_doubt_rids = in_doubt(story)
    assert {status(rid) for rid in in_doubt_rids} == {Status.EN_ATTENTE_HUMAINE}
    assert not Notice.objects.filter(kind__gt=MessageKind.M2).exists()
    rule(story, *in_doubt_rids)
    assert [status(rid) for rid in in_doubt_rids] == [Status.TRANSMISE, Status.NULLE_L73]
    told = Notice.objects.filter(kind__gt=MessageKind.M2)
    assert [(one.rid, one.kind) for one in told] == [(in_doubt_rids[1], MessageKind.M4)]


def test_r_43_who_was_told_of_an_acceptance_is_not_told_again_after_a_doubt(story: Story, relay: Relay):
    first = story.established(1)
    decide(first, account_of(), True, None)
    subjects(story, relay)
    second = story.filed(2, mandataire=JEAN_CLAUDE)
    tablet = story.world.brigade("unproved")
    tablet.enrols(story.officer)
    tablet.acts(story.requests[2], story.officer, 2)
    story.world.hears(tablet)
    assert status(first) is Status.EN_ATTENTE_HUMAINE
    rule(story, first, second)
    assert status(first) is Status.VALIDEE
    assert Notice.objects.filter(rid=first, kind__gt=MessageKind.M2).count() == 1


def test_a_message_about_a_change_names_neither_the_mandant_nor_the_mandataire(story: Story, relay: Relay):
    late = Late(story)
    accepted_after(story, relay)
    first = late.arrives()
    subjects(story, relay)
    decide(first, account_of(), False, RefusalCode.MANDANT_NON_INSCRIT)
    subjects(story, relay)
    record_fact(builders.rid(1).hex(), account_of(), FactCode.MANDATAIRE_DEAD, date(2027, 4, 1))
    subjects(story, relay)
    assert {one.kind for one in Notice.objects.filter(state=NoticeState.SENT)} >= {3, 4, 6, 9}
    for mail in relay.received:
        text = plain(mail.get_body(("plain",)).get_content())
        html = mail.get_body(("html",)).get_content()
        for word in (ANGELA.birth_name, "Angela", JEAN_CLAUDE.birth_name, "Jean-Claude", "1962", "1944"):
            assert word not in text + html + mail["Subject"]


def test_r_43_a_doubt_that_comes_after_the_acceptance_is_told_to_nobody(story: Story, relay: Relay):
    unproved = story.world.brigade("unproved")
    unproved.enrols(story.officer)
    story.filed(9, mandataire=JEAN_CLAUDE)
    story.brigade.wall = NOW + HOUR
    story.proves_the_clock(story.brigade)
    accepted = accepted_after(story, relay)
    unproved.acts(story.requests[9], story.officer, 9)  # an hour earlier, by its own word only
    story.world.hears(unproved)
    assert status(accepted) is Status.EN_ATTENTE_HUMAINE
    subjects(story, relay)
    told = Notice.objects.filter(rid=accepted, kind__gt=MessageKind.M2).order_by("id")
    assert list(told.values_list("kind", "state")) == [(MessageKind.M3, NoticeState.SENT)]
