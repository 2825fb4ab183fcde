"""« Copier sur une clé USB » on O6: what is shown while the agent works, at its end, and when it fails."""

import pytest

from kiosk_app.presenters.station_transfer import TransferJob
from kiosk_app.use_cases.copy_to_stick import StickProgress
from procuration.errors import RuleViolated
from tests.kiosk.presenters.fakes import Brigade, Stick
from tests.kiosk.presenters.test_an_officer import Later, plain, unlocked

MIDDLE = StickProgress(reading=False, done=3, total=7)
DONE = StickProgress(ended=True, reading=False, done=7, total=7, read=2, copied=7)


def transfer_of(presenter):
    return next(job for job in presenter._jobs if isinstance(job, TransferJob))


def shown(*steps: StickProgress, **changes: object) -> tuple[Brigade, list[str]]:
    station = Brigade(stick=Stick(steps=list(steps), **changes))
    presenter = station.presenter()
    presenter.start()
    unlocked(presenter)
    presenter.act("transfer", {})
    before = len(station.view.pages)
    presenter.act("stick", {})
    return station, [plain(page.message.title) for page in station.view.pages[before:]]


def words(page) -> str:
    return plain(" ".join((page.title, page.message.title, page.message.text, *page.paragraphs)))


def test_the_copy_is_followed_to_its_end_and_only_then_the_key_may_be_pulled_out():
    reading = StickProgress(done=1, total=2)
    station, titles = shown(reading, MIDDLE, DONE)
    assert titles == [
        "Recherche de la clé…",
        "Lecture de la clé : fichier 1 sur 2",
        "Copie : 3 lots sur 7",
        "Vous pouvez retirer la clé.",
    ]
    assert "7 lots copiés sur la clé. 2 réponses lues." in words(station.view.page)
    assert [command.key for command in station.view.page.commands] == ["transfer"]


def test_until_the_end_no_page_says_that_the_key_may_be_pulled_out():
    station, _ = shown(MIDDLE, MIDDLE, DONE)
    for page in station.view.pages[-4:-1]:
        assert "retirer" not in words(page)
        assert [command.key for command in page.commands] == ["stick.stop"]


def test_a_copy_can_be_cancelled_and_says_what_is_on_the_key():
    station, titles = shown(StickProgress(ended=True, stopped=True, copied=1))
    assert titles[-1] == "La copie est arrêtée"
    assert "1 lot copié sur la clé." in words(station.view.page)
    assert "Vous pouvez retirer la clé." in words(station.view.page)


def test_cancelling_asks_the_agent():
    later = Later()
    station = Brigade(stick=Stick(steps=[MIDDLE, DONE]))
    presenter = station.presenter(run_in_background=lambda work, done: done(work()))
    presenter.start()
    unlocked(presenter)
    object.__setattr__(transfer_of(presenter)._follower, "_run", later)
    presenter.act("stick", {})
    presenter.act("stick.stop", {})
    later.finish()
    later.finish()
    assert station.stick.cancels == 1


@pytest.mark.parametrize(
    ("code", "title", "next_step"),
    [
        ("STICK_ABSENT", "Aucune clé USB trouvée", "Branchez la clé"),
        ("STICK_FULL", "La clé est pleine", "autre clé"),
        ("STICK_GONE", "La clé a été retirée, ou elle est abîmée", "Remettez-la"),
        ("STICK_READ_ONLY", "La clé refuse l’écriture", "protection"),
        ("STICK_OBSTRUCTED", "Le contenu de la clé gêne la copie", "autre clé"),
        ("STICK_NOT_SET", "Ce poste n’est pas réglé pour les clés USB", "Appelez"),
        ("AGENT_SILENT", "Le programme d’envoi ne répond pas", "dans une minute"),
        ("AGENT_STOPPED", "Le programme d’envoi s’est arrêté pendant la copie", "recommencez"),
        ("DISK", "Le disque de ce poste refuse l’écriture", "Appelez"),
        ("WHAT_NOBODY_KNOWS", "La copie n’a pas pu se faire", "Recommencez"),
    ],
)
def test_each_failure_says_what_to_do_and_that_nothing_is_lost(code, title, next_step):
    station, titles = shown(StickProgress(ended=True, code=code))
    assert titles[-1] == title
    assert next_step in words(station.view.page)
    assert "Rien n’est perdu" in words(station.view.page)
    assert [command.key for command in station.view.page.commands] == ["transfer", "stick"]


def test_a_copy_that_failed_can_be_asked_for_again():
    station, _ = shown(StickProgress(ended=True, code="STICK_GONE"), DONE)
    assert station.stick.starts == 1
    presenter = station.presenter()
    presenter.act("stick", {})
    assert plain(station.view.page.message.title) == "Vous pouvez retirer la clé."


def test_a_full_disk_of_the_tablet_is_told():
    _, titles = shown(error=RuleViolated("ESPACE_INSUFFISANT"))
    assert titles[-1] == "La copie n’a pas pu être demandée"


def test_after_the_lock_the_copy_shows_nothing_more():
    later = Later()
    station = Brigade(stick=Stick(steps=[DONE]))
    presenter = station.presenter()
    presenter.start()
    unlocked(presenter)
    object.__setattr__(transfer_of(presenter)._follower, "_run", later)
    presenter.act("stick", {})
    presenter.act("lock", {})
    later.finish()
    assert station.view.page.name == "O0-locked"
