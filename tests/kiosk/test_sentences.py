"""Whatever the tablet refuses, a person reads a sentence of the catalogue, not a code (I-10)."""

import re
from pathlib import Path

import pytest

from kiosk_app import texts_fr
from kiosk_app.command_texts import sentence
from procuration.domain import establishment
from procuration.errors import RecordRejected, RuleViolated

PROGRAM = Path(texts_fr.__file__).parent
ADAPTERS = PROGRAM.parent / "procuration" / "adapters"
ONLY_AT_INSTALLATION = {
    "CODES_DIFFERENTS", "CODE_DEJA_PRIS", "CODE_TROP_COURT", "FICHIER_DE_CODE_LISIBLE", "MAGASIN_EXISTANT",
    "POSTE_DEJA_INSTALLE", "PROFIL_DIFFERENT", "TPM_REGLAGE", "TPM_SANS_VERROU",
    "TROP_DE_CODES",
}  # fmt: skip
NEVER_SEEN = {"POSTE_FERME", "SESSION_FERMEE"}  # the screens show no button that leads there


def codes_of(*folders):
    sources = [path for folder in folders for path in sorted((PROGRAM / folder).glob("*.py"))]
    keepers = [ADAPTERS / name for name in ("service_key.py", "token_secret.py", "tpm_secret.py")]
    text = "\n".join(path.read_text() for path in (*sources, *keepers, PROGRAM / "station.py"))
    return sorted(set(re.findall(r'(?:RuleViolated|CarrierUnavailable)\(\s*"([A-Z_]+)"', text)))


def codes_of_the_domain():
    folder = Path(__file__).parents[2] / "procuration" / "domain"
    modules = (
        "competence.py", "delegation.py", "documents.py", "establishment.py", "people.py", "teleprocedure.py",
        "term.py", "validity.py",
    )  # fmt: skip
    text = "\n".join((folder / name).read_text() for name in modules)
    codes = set(re.findall(r'RuleViolated\(\s*"([A-Z_0-9]+)"', text)) | set(establishment.CODES)
    return sorted(codes - {"LOI_INCONNUE"})


@pytest.mark.parametrize("code", codes_of("use_cases", "store", "devices") + codes_of_the_domain())
def test_every_refusal_at_the_screen_has_its_sentence(code):
    known = [key for key in texts_fr.SENTENCES if re.fullmatch(rf"error\.(\w+\.)?{code}(\.\w+)?", key)]
    assert known or code in ONLY_AT_INSTALLATION | NEVER_SEEN


@pytest.mark.parametrize("code", sorted(ONLY_AT_INSTALLATION))
def test_every_refusal_at_installation_has_its_sentence(code):
    said = sentence(RuleViolated(code, characters_min=6, signed="accueil", asked="brigade"))
    assert said != "La commande a été refusée."


def test_an_unknown_code_still_gets_words():
    assert sentence(RecordRejected("CBOR_TAG")) == "La commande a été refusée."


def test_r_77_no_sentence_names_the_prefet_without_the_haut_commissaire():
    named = {key: said for key, said in texts_fr.SENTENCES.items() if re.search(r"préf(et|ecture)", said)}
    assert named
    assert [key for key, said in named.items() if "haut-commissa" not in said] == []
