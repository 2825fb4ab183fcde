"""What one person hears, and what nobody may hear."""

import pytest

from kiosk_app.languages import wording
from kiosk_app.presenters.pad import ARROW_KEYS, PadKey, UnknownPad, read_pad
from kiosk_app.presenters.speech import UTTERANCES_MAX, Speech
from kiosk_app.presenters.spoken import Element, Utterance, element_said, page_said
from tests.kiosk.presenters.fakes import RIGHT_CODE, Accueil, VoiceHeard

NAME = Utterance("DUBOIS", personal=True, instead="rempli")


@pytest.fixture
def voice():
    return VoiceHeard()


@pytest.fixture
def asked():
    return []


@pytest.fixture
def speech(voice, asked):
    speech = Speech(voice, wording())
    speech.ask_with(lambda: asked.append(True))
    speech.switch(on=True)
    return speech


def test_nothing_is_said_before_the_voice_is_on(voice):
    Speech(voice, wording()).tell([Utterance("Bonjour")])
    assert voice.heard == []


def test_what_is_personal_waits_for_the_answer_with_all_that_stands_beside_it(speech, voice, asked):
    speech.tell([Utterance("Nom"), NAME])
    assert (voice.heard, asked) == ([], [True])


def test_yes_is_asked_once_and_says_the_value(speech, voice, asked):
    speech.answer(aloud=True)
    speech.tell([NAME])
    assert (voice.heard, asked) == (["DUBOIS"], [])


def test_no_says_that_the_box_is_filled(speech, voice):
    speech.answer(aloud=False)
    speech.tell([Utterance("Nom"), NAME, Utterance("secret", personal=True)])
    assert voice.heard == ["Nom", "rempli"]


def test_a_headset_needs_no_answer_and_pulling_it_out_does(voice, asked):
    plugged = [True]
    speech = Speech(voice, wording(), lambda: plugged[0])
    speech.ask_with(lambda: asked.append(True))
    speech.switch(on=True)
    speech.tell([NAME])
    plugged[0] = False
    speech.tell([NAME])
    assert (voice.heard, asked) == (["DUBOIS"], [True])


def test_the_wipe_forgets_the_answer_and_the_settings_and_says_only_that_all_is_erased(speech, voice, asked):
    speech.answer(aloud=True)
    speech.tell([NAME])
    speech.reset()
    assert voice.heard == ["DUBOIS", "Tout est effacé de cet écran. Au revoir."]
    speech.tell([NAME])
    speech.switch(on=True)
    speech.tell([NAME])
    assert (voice.heard[2:], asked) == ([], [True])


def test_a_key_does_not_wake_a_voice_that_was_switched_off(speech):
    speech.switch(on=False)
    assert not speech.wake()
    speech.reset()
    assert speech.wake()


def test_a_voice_that_is_missing_is_not_switched_on():
    speech = Speech(VoiceHeard(available=False), wording())
    speech.switch(on=True)
    assert (speech.on, speech.wake()) == (False, False)


def test_a_page_without_end_is_not_read_to_its_end(speech, voice):
    speech.tell([Utterance("encore")] * (UTTERANCES_MAX * 2))
    assert len(voice.heard) == UTTERANCES_MAX


def test_the_language_of_the_page_is_the_language_of_the_voice():
    tablet = Accueil(voice=VoiceHeard())
    presenter = tablet.presenter()
    presenter.start()
    presenter.act("unlock", {"code": RIGHT_CODE})
    presenter.act("language.en", {})
    presenter.act("listen", {})
    tablet.speech.tell([Utterance("Hello")])
    assert tablet.voice.settings[0] == "en"


def test_listen_stands_beside_the_display_where_the_voice_is_there():
    tablet = Accueil(voice=VoiceHeard())
    presenter = tablet.presenter()
    presenter.start()
    presenter.act("unlock", {"code": RIGHT_CODE})
    assert [one.key for one in tablet.view.page.bar_commands] == ["agent", "display", "listen"]
    tablet.voice.available = False
    presenter.act("start", {})
    assert [one.key for one in tablet.view.page.bar_commands] == ["display", "quit"]


def test_settings_that_nobody_offered_are_the_usual_ones():
    tablet = Accueil(voice=VoiceHeard())
    presenter = tablet.presenter()
    presenter.start()
    presenter.touched("rate", {"rate": "furious", "volume": ""})
    assert (tablet.speech.rate, tablet.speech.volume) == ("normal", "normal")


# ---- words
def said(element, **how):
    return [one.text for one in element_said(wording(), element, **how)]


def test_a_box_says_its_label_its_name_its_help_its_error_and_what_it_holds():
    box = Element(
        role="textbox",
        name="Jour",
        value="24",
        personal=True,
        label="Naissance",
        hint="Exemple",
        error="Erreur",
    )
    assert said(box) == ["Naissance", "Jour", "champ", "Exemple", "Erreur", "24"]
    assert said(box, entering=False) == ["Jour", "champ", "24"]


def test_a_code_is_never_said():
    assert said(Element(role="textbox", name="Code", value="246810", secret=True)) == ["Code", "champ"]


def test_a_choice_says_where_it_stands():
    choice = Element(role="radio", name="Féminin", personal=True, position=1, of=2)
    assert said(choice) == ["Féminin", "choix", "non choisi", "1\u00a0sur 2"]


def test_a_page_that_is_only_read_is_read_and_then_says_how_to_go_on():
    elements = [Element(role="heading", name="Vos données"), Element(role="text", name="Elles restent ici.")]
    assert [one.text for one in page_said(wording(), elements, None)] == [
        "Vos données", "Elles restent ici.", "Touche bas pour la suite.",
    ]  # fmt: skip


# ---- the pad
def test_arrows_and_enter_are_a_pad_and_five_codes_another():
    assert read_pad("arrows") == ARROW_KEYS
    assert read_pad("282,283,284,285,286")[286] is PadKey.SELECT


@pytest.mark.parametrize(
    "text", ["", "1,2,3,4", "1,2,3,4,4", "a,b,c,d,e", "0,1,2,3,4", "1,2,3,4,99999999999", "²,2,3,4,5"]
)
def test_other_texts_describe_no_pad(text):
    with pytest.raises(UnknownPad):
        read_pad(text)
