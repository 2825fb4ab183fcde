"""Every page about the register's answers, the messages and the addresses that do not work."""

from collections.abc import Iterator

from procuration.domain.refusal import RefusalCode
from server.dossiers.models import Procuration
from server.notices.enums import NoticeCode, NoticeState
from server.notices.models import Notice
from server.notices.returned import leave_to_a_person
from server.register.asking import ask_register
from tests.browser.scene import Scene, Stage, scene
from tests.server.register.test_register import Answers, at_laon, people
from tests.server.registers.conftest import copies
from tests.server.townhall import LAON

REASONS = (
    RefusalCode.MANDATAIRE_INTROUVABLE,
    RefusalCode.MANDATAIRE_SANS_DROITS,
    RefusalCode.PLAFOND_DEPASSE,
)


def _answered(stage: Stage) -> Iterator[str]:
    for number, code in enumerate(REASONS, 1):
        email = {"email": None} if code is RefusalCode.MANDATAIRE_SANS_DROITS else {}
        rid = at_laon(stage.story, number, **people(number), **email)
        ask_register(stage.story.world.centre, Answers({rid: code}))
        yield rid


@scene("mairie:register_refusals", "mairie:tell")
def a_town_hall_sees_what_the_register_refused(stage: Stage) -> None:
    stage.is_agent(LAON, "agent-laon")
    stage.goes_to("/mairie/repertoire/", "refusees-repertoire-vide")
    rids = list(_answered(stage))
    stage.goes_to("/mairie/repertoire/", "refusees-repertoire")
    stage.goes_to("/mairie/repertoire/?raison=PLAFOND_DEPASSE", "refusees-repertoire-une-raison")
    returned = Notice.objects.filter(rid=rids[0], kind=3).get()
    leave_to_a_person(returned, Procuration.objects.get(rid=rids[0]), NoticeCode.BOUNCED)
    stage.goes_to("/mairie/prevenir/", "a-prevenir-adresse-en-erreur")
    copies(rids[2], 60)
    stage.goes_to("/mairie/repertoire/?page=2", "refusees-repertoire-longue")


@scene("console:register", "console:returned", "console:previews", "console:preview")
def an_administrator_looks_at_the_register_and_the_messages(stage: Stage) -> None:
    stage.is_administrator()
    stage.goes_to("/console/repertoire/", "console-repertoire-vide")
    stage.goes_to("/console/messages/revenus/", "console-revenus-vide")
    list(_answered(stage))
    at_laon(stage.story, 3 + 1, **people(3))
    Notice.objects.filter(kind=2).update(state=NoticeState.TO_TELL, code=NoticeCode.BOUNCED)
    Notice.objects.filter(kind=1).update(state=NoticeState.FAILED, code=NoticeCode.ADDRESS_REFUSED)
    stage.goes_to("/console/repertoire/", "console-repertoire")
    stage.goes_to("/console/messages/revenus/", "console-revenus")
    stage.goes_to("/console/messages/apercu/", "console-apercu")
    stage.goes_to("/console/messages/apercu/m3-repertoire-refusee/", "console-apercu-un")


SCENES: tuple[Scene, ...] = (
    a_town_hall_sees_what_the_register_refused,
    an_administrator_looks_at_the_register_and_the_messages,
)
