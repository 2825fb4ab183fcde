"""A request is found by the name of the mandant, among those the officer may see; never among copies."""

from dataclasses import replace

import pytest

from kiosk_app.use_cases.search_by_name import FOUND_MAX, SearchByName
from procuration.errors import RuleViolated
from tests import builders
from tests.kiosk.use_cases.test_on_site import filed
from tests.kiosk.world import AGENT_CODE, CHECKED, OFFICER_CODE, draft

AGNES = replace(
    builders.ANGELA, birth_name="Lefèvre-Müller", given_names="Agnès Marie-Lœtitia", used_name="Petit"
)


@pytest.fixture
def search(brigade):
    return SearchByName(brigade.station)


@pytest.fixture
def scanned(kiosk, brigade):
    kiosk.leases("XBQ7V3", "K7M2PA")
    receipts = [kiosk.file(draft(mandant=one)) for one in (AGNES, builders.ANGELA)]
    return [brigade.find.by_qr(receipt.qr_text).rid for receipt in receipts]


@pytest.mark.parametrize(
    "typed",
    [
        "Lefèvre-Müller",
        "lefevre muller",
        "MULLER LEFEVRE",
        "agnes lefevre",
        "Lefèvre Agnès",
        "marie loetitia",
        "lef",
        "petit",
        "lefevre mulller",
        "lefebre",
        "agnse",
    ],
)
def test_accents_hyphens_order_and_one_letter_are_forgiven(scanned, search, typed):
    assert [found.rid for found in search(typed)] == [scanned[0]]


@pytest.mark.parametrize("typed", ["durand", "lefevre durand", "lfbr", "marie marie", "muller muller"])
def test_what_answers_no_word_is_not_found(scanned, search, typed):
    assert search(typed) == ()


def test_the_exact_name_comes_before_the_near_one(kiosk, brigade, search):
    kiosk.leases("XBQ7V3", "K7M2PA")
    names = ("DUBOIT", "DUBOIS")
    receipts = [kiosk.file(draft(mandant=replace(builders.ANGELA, birth_name=name))) for name in names]
    for receipt in receipts:
        brigade.find.by_qr(receipt.qr_text)
    for name in names:
        assert search(name)[0].filed.mandant.birth_name == name
        assert len(search(name)) == 2


def test_a_locked_copy_is_not_found_by_name(world, kiosk, brigade, search):
    """Nothing of the store that this session has not opened answers to a name (SECURITY-DESIGN 9)."""
    kiosk.leases("XBQ7V3")
    receipt = kiosk.file(draft())
    assert search("dubois") == ()
    brigade.find.by_qr(receipt.qr_text)
    assert len(search("dubois")) == 1
    brigade.unlock.lock()
    brigade.unlock(OFFICER_CODE)
    assert search("dubois") == ()


def test_what_was_filed_here_and_what_was_decided_today_are_found(kiosk, brigade, search):
    kiosk.leases("XBQ7V3")
    found = brigade.find.by_qr(kiosk.file(draft(mandant=AGNES)).qr_text)
    brigade.validate(found.rid, CHECKED, OFFICER_CODE)
    filed(brigade)
    brigade.unlock.lock()
    brigade.unlock(OFFICER_CODE)
    assert [one.rid for one in search("lefevre")] == [found.rid]
    assert search("lefevre")[0].decision is not None
    (here,) = search("dubois")
    assert search.open(here.rid).rid == here.rid
    brigade.validate(here.rid, CHECKED, OFFICER_CODE)
    brigade.enrols_officer("161803")
    assert search("lefevre") == ()


def test_only_what_the_search_gives_is_opened(scanned, brigade, search):
    with pytest.raises(RuleViolated, match="DEMANDE_INTROUVABLE"):
        search.open(b"x" * 16)
    brigade.unlock(AGENT_CODE)
    with pytest.raises(RuleViolated, match="AGENT_SANS_HABILITATION"):
        search("lefevre")


@pytest.mark.parametrize(
    ("typed", "code"), [("", "COURT"), ("a", "COURT"), ("-' .", "COURT"), ("a" * 101, "LONG")]
)
def test_a_name_has_two_letters_and_is_no_longer_than_a_name(search, typed, code):
    with pytest.raises(RuleViolated, match=f"NOM_TROP_{code}"):
        search(typed)


def test_a_common_name_gives_a_short_list(kiosk, brigade, search):
    kiosk.leases(*(f"XBQ7V{letter}" for letter in "ABCDEFGH"))
    for _ in range(8):
        brigade.find.by_qr(kiosk.file(draft()).qr_text)
    assert len(search("dubois")) == FOUND_MAX
