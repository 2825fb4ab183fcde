"""By ear and five keys: a whole request, and what may never be said."""

import gc
from dataclasses import replace

import pytest

from kiosk_app.presenters.pad import PadKey
from tests.kiosk.presenters.fakes import RIGHT_CODE, Accueil, VoiceHeard
from tests.screens.five_keys import DOWN, LEFT, RIGHT, SELECT, UP, Listener, plain
from tests.screens.states import all_states, answer_until

TAB = 9


def _place(ear: Listener) -> None:
    ear.write("lao")
    assert "Laon (Aisne)" in ear.heard
    ear.press(SELECT)


ANSWER: dict[str, object] = {
    "Voter par procuration": lambda ear: ear.choose("Commencer"),
    "Vos données": lambda ear: ear.choose("J’ai compris"),
    "Lire à voix haute ici ?": lambda ear: ear.choose("Oui"),
    "Quel est votre nom de naissance ?": lambda ear: ear.write("dubois-zoé"),
    "Quels sont vos prénoms ?": lambda ear: ear.write("angèle"),
    "Quel est votre sexe à l’état civil ?": lambda ear: ear.pick("Féminin"),
    "Quelle est votre date de naissance ?": lambda ear: [ear.write(part) for part in ("24", "8", "1962")],
    "Quelle est votre adresse électronique ?": lambda ear: ear.write("a@b.fr"),
    "Dans quelle commune votez-vous ?": _place,
    "Comment désigner cette personne ?": lambda ear: ear.pick("Par son nom et ses prénoms"),
    "Quel est le nom de naissance de cette personne ?": lambda ear: ear.write("dupont"),
    "Quels sont les prénoms de cette personne ?": lambda ear: ear.write("paul"),
    "Quel est le sexe de cette personne à l’état civil ?": lambda ear: ear.pick("Masculin"),
    "Quelle est la date de naissance de cette personne ?": lambda ear: [
        ear.write(part) for part in ("22", "08", "1944")
    ],
    "Dans quelle commune vote cette personne ?": _place,
    "Pour quelles élections ?": lambda ear: ear.pick("La prochaine élection"),
    "Pour quel tour ?": lambda ear: ear.pick("Les deux tours"),
    "Vérifiez vos réponses": lambda ear: ear.choose("Valider ma demande"),
}
"""What the person does when a page begins with these words."""


@pytest.fixture
def hearing(tablet):
    """A tablet that speaks, its post open, and the ear of a person in front of it."""
    from kiosk_app.presenters.pad import ARROW_KEYS
    from kiosk_app.screens.reader import Reader

    made = []

    def attach():
        made.append(Reader(tablet.stage, tablet.world.speech, tablet.say, ARROW_KEYS))
        return made[-1]

    def start(state=None, **world):
        tablet.start(Accueil(voice=VoiceHeard(), **world))
        attach()
        (state or (lambda presenter: presenter.act("unlock", {"code": RIGHT_CODE})))(tablet.presenter)
        tablet.driver.frames(8)
        return tablet.world, Listener(tablet.driver, tablet.world.voice, tablet.say)

    start.attach = attach
    yield start
    for reader in made:
        reader.close()


def files_by_ear(ear: Listener) -> list[str]:
    """From any page to the reference; gives back the titles heard on the way."""
    titles = []
    ear.press(DOWN)  # the first key only wakes the voice
    while not any("Votre demande est enregistrée" in piece for piece in ear.heard):
        title = next(piece for piece in ear.heard if piece in ANSWER)
        titles.append(title)
        assert titles.count(title) < 3, f"« {title} » comes again and again: {ear.heard}"
        ANSWER[title](ear)
    return titles


def test_a_whole_request_is_filed_with_five_keys_and_the_ear_alone(hearing):
    world, ear = hearing()
    titles = files_by_ear(ear)
    (filed,) = world.filed
    assert (filed.mandant.birth_name, filed.mandant.given_names) == ("Dubois-Zoé", "Angèle")
    assert (filed.mandataire.birth_name, filed.email) == ("Dupont", "a@b.fr")
    assert str(filed.mandant.birth_date.year) == "1962"
    assert "Lire à voix haute ici ?" in titles
    assert any("X comme Xavier" in piece for piece in ear.heard)
    ear.choose("Terminer et effacer l’écran")
    assert ear.heard == ("Tout est effacé de cet écran. Au revoir.",)


def test_the_screen_keyboard_never_opens_while_a_pad_is_used_and_does_for_a_finger(hearing, tablet):
    _, ear = hearing(lambda presenter: answer_until(presenter, "mandant.given_names"))
    assert tablet.stage.page.keyboard_open
    ear.press(DOWN)
    ear.choose("Oui")
    ear.press(RIGHT)
    assert not tablet.stage.page.keyboard_open
    tablet.driver.tap(tablet.stage.page.text_boxes()[0])
    tablet.driver.frames(8)
    assert tablet.stage.page.keyboard_open


