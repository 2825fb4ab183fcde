"""An elector who has a telephone and a network: NC Connect of a test, there and back, out again."""

from collections.abc import Callable
from typing import Final

from provisioning.demo.processes import Actor, Programs, python

ELECTOR: Final = "Angela Claire Louise DUBOIS"


def elector_online(programs: Programs, site: str, picture: Callable[[Actor, str], None]) -> None:
    """In a browser of their own; nothing, where no provider of the demonstration runs. Raises: DemoFailed."""
    if "identity" not in programs.running:
        return
    browser = Actor(programs, "elector", python("tests.demo.town_hall"), {})
    _says_who_they_are(browser, site, picture)
    programs.stop("elector")


def _says_who_they_are(browser: Actor, site: str, picture: Callable[[Actor, str], None]) -> None:
    """From the choice of the provider to the log-out that ends its session too. Raises: DemoFailed."""
    browser.do("open", url=f"{site}/connexion-usager/")
    browser.do("wait", text="S’identifier avec NC Connect")
    picture(browser, "en-ligne-identifier")
    browser.do("press", name="S’identifier avec NC Connect")
    browser.do("wait", text="Choisissez l’identité à jouer.")
    browser.do("press", name=ELECTOR)
    browser.do("wait", text="Voter par procuration")
    picture(browser, "en-ligne-identifie")
    browser.do("open", url=f"{site}/connexion-usager/")
    browser.do("wait", text=f"Vous êtes déjà identifié : {ELECTOR}")
    browser.do("press", name="Se déconnecter")
    browser.do("wait", text="Votre session est terminée ici et chez NC Connect.")
    picture(browser, "en-ligne-deconnecte")
