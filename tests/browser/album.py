"""`python -m tests.browser.album`: pictures of the web side in docs/screens/web, on a computer and on a
telephone, and the part of the album's page that shows them in the order of a visit. The manuals use these
pictures too. `--all --out DIR` draws every state of `visit.py`.
"""

import argparse
import io
import logging
import os
import tempfile
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

    from tests.browser.scene import Stage

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screens" / "web"
COLOURS = 32
"""Enough for flat colours and smooth letters; a picture takes some 25 kB."""
WIDTHS = (1280, 390)

VISIT: dict[str, dict[str, str]] = {
    "Tout le monde": {
        "points-accueil": "Les points d’accueil : chercher sa commune, ou choisir son département.",
        "departement": "Les lieux d’un département, avec leurs heures.",
        "accessibilite": "La déclaration d’accessibilité dit ce qui est vérifié, et ce qui manque.",
        "connexion": "L’entrée des mairies et des administrateurs.",
    },
    "L’électeur en ligne": {
        "electeur-accueil": "Ce qu’il faut avoir, et ce que deviennent les données.",
        "electeur-identite": "Étape 1. L’identité vient du service d’identification.",
        "electeur-commune-trouvee": "Étape 2. La commune de vote.",
        "electeur-mandataire": "Étape 3. La personne qui votera.",
        "electeur-elections": "Étape 4. Les élections.",
        "electeur-verification": "Tout relire avant de valider.",
        "electeur-enregistree": "La référence, et la suite.",
        "electeur-suivi-etat": "Suivre une demande, sans compte.",
    },
    "La mairie": {
        "liste-vide": "Rien n’attend.",
        "liste-urgente": "Ce qui attend une décision, le plus urgent en haut.",
        "liste-cochee": "Les cas simples se cochent ensemble.",
        "valider-ensemble": "Plusieurs procurations se relisent avant d’être validées.",
        "recherche": "Une procuration se cherche par un nom ou une référence.",
        "procuration": "Une procuration et ses preuves.",
        "valider": "Valider se confirme.",
        "resultat-validee": "La décision est enregistrée, et la suite est dite.",
        "invalider": "Invalider demande une raison.",
        "invalider-confirmer": "La page montre la phrase que l’électeur lira.",
        "decision-deja-prise": "Un collègue a décidé avant.",
        "decisions-une": "Les procurations déjà décidées.",
        "fait": "Un décès, une perte de droits.",
        "mention": "Ce qui est noté se voit, et se retire.",
        "retirer-confirmer": "Retirer une mention se relit avant la signature.",
        "vote": "Le jour du vote : qui a voté.",
        "a-prevenir": "Les électeurs sans adresse électronique, à prévenir.",
        "mandataires": "Ce qu’une autre mairie demande.",
        "mandataire": "L’avis sur un mandataire, avec ses autres procurations.",
        "formulaire": "Un formulaire papier se saisit.",
        "registres": "Les jours de vote, et leurs registres.",
        "registre-public": "Le registre ouvert à tout électeur.",
        "registre-emargement": "Ce qui se reporte sur la liste d’émargement.",
    },
    "La brigade en ligne": {
        "brigade": "Trouver une demande.",
        "brigade-demande": "Comparer la personne, sa pièce et la demande.",
        "brigade-signer": "Signer avec une clé de sécurité.",
        "brigade-resultat": "L’acte est enregistré.",
        "brigade-resilier-qui-commune": "Résilier : qui vient, et sa commune de vote.",
        "brigade-resilier-quoi": "Résilier : toutes ses procurations, une élection ou une période.",
        "brigade-journee": "La journée de l’agent, sans noms.",
        "brigade-corriger": "Reprendre une erreur, le jour même.",
        "brigade-cles": "Les clés de sécurité de l’agent.",
    },
    "Le centre": {
        "console": "La vue d’ensemble.",
        "console-alarme": "Un poste copié : l’alarme.",
        "console-deux-histoires": "Les deux histoires d’un poste copié.",
        "console-urgences-jour": "Ce qui presse, lieu par lieu.",
        "trancher": "Les cas qui attendent une personne.",
        "cas": "Un cas, avec les preuves de chaque côté.",
        "cas-confirmer": "La décision se relit avant la signature.",
        "console-postes": "Les postes et leur dernier contact.",
        "console-postes-arriere": "Un poste silencieux garde des événements.",
        "console-parc": "Le parc, par département.",
        "console-poste": "Un poste : sa dernière preuve, son journal, sa machine.",
        "console-lots": "Les lots reçus.",
        "console-constats": "Ce qui sort de l’ordinaire : pour information.",
        "console-recherche": "Chercher un dossier : chaque recherche est notée.",
        "console-dossier": "Un dossier, sans les noms.",
        "console-chiffres": "Les chiffres, jour par jour.",
        "console-exports": "Les fichiers, sans données personnelles.",
        "console-etat": "L’état du service.",
        "console-demandes": "Les postes neufs qui demandent leur enrôlement.",
        "console-messages": "Les messages aux électeurs.",
        "registre-special": "Le registre spécial d’une unité, sans les noms.",
    },
}


