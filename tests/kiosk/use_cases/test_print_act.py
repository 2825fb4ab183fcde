"""The papers of real acts, made from the log of a real tablet."""

from dataclasses import replace

import pytest
from PIL import Image

from kiosk_app.devices.printer import FolderPrinter
from kiosk_app.parts import PluggedIn, Workshop
from kiosk_app.sheet import Roll
from kiosk_app.use_cases.print_act import PrintAct
from kiosk_app.use_cases.print_preparation import PrintPreparation
from kiosk_app.use_cases.withdraw_request import WithdrawalAsked
from procuration.domain.acts import REQUIRED_AT_HOME, ActPlaceKind
from procuration.domain.refusal import RefusalCode
from procuration.errors import CarrierUnavailable, RuleViolated
from tests import builders
from tests.kiosk.use_cases.test_officer import AT_THE_ANNEXE, annexe, paper
from tests.kiosk.world import CHECKED, OFFICER_CODE, draft

__all__ = ["paper"]


@pytest.fixture
def printed():
    return []


@pytest.fixture
def print_act(brigade, printed):
    return PrintAct(brigade.station, lambda name, paper: printed.append((name, paper)))


def validates(brigade, paper, checked=CHECKED):
    found = brigade.find.by_qr(paper.qr_text)
    return brigade.validate(found.rid, checked, OFFICER_CODE)


def words_of(leaflet):
    return "\n".join(leaflet.sentences()).replace("\u00a0", " ")


def test_r_24_an_etablissement_prints_its_recepisse_and_the_slip_of_the_mandataire(
    brigade, paper, print_act, printed
):
    done = validates(brigade, paper)
    print_act(done.seq)
    assert [name for name, _ in printed] == [f"recepisse-{done.seq}", f"mandataire-{done.seq}"]
    said = words_of(print_act.leaflets(done.seq)[0])
    for part in ("XBQ 7V3", "Nouméa (Nouvelle-Calédonie)", "Brigade de Dumbéa", "TAHUA", "1er avril 2027"):
        assert part in said
    assert "1er tour : 11 avril 2027" in said


def test_the_paper_is_printed_again_as_often_as_asked_and_after_a_restart(brigade, paper, print_act, printed):
    done = validates(brigade, paper)
    print_act(done.seq)
    print_act(done.seq)
    assert len(printed) == 4
    assert printed[0][1].png == printed[2][1].png
    brigade.station.close()
    brigade.starts(OFFICER_CODE)
    PrintAct(brigade.station, lambda name, made: printed.append((name, made)))(done.seq)
    assert printed[4][1].png == printed[0][1].png


def test_r_16_the_recepisse_names_the_listed_place(brigade, paper, print_act):
    brigade.receives(version=2, sites=[annexe()])
    done = validates(brigade, paper, AT_THE_ANNEXE)
    assert "Mairie annexe, Dumbéa" in words_of(print_act.leaflets(done.seq)[0])


def test_a_refusal_prints_one_paper(brigade, paper, print_act, printed):
    found = brigade.find.by_qr(paper.qr_text)
    done = brigade.refuse(found.rid, RefusalCode.ABANDON, replace(CHECKED, document=None), OFFICER_CODE)
    print_act(done.seq)
    assert [name for name, _ in printed] == [f"refus-{done.seq}"]
    assert "Le mandant renonce à sa demande." in words_of(print_act.leaflets(done.seq)[0])


def test_a_resiliation_by_identity_prints_what_it_ends(brigade, print_act, printed):
    asked = WithdrawalAsked(mandant=replace(builders.ANGELA, sex=None), vote_place=builders.NOUMEA)
    done = brigade.withdraw(asked, CHECKED, OFFICER_CODE)
    print_act(done.seq)
    assert [name for name, _ in printed] == [f"resiliation-{done.seq}"]
    assert "Toutes les procurations du mandant" in words_of(print_act.leaflets(done.seq)[0])


def test_the_resiliation_of_a_request_names_it_while_it_is_at_hand(brigade, paper, print_act):
    found = brigade.find.by_qr(paper.qr_text)
    done = brigade.withdraw.of_request(found.rid, CHECKED, OFFICER_CODE)
    said = words_of(print_act.leaflets(done.seq)[0])
    assert "Cette procuration" in said
    assert "XBQ 7V3" in said


def test_what_is_no_act_or_purged_is_not_printed(brigade, paper, print_act, printed):
    done = validates(brigade, paper)
    with pytest.raises(RuleViolated, match="ACTE_EFFACE"):
        print_act(0)
    with pytest.raises(RuleViolated, match="ACTE_EFFACE"):
        print_act(done.seq + 100)
    brigade.store.bodies.delete([done.seq])
    with pytest.raises(RuleViolated, match="ACTE_EFFACE"):
        print_act(done.seq)
    assert printed == []


def test_the_papers_are_as_wide_as_the_roll_and_no_file_name_is_a_persons(brigade, paper, tmp_path):
    devices = PluggedIn(printer=FolderPrinter(tmp_path / "paper"), reader=None, roll=Roll.MM_58)
    parts = Workshop(brigade.station, brigade.spool, devices).brigade(timers=None, run_in_background=None)
    done = validates(brigade, paper)
    parts.print_act(done.seq)
    names = sorted(path.name for path in (tmp_path / "paper").iterdir())
    kinds = ("mandataire", "recepisse")
    assert names == [f"{kind}-{done.seq}.{end}" for kind in kinds for end in ("pdf", "png")]
    for kind in kinds:
        with Image.open(tmp_path / "paper" / f"{kind}-{done.seq}.png") as picture:
            assert picture.width == Roll.MM_58


def test_without_a_printer_the_act_stays_and_the_code_says_why(brigade, paper):
    devices = PluggedIn.of_options(None, None)
    parts = Workshop(brigade.station, brigade.spool, devices).brigade(timers=None, run_in_background=None)
    done = validates(brigade, paper)
    with pytest.raises(CarrierUnavailable, match="IMPRIMANTE_ABSENTE"):
        parts.print_act(done.seq)
    assert brigade.store.log.head.next_seq == done.seq + 1


def test_r_17_the_recepisse_of_a_home_visit_says_so_without_the_address(brigade, paper, print_act):
    at_home = replace(CHECKED, place=ActPlaceKind.HOME, declarations=CHECKED.declarations | REQUIRED_AT_HOME)
    done = validates(brigade, paper, at_home)
    assert "Au domicile du mandant, Nouméa" in words_of(print_act.leaflets(done.seq)[0])


def test_r_27_the_sheet_is_made_at_the_kiosk_of_what_stands_on_the_screen(kiosk):
    made = []
    head = kiosk.store.log.head
    prepare = PrintPreparation(kiosk.station, lambda name, sheet: made.append(name))
    prepare(draft())
    assert made == ["preparation"]
    assert kiosk.store.log.head == head
    said = words_of(prepare.leaflet(draft()))
    assert "24 août 1962" in said
    assert "1er tour : 11 avril 2027" in said


def test_r_73_the_sheet_of_a_request_that_the_law_wants_on_paper(kiosk):
    laon = replace(builders.NOUMEA, code="02408")
    prepare = PrintPreparation(kiosk.station, lambda name, sheet: None)
    sheet = prepare.leaflet(draft(vote_place=laon))
    assert sheet.over == "Formulaire Cerfa 16199"
    assert "Laon (Aisne)" in words_of(sheet)
