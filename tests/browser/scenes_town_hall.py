"""Every page of a town hall: with nothing, with one procuration, with several; refused, confirmed, done."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from selenium.webdriver.common.by import By

from procuration.domain.facts import FactCode
from procuration.domain.people import PartialDate, Person, Sex
from procuration.domain.refusal import RefusalCode
from procuration.domain.validity import OneScrutin, Period, Rounds
from server.dossiers import facts, services
from server.dossiers.models import Procuration
from tests.browser.scene import Scene, Stage, scene
from tests.builders import JEAN_CLAUDE, NOUMEA, NOW, SCRUTIN_ID
from tests.server.mairie.test_paper import FORM
from tests.server.registers.conftest import copies, decides, somebody
from tests.server.townhall import LIFOU, account_of

POLLING = datetime(2027, 4, 10, 23, tzinfo=UTC)
"""The poll of Nouméa has opened, by its own clock."""
LONG = Person(
    birth_name="WAMYTAN DE LA TOUR D’AUVERGNE-LAURAGUAIS KAWIDRONE ʻĀPETO",
    given_names="Marie-Joséphine Élisabeth Anne-Françoise Œdipe Žofie Clémentine",
    used_name="DE SAINT-ÉTIENNE-DU-ROUVRAY",
    sex=Sex.FEMALE,
    birth_date=PartialDate(1931, 0, 0),
)
FROM_LIFOU = replace(JEAN_CLAUDE, enrolment=LIFOU)


@scene("mairie:waiting", "mairie:history", "mairie:procuration", "mairie:validate", "mairie:result")
def a_town_hall_validates(stage: Stage) -> None:
    stage.is_agent()
    stage.goes_to("/mairie/", "liste-vide")
    stage.goes_to("/mairie/decisions/", "decisions-vide")
    stage.story.established(1)
    stage.goes_to("/mairie/", "liste-une")
    stage.presses("Examiner")
    stage.shows("procuration")
    stage.presses("Valider la procuration")
    stage.shows("valider")
    stage.presses("Valider la procuration")
    stage.shows("resultat-validee")
    stage.goes_to("/mairie/decisions/", "decisions-une")
    unfinished = stage.story.filed(9, mandant=LONG)
    stage.goes_to(f"/mairie/procurations/{unfinished}/", "procuration-pas-etablie")


@scene("mairie:waiting", "mairie:history", "mairie:procuration", "mairie:invalidate", "mairie:result")
def a_town_hall_invalidates(stage: Stage) -> None:
    story = stage.story
    stage.is_agent()
    story.established(1)
    rid = story.established(2, reference=None, mandant=LONG, email=None)
    story.established(3, mandataire=FROM_LIFOU)
    story.world.clock.at = datetime(2027, 4, 11, 3, tzinfo=UTC)
    stage.goes_to("/mairie/", "liste-urgente")
    page = f"/mairie/procurations/{rid}/"
    stage.goes_to(page, "procuration-noms-longs")
    stage.goes_to(f"{page}invalider/", "invalider")
    stage.presses("Continuer")
    stage.shows("invalider-erreur", 422)
    stage.chooses("Une procuration existe déjà")
    stage.presses("Continuer")
    stage.shows("invalider-confirmer")
    services.decide(rid, account_of(), True, None)  # a colleague was faster
    stage.presses("Invalider la procuration")
    stage.shows("decision-deja-prise", 409)
    other = story.established(4)
    stage.opens(f"/mairie/procurations/{other}/invalider/")
    stage.chooses("Le mandataire a déjà trop de procurations")
    stage.presses("Continuer")
    stage.presses("Invalider la procuration")
    stage.shows("resultat-invalidee")
    stage.goes_to(f"/mairie/procurations/{other}/", "procuration-invalidee")
    copies(story.established(5), 60)
    stage.goes_to("/mairie/", "liste-longue")
    Procuration.objects.filter(rid__startswith="0" * 28).delete()
    copies(other, 60)
    stage.goes_to("/mairie/decisions/?page=2", "decisions-longue")


@scene("mairie:waiting", "mairie:search", "mairie:batch", "mairie:batch_result")
def a_town_hall_works_through_its_list(stage: Stage) -> None:
    story = stage.story
    stage.is_agent()
    stage.opens("/mairie/")
    stage.fills(nom="Zola")
    stage.presses("Rechercher")
    stage.shows("recherche-aucune")
    stage.fills(nom="")
    stage.presses("Rechercher")
    stage.shows("recherche-erreur", 422)
    for number, name in enumerate(("Dubois", "Éluard", "Zola"), start=1):
        story.established(number, mandant=somebody(name))
    story.established(4, mandant=somebody("Zola", "Denise"), mandataire=FROM_LIFOU)
    stage.fills(nom="Zola")
    stage.presses("Rechercher")
    stage.shows("recherche")
    stage.goes_to("/mairie/?avis=attendu", "liste-filtree")
    stage.goes_to("/mairie/?connexion=3", "liste-filtree-vide")
    stage.goes_to("/mairie/?cocher=simples", "liste-cochee")
    for box in stage.browser.find_elements(By.NAME, "rid"):
        if not box.is_selected():
            box.click()
    stage.sends("main form[action$='valider-ensemble/'] button[type=submit]")
    stage.shows("valider-ensemble")
    stage.sends("main form[method=post] button[type=submit]")
    stage.shows("valider-ensemble-resultat")


@scene("mairie:procuration", "mairie:vote", "mairie:fact", "mairie:tell")
def a_town_hall_records_what_happened(stage: Stage) -> None:
    story = stage.story
    stage.is_agent()
    stage.goes_to("/mairie/prevenir/", "a-prevenir-vide")
    rid = story.established(2, reference=None, mandant=LONG, email=None)
    stage.goes_to(f"/mairie/procurations/{rid}/fait/", "fait")
    stage.presses("Continuer")
    stage.shows("fait-erreurs", 422)
    stage.chooses("Le mandataire est décédé")
    stage.fills(day="2027-03-30")
    stage.presses("Continuer")
    stage.shows("fait-confirmer")
    stage.presses("Enregistrer")
    stage.shows("procuration-annulee")
    stage.presses("Électeur à prévenir")
    stage.shows("a-prevenir")
    stage.presses("L’électeur est prévenu")
    stage.shows("a-prevenir-fait")
    stage.presses("Pas encore prévenu")
    stage.shows("a-prevenir-de-nouveau")
    voter = story.established(1)
    story.world.clock.at = POLLING
    stage.is_agent()
    stage.goes_to(f"/mairie/procurations/{voter}/", "procuration-jour-du-vote")
    stage.presses("A voté…")
    stage.shows("vote")
    stage.presses("Continuer")
    stage.shows("vote-erreurs", 422)
    stage.chooses("L’électeur a voté lui-même")
    stage.presses("Continuer")
    stage.shows("vote-confirmer")
    stage.presses("Enregistrer")
    stage.shows("vote-enregistre")
    stage.presses("A voté…")
    stage.chooses("Le mandataire a voté")
    stage.presses("Continuer")
    stage.presses("Enregistrer")
    stage.shows("vote-refuse", 409)


@scene("mairie:procuration", "mairie:withdraw")
def a_town_hall_takes_a_mention_back(stage: Stage) -> None:
    story = stage.story
    rid = story.established(1, mandant=LONG)
    facts.record_fact(rid, account_of(), FactCode.MANDATAIRE_DEAD, NOW.date())
    facts.record_fact(story.established(2), account_of(), FactCode.MANDANT_DEAD, NOW.date())
    rival = story.established(3, mandataire=JEAN_CLAUDE)
    stage.is_agent()
    stage.goes_to(f"/mairie/procurations/{rival}/", "mention-ailleurs")
    stage.presses("Ouvrir cette procuration")
    stage.shows("mention")
    stage.presses("Retirer cette mention")
    stage.shows("retirer")
    stage.presses("Continuer")
    stage.shows("retirer-erreur", 422)
    stage.fills(reason="Homonyme né le même jour")
    stage.presses("Continuer")
    stage.shows("retirer-confirmer")
    stage.presses("Retirer la mention")
    stage.shows("mention-retiree")


@scene("mairie:asked", "mairie:answer", "mairie:procuration")
def a_town_hall_answers_another(stage: Stage) -> None:
    story = stage.story
    stage.is_agent(LIFOU, "agent-lifou")
    stage.goes_to("/mairie/mandataires/", "mandataires-vide")
    first = story.established(1, mandataire=FROM_LIFOU)
    story.established(2, mandataire=FROM_LIFOU, mandant=LONG)
    story.established(3, mandataire=replace(FROM_LIFOU, birth_name="OUNEI"))
    stage.goes_to("/mairie/mandataires/", "mandataires")
    stage.presses("Répondre")
    stage.shows("mandataire")
    stage.presses("Continuer")
    stage.shows("mandataire-erreur", 422)
    stage.chooses("Le mandataire a déjà trop de procurations")
    stage.presses("Continuer")
    stage.shows("mandataire-confirmer")
    stage.presses("Envoyer la réponse")
    stage.shows("mandataires-repondu")
    stage.is_agent()
    stage.goes_to(f"/mairie/procurations/{first}/", "procuration-avis-attendu")


@scene("mairie:procuration")
def a_procuration_says_what_it_is_worth(stage: Stage) -> None:
    story = stage.story
    story.established(1, validity=OneScrutin(scrutin_id=SCRUTIN_ID, rounds=Rounds.FIRST))
    partly = story.established(2, mandataire=JEAN_CLAUDE)
    displaced = story.established(3, mandataire=JEAN_CLAUDE)
    stage.is_agent()
    stage.goes_to(f"/mairie/procurations/{partly}/", "procuration-partielle")
    stage.goes_to(f"/mairie/procurations/{displaced}/", "procuration-deplacee")


@scene("mairie:paper", "mairie:procuration")
def a_town_hall_keys_in_a_paper_form(stage: Stage) -> None:
    stage.story.established(1)
    stage.is_agent()
    stage.goes_to("/mairie/formulaire/", "formulaire")
    stage.presses("Vérifier")
    stage.shows("formulaire-erreurs", 422)
    same = FORM | {"mandant_birth_name": "DUBOIS", "mandant_given_names": "Angela Claire Louise"}
    communes = ("mandataire_place_choix", "insee_choix")
    stage.fills(**{name: value for name, value in same.items() if name not in ("rid", *communes)})
    stage.presses("Chercher la commune")
    stage.shows("formulaire-communes")
    stage.fills(**{name: same[name] for name in communes})
    stage.presses("Vérifier")
    stage.shows("formulaire-confirmer")
    stage.presses("Enregistrer le formulaire")
    stage.shows("formulaire-enregistre")


@scene("registers:polls", "registers:register")
def a_town_hall_prepares_its_registers(stage: Stage) -> None:
    story = stage.story
    page = "/mairie/registres/2027-04-11/1/"
    stage.is_agent()
    stage.goes_to("/mairie/registres/", "registres-vides")
    stage.goes_to(f"{page}public/", "registre-vide")
    today = story.world.clock.now().date()
    decides(story.established(1))
    decides(story.established(2, mandant=LONG, reference=None), False, RefusalCode.PLAFOND_DEPASSE)
    period = Period(first_day=today, last_day=today + timedelta(days=300))
    decides(story.established(3, mandant=somebody("ÉLUARD", "Émile"), validity=period))
    story.established(4, mandant=somebody("ZOLA", "Émile"))
    stage.goes_to("/mairie/registres/", "registres")
    for kind in ("public", "interne", "emargement"):
        stage.goes_to(f"{page}{kind}/", f"registre-{kind}")


SCENES: tuple[Scene, ...] = (
    a_town_hall_validates,
    a_town_hall_invalidates,
    a_town_hall_works_through_its_list,
    a_town_hall_records_what_happened,
    a_town_hall_takes_a_mention_back,
    a_town_hall_answers_another,
    a_procuration_says_what_it_is_worth,
    a_town_hall_keys_in_a_paper_form,
    a_town_hall_prepares_its_registers,
)
assert NOUMEA.code == "98818", "the registers and the forms above are Nouméa's"