def names() -> list[str]:
    """The states in the album, in the order of a visit."""
    return [name for part in VISIT.values() for name in part]


def lines() -> Iterator[str]:
    """The part of docs/screens/README.md about the web side."""
    yield from ("", "# Les pages web, dans l’ordre d’une visite", "")
    yield "`make screens` fait ces images, sur un ordinateur (1280 pixels) et sur un téléphone (390 pixels)."
    for part, pages in VISIT.items():
        yield from ("", f"## {part}", "", "| | ordinateur | téléphone |", "|---|---|---|")
        for name, caption in pages.items():
            pictures = " | ".join(f"![{caption}](web/{name}-{width}.png)" for width in WIDTHS)
            yield f"| {caption} | {pictures} |"


def picture(browser: "Chrome", width: int) -> bytes:
    """The whole page at that width, as PNG of few colours."""
    from PIL import Image

    size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    height = browser.execute_script("return document.documentElement.scrollHeight")
    clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
    shot = browser.execute_cdp_cmd(
        "Page.captureScreenshot", {"format": "png", "captureBeyondViewport": True, "clip": clip}
    )
    whole = Image.open(io.BytesIO(b64decode(shot["data"]))).convert("RGB")
    written = io.BytesIO()
    whole.quantize(COLOURS, dither=Image.Dither.NONE).save(written, "PNG", optimize=True)
    return written.getvalue()


def draw(folder: Path, only: set[str] | None) -> None:
    """Every state of the scenes, or those of a set."""
    from django.core.management import call_command

    from tests.browser.conftest import started
    from tests.browser.site import served
    from tests.browser.visit import SCENES

    folder.mkdir(parents=True, exist_ok=True)

    def look(stage: "Stage", state: str, _status: int) -> None:
        if only is None or state in only:
            for width in WIDTHS:
                (folder / f"{state}-{width}.png").write_bytes(picture(stage.browser, width))
            print(state, flush=True)

    with tempfile.TemporaryDirectory() as work, served(Path(work) / "static") as site:
        browser = started(Path(work) / "chromium")
        try:
            for number, scene in enumerate(SCENES):
                scene.play(_stage(browser, site, Path(work) / str(number), look))
                call_command("flush", interactive=False, verbosity=0)
        finally:
            browser.quit()


def _stage(browser: "Chrome", site: str, home: Path, look: object) -> "Stage":
    """A centre of its own for each scene, as `tests/server/conftest.py` makes them."""
    from server.config.centre import install_centre
    from tests import builders
    from tests.browser.scene import Stage
    from tests.server.centre import World, centre_of
    from tests.server.townhall import Story

    home.mkdir()
    world = World(centre_of(home))
    install_centre(world.centre)
    officer = builders.key("officer")
    brigade = world.brigade()
    brigade.enrols(officer)
    return Stage(browser, site, Story(world, world.kiosk(), brigade, officer), look)  # type: ignore[arg-type]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=FOLDER)
    parser.add_argument("--all", action="store_true", help="every state, not only those of the album")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.server_settings")
    import django
    from django.db import connection
    from django.test.utils import setup_test_environment

    django.setup()
    logging.disable()
    setup_test_environment()
    connection.creation.create_test_db(verbosity=0)
    try:
        draw(options.out, None if options.all else set(names()))
    finally:
        connection.creation.destroy_test_db(":memory:", verbosity=0)


if __name__ == "__main__":
    main()