def test_the_question_is_asked_before_anything_personal_is_said_and_only_once(hearing):
    world, ear = hearing(lambda presenter: answer_until(presenter, ""))
    ear.press(DOWN)
    assert "Lire à voix haute ici ?" in ear.heard
    assert personal_in(world.voice.heard) == []
    ear.choose("Oui")
    assert any("Jean-Claude Bernard DUPONT" in piece for piece in ear.heard)
    ear.until("angela.dubois@exemple.fr")
    assert [plain(text) for text in world.voice.heard].count("Lire à voix haute ici ?") == 1


def test_in_a_headset_everything_is_said_without_asking(hearing):
    _, ear = hearing(lambda presenter: answer_until(presenter, ""), headset=True)
    ear.press(DOWN)
    assert "Lire à voix haute ici ?" not in ear.heard
    assert any("Jean-Claude Bernard DUPONT" in piece for piece in ear.heard)


MARKS = ("dubois", "angela", "claire louise", "24 août", "dupont", "jean-claude", "22 août", "xbq", "xavier",
         "laon", "nouméa", "12345678", "gmial", "gmail", "noum")  # fmt: skip


def personal_in(texts):
    """What holds a mark; the posts near this tablet are public, whoever stands in front of it."""
    others = [
        text for text in texts if not text.startswith(("Brigade inventée", "Commissariat inventé de Nou"))
    ]
    return [text for text in others if any(mark in plain(text).casefold() for mark in MARKS)]


def walk_over(reader):
    """Down to the last thing of the page, and into each box; no picture is drawn meanwhile."""
    for _ in reader.spots():
        reader._hand.press(PadKey.DOWN)
        if reader.here in reader.stage.page.text_boxes():
            for key in (PadKey.RIGHT, PadKey.SELECT, PadKey.SELECT, PadKey.LEFT, PadKey.LEFT, PadKey.SELECT):
                reader._hand.press(key)


def test_after_no_nothing_personal_is_said_on_any_page(hearing, tablet):
    wrong = []
    for state in all_states():
        world = state.make()
        if not isinstance(world, Accueil):
            continue
        world.voice = VoiceHeard()
        tablet.reach(replace(state, make=lambda tablet=world: tablet))
        reader = hearing.attach()
        world.speech.answer(aloud=False)
        world.speech.listen()
        walk_over(reader)
        assert world.voice.heard, state.name
        wrong += [f"{state.name}: {text}" for text in personal_in(world.voice.heard)]
        reader.close()
    assert wrong == []


def test_after_no_a_box_says_that_it_is_filled_and_letters_are_silent(hearing):
    _, ear = hearing(lambda presenter: answer_until(presenter, "mandant.given_names"))
    ear.press(DOWN)
    ear.choose("Non")
    assert "vide" in ear.heard
    ear.press(RIGHT)
    ear.press(SELECT)
    ear.press(SELECT)
    assert "rempli" in ear.heard
    ear.press(RIGHT)
    assert "casque" in ear.heard[0]


@pytest.mark.parametrize("key", [UP, DOWN, LEFT, RIGHT, SELECT, TAB, ord("a")])
def test_any_key_stops_the_voice(hearing, tablet, key):
    world, ear = hearing()
    ear.press(DOWN)
    spoke = []
    world.voice.stop = lambda: spoke.append(len(world.voice.said))
    tablet.driver.key(key)
    assert spoke[:1] == [1], "the voice stopped before anything else was said"


def test_a_finger_and_a_typed_letter_stop_the_voice(hearing, tablet):
    world, _ = hearing(lambda presenter: answer_until(presenter, "mandant.given_names"), headset=True)
    world.speech.listen()
    assert world.voice.speaking
    tablet.driver.tap(tablet.stage.page.text_boxes()[0])
    assert not world.voice.speaking or len(world.voice.said) > 1
    before = world.voice.stops
    tablet.driver.type("A")
    assert world.voice.stops > before


def test_errors_are_said_with_the_name_of_their_field(hearing):
    _, ear = hearing(lambda presenter: answer_until(presenter, "mandant.birth_name"), headset=True)
    ear.press(DOWN)
    ear.choose("Continuer")
    assert ear.heard[0] == "Quel est votre nom de naissance ?"
    assert "Il y a 1 réponse à corriger" in ear.heard
    ear.press(SELECT)  # the summary leads to its field
    assert "Quel est votre nom de naissance ?" in ear.heard
    assert "Erreur : Saisissez votre nom de naissance." in ear.heard


def test_letters_are_erased_and_read_again(hearing, tablet):
    _, ear = hearing(lambda presenter: answer_until(presenter, "mandant.birth_name"), headset=True)
    ear.press(DOWN)
    ear.press(RIGHT)
    ear.press(SELECT)
    ear.press(SELECT)
    assert ear.heard == ("a, écrit.", "A à E")
    ear._press_until(lambda: ear.heard[-1] == "relire", LEFT, "relire")
    assert ear.press(SELECT) == "A : a"
    ear._press_until(lambda: ear.heard[-1] == "effacer", RIGHT, "effacer")
    assert ear.press(SELECT) == "a, effacé."
    assert tablet.stage.page.text_boxes()[0].text == ""


