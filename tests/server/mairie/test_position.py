"""The place of a procuration among those of its mandataire (L. 73), what its town hall may read of the
others, and the message that an invalidation sends."""

import re
from dataclasses import replace

from django.db import connection
from django.test.utils import CaptureQueriesContext

from procuration.domain.refusal import RefusalCode
from server.dossiers.models import Procuration
from server.dossiers.services import decide
from server.notices.enums import MessageKind
from server.notices.letters import mail_for
from tests.builders import ANGELA, JEAN_CLAUDE
from tests.server.mairie.test_pages import page, plain
from tests.server.townhall import LIFOU, Story, account_of, agent_of

STRANGER = replace(ANGELA, birth_name="ZZSECRET")
FROM_LIFOU = replace(JEAN_CLAUDE, enrolment=LIFOU)


def card(story: Story, rid: str, username: str = "agent") -> str:
    """The part of the page about the mandataire's procurations."""
    body = plain(agent_of(username=username).get(page(rid)))
    return body[body.index('id="plafond"') : body.index('id="decision"')]


def test_r_38_one_that_is_alone_says_so_with_the_ceiling(story: Story):
    seen = card(story, story.established(1))
    assert "Le centre ne connaît que celle-ci pour ce vote." in seen
    assert "Plafond : 2 procurations, dont 1 au plus en France (article L. 73)." in seen
    assert "<table" not in seen


def test_r_39_the_rank_and_what_each_is_worth_are_shown_in_the_order_of_establishment(story: Story):
    first = story.established(1)
    second = story.established(2, mandataire=JEAN_CLAUDE)
    seen = card(story, second)
    assert "Établie au rang 2 sur 2." in seen
    assert f'href="{page(first)}"' in seen
    assert f'href="{page(second)}"' not in seen
    assert seen.index("Angela Claire Louise DUBOIS<") < seen.index("Angela Claire Louise DUBOIS C")
    assert "En France" in seen


def test_i_8_an_elector_of_another_commune_is_a_rank_and_a_date_without_a_name(story: Story):
    rid = story.established(1, mandataire=FROM_LIFOU)
    other = story.established(2, mandant=STRANGER, vote_place=LIFOU, mandataire=FROM_LIFOU)
    body = plain(agent_of().get(page(rid)))
    assert "Électeur d’une autre commune" in body
    assert "Établie au rang 1 sur 2." in body
    assert "ZZSECRET" not in body
    assert other not in body


def test_r_72_a_question_that_this_town_hall_was_asked_may_be_read_and_leads_to_its_answer(story: Story):
    rid = story.established(1)
    other = story.established(2, mandant=STRANGER, vote_place=LIFOU, mandataire=JEAN_CLAUDE)
    seen = card(story, rid)
    assert "ZZSECRET" in seen
    assert f'href="/mairie/mandataires/{other}/"' in seen


def test_what_is_only_asked_for_has_no_position(story: Story):
    assert 'id="plafond"' not in plain(agent_of().get(page(story.filed(1))))


def test_a_page_asks_the_same_number_of_questions_however_many_its_mandataire_has(story: Story):
    agent, counts = agent_of(), []
    rid = story.established(1)
    for numbers in (range(2, 4), range(4, 12)):
        for number in numbers:
            story.established(number, mandataire=JEAN_CLAUDE)
        agent.get(page(rid))
        with CaptureQueriesContext(connection) as asked:
            agent.get(page(rid))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_i_10_the_confirmation_shows_the_message_that_will_leave_word_for_word(story: Story):
    rid = story.established(1)
    shown = plain(agent_of().post(page(rid, "invalider/"), {"code": "MANDATAIRE_SANS_DROITS"}))
    decide(rid, account_of(), False, RefusalCode.MANDATAIRE_SANS_DROITS)
    one = Procuration.objects.get(rid=rid)
    letters = mail_for(MessageKind.M3, one, story.world.centre.tables).letters
    assert len(letters) == 2
    words = re.sub(r"&#x27;|&#39;", "'", shown)
    for letter in letters:
        assert f'lang="{letter.language}"' in words
        for line in (letter.subject, letter.lead, *letter.facts, *letter.paragraphs):
            assert line.replace("\xa0", " ").replace("\u202f", " ") in words


def test_an_elector_without_an_address_is_promised_no_message(story: Story):
    rid = story.established(1, email=None)
    shown = plain(agent_of().post(page(rid, "invalider/"), {"code": "MANDATAIRE_SANS_DROITS"}))
    assert "Le message qui partira" not in shown
    assert "prévenez-le" in shown
