"""`python -m tests.screens.album`: one picture for each screen in each contrast, in docs/screens, and the
page that shows them in the order of a visit. The manuals use these pictures too.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

from tests.browser import album as web_album

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screens"
COLOURS = 48
"""Enough for flat colours and smooth letters; a picture takes some 20 kB."""
CONTRASTS = {"normal": False, "fort": True}

VISIT: dict[str, dict[str, str]] = {
    "L’électeur": {
        "K-1-closed": "Le poste est fermé jusqu’au code de l’agent.",
        "K0-welcome": "L’accueil, en trois langues.",
        "X3-display": "Taille, contraste, langue : chaque réglage agit aussitôt.",
        "K1-data": "Ce que deviennent les données.",
        "K2-birth-name": "Étape 1. Une question par page, avec le clavier de l’écran.",
        "K2-birth-date": "La date, en trois cases.",
        "K2-birth-date-wrong": "Une erreur dit quoi faire, en haut et dans le champ.",
        "K2-email": "L’adresse électronique, que l’on peut ne pas avoir.",
        "K3-place-offers": "Étape 2. La commune, dès les premières lettres.",
        "K4-method": "Étape 3. La personne qui votera.",
        "K5-scrutin": "Étape 4. Les élections.",
        "K6-review": "Tout relire avant de valider.",
        "K7-filed": "La référence, épelée, et la suite.",
        "K7-places": "Où aller : les lieux les plus proches, avec leurs heures.",
        "K7-filed-not-printed": "Le reçu n’est pas sorti : la demande est gardée.",
    },
    "Ce qui peut arriver": {
        "X1-idle": "Personne ne touche l’écran : tout sera effacé.",
        "X6-aloud": "Avant de dire des réponses à voix haute, la tablette demande.",
        "X2-quit": "Quitter efface les réponses.",
        "X4-minor": "La personne n’a pas l’âge de voter.",
        "X5-clock-behind": "L’heure du poste est fausse.",
    },
    "L’agent de l’accueil": {
        "KA-code": "Le menu de l’agent demande son code.",
        "KA-menu": "Papier, références, dernier contact.",
        "K2-training": "L’entraînement : une bande sur chaque page, rien n’est envoyé.",
    },
    "Le poste de contrôle": {
        "O0-locked": "Le poste est verrouillé.",
        "O1-search": "Trouver une demande : scanner, ou taper la référence.",
        "O1-name-found": "Retrouver par le nom ce qui a été vu aujourd’hui.",
        "O1-not-found": "Une réponse neutre quand rien n’est trouvé.",
        "O2-check": "La demande à gauche, les points à contrôler à droite.",
        "O2-identity-same": "La pièce est lue et comparée, ligne par ligne.",
        "O3-confirm": "La décision est signée avec le code.",
        "O4-reasons": "Les raisons d’un refus.",
        "O5-kept": "Ce qui est prouvé, et rien de plus.",
        "O5-received": "Le centre a reçu la décision.",
        "O6-transfer": "La transmission.",
        "O6-stick-copying": "La copie sur une clé USB.",
        "O6-stick-done": "La clé peut être retirée.",
        "O8-today": "La liste du jour.",
        "O8-undo-confirm": "Revenir sur un acte, avec une raison.",
        "O8-end": "La fin du service.",
        "O7-which": "Résilier une procuration.",
        "O7-agents": "Les agents de ce poste.",
    },
    "Installer ce poste": {
        "I-welcome": "Un poste neuf.",
        "I-authority": "L’empreinte de l’autorité se compare avec le papier.",
        "I-codes": "Les codes du poste.",
        "I-done": "Le poste est prêt.",
    },
}


def names() -> list[str]:
    """The states in the album, in the order of a visit."""
    return [name for part in VISIT.values() for name in part]


def page() -> str:
    """docs/screens/README.md."""
    return "\n".join((*lines(), *web_album.lines())) + "\n"


def lines() -> Iterator[str]:
    """Its lines: a table for each part, the two contrasts beside each other."""
    yield "# Les écrans, dans l’ordre d’une visite"
    yield ""
    yield "`make screens` fait ces images (1280 x 800, 10,1 pouces). Les personnes sont inventées."
    yield "Ce qui tient chaque point de l’accessibilité : [checklist.md](checklist.md)."
    for part, screens in VISIT.items():
        yield from ("", f"## {part}", "", "| | contraste normal | contraste fort |", "|---|---|---|")
        for name, caption in screens.items():
            pictures = " | ".join(f"![{caption}]({name}-{contrast}.png)" for contrast in CONTRASTS)
            yield f"| {caption} | {pictures} |"


def write(folder: Path) -> None:
    """Draw every picture again."""
    from PIL import Image

    from tests.screens.states import all_states
    from tests.screens.tablet import Tablet

    folder.mkdir(parents=True, exist_ok=True)
    states = {state.name: state for state in reversed(list(all_states()))}
    tablet = Tablet()
    tablet.driver.resize(1280, 800)
    for contrast, strong in CONTRASTS.items():
        for name in names():
            tablet.reach(states[name], strong=strong)
            if name == "X3-display" and strong:  # the page says what the eye sees
                tablet.presenter.touched("contrast", {"size": "1", "contrast": "strong"})
                tablet.presenter.act("display", {})
            picture = tablet.driver.picture().quantize(COLOURS, dither=Image.Dither.NONE)
            picture.save(folder / f"{name}-{contrast}.png", optimize=True)
            print(f"{name}-{contrast}", flush=True)
    tablet.close()
    (folder / "README.md").write_text(page(), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=FOLDER)
    write(parser.parse_args().out)


if __name__ == "__main__":
    main()