def test_the_warning_before_the_wipe_is_said_and_any_key_answers_it(hearing):
    world, ear = hearing(lambda presenter: answer_until(presenter, "mandant.given_names"), headset=True)
    ear.press(DOWN)
    already = len(world.voice.said)
    world.time.pass_seconds(181)
    ear._driver.frames(8)
    warned = [plain(text) for texts in world.voice.said[already:] for text in texts]
    assert "Êtes-vous toujours là ?" in warned
    assert any("tout sera effacé" in text for text in warned)
    assert sum("toujours là" in text for text in warned) == 1, "the countdown is not read every second"
    ear.press(DOWN)
    assert "Quels sont vos prénoms ?" in ear.heard


def test_the_voice_is_set_with_five_keys_and_the_wipe_sets_it_back(hearing):
    world, ear = hearing()
    ear.press(DOWN)
    ear.choose("Affichage", UP)
    ear.until("Vitesse de la voix")
    ear.choose("Rapide", RIGHT)
    assert world.voice.settings == ("fr", "fast", "normal")
    ear.until("Volume de la voix")
    ear.choose("Haut", RIGHT)
    assert world.voice.settings == ("fr", "fast", "high")
    ear.until("Langue")
    ear.choose("English", RIGHT)
    assert world.voice.settings[0] == "en"
    ear.choose("Back to my page")
    world.speech.reset()
    assert (world.speech.on, world.speech.rate, world.speech.volume) == (False, "normal", "normal")


def test_listen_in_the_bar_reads_the_whole_page_for_a_finger(hearing, tablet):
    world, _ = hearing()
    buttons = {one.text: one for one in tablet.stage.page.bar.buttons}
    tablet.driver.tap(buttons["Écouter"])
    tablet.driver.frames(8)
    said = [plain(text) for text in world.voice.said[0]]
    assert "Voter par procuration" in said
    assert "Vous préférez le papier ? Demandez à l’accueil." in said
    assert "Commencer" in said


def test_a_tablet_that_cannot_speak_says_so_and_offers_nothing(hearing, tablet):
    world, _ = hearing()
    world.voice.available = False
    tablet.presenter.act("display", {})
    assert "ne marche pas" in tablet.stage.page.content.children[0].title
    tablet.presenter.act("display.done", {})
    assert "Écouter" not in [one.text for one in tablet.stage.page.bar.buttons]


def test_nothing_of_the_person_is_left_in_reader_or_speech_after_the_wipe(hearing, tablet):
    from tests.screens.test_fingers_and_keys import holders_of

    world, ear = hearing(lambda presenter: answer_until(presenter, "mandant.birth_name"), headset=True)
    ear.press(DOWN)
    name = "".join(("Marque", "sienne"))  # in two pieces: pytest keeps the lines of this file
    tablet.driver.type(name)
    tablet.driver.frames(8)
    assert any("m, a, r, q" in plain(text) for text in world.voice.heard)
    ear.press(UP)
    ear.press(DOWN)
    assert name in ear.heard
    tablet.presenter.act("end", {})
    tablet.driver.frames(8)
    ear.heard = ()
    world.voice.heard.clear()
    world.voice.said.clear()
    gc.collect()
    assert holders_of((name,)) == []


def test_nothing_wakes_up_by_itself_while_nobody_acts(hearing, tablet):
    from kivy.clock import Clock

    _, ear = hearing()
    ear.press(DOWN)
    tablet.driver.seconds(2)
    waiting = [event for event in Clock.get_events() if "reader" in repr(event.callback)]
    assert waiting == []


def test_every_answer_given_before_is_heard_again_when_going_back(hearing):
    _, ear = hearing(lambda presenter: answer_until(presenter, "mandant.birth_date"), headset=True)
    ear.press(DOWN)
    ear.choose("Précédent")
    assert ear.heard[-5:-2] == ("Féminin", "choix", "choisi")


def shown_line(tablet):
    return [one.text for one in tablet.stage.children if type(one).__name__ == "PadLine"]


def test_what_is_offered_to_write_is_seen_as_well_as_heard(hearing, tablet):
    _, ear = hearing(lambda presenter: answer_until(presenter, "mandant.birth_name"), headset=True)
    ear.press(DOWN)
    ear.press(RIGHT)
    assert shown_line(tablet) == [ear.heard[-1]] == ["A à E"]
    ear.press(UP)
    assert shown_line(tablet) == []


def test_a_pad_writes_without_any_voice(hearing, tablet):
    world, _ = hearing(lambda presenter: answer_until(presenter, "mandant.birth_name"))
    world.voice.available = False
    for key in (RIGHT, SELECT, SELECT):
        tablet.driver.key(key)
    assert shown_line(tablet) == ["A à E"]
    assert tablet.stage.page.text_boxes()[0].text == "A"
    assert world.voice.heard == []
