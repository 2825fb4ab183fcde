"""A brigade without network finds a request by its reference and the birth date, and whoever takes its tablet
finds nobody else (SECURITY-DESIGN 9; DESIGN, decision 7)."""

import base64
import sys
from dataclasses import replace

import pytest

from kiosk_app.store.integrity import RETIRED
from kiosk_app.store.requests import Source
from procuration.domain.people import PartialDate
from procuration.domain.status import Status
from procuration.errors import RecordRejected, RuleViolated
from procuration.record import canonical
from server.dossiers.copying import keep_copies
from server.dossiers.models import Procuration
from tests import builders
from tests.kiosk.test_nothing_stays import Disk, decrypted, keys
from tests.kiosk.world import AGENT_CODE, CHECKED, OFFICER_CODE, draft

__all__ = ["keys"]

PEOPLE = (
    ("ZYGOMATIQUE", "Quetzalcóatl", "XYLOPHONISTE", PartialDate(1961, 7, 23)),
    ("BRINQUEBALLE", "Wolframine", "HIPPOCAMPINE", PartialDate(1938, 11, 2)),
    ("KALÉIDOSCOPE", "Abracadabrine", "TRINQUEBALLON", PartialDate(1974, 2)),
)
_network = {"cut": False, "tried": []}


def _watch(event, _arguments):
    if event.startswith("socket.") and _network["cut"]:
        _network["tried"].append(event)
        raise OSError("no network")


sys.addaudithook(_watch)


@pytest.fixture
def no_network():
    """From here on no socket is made or asked for a name, of any kind."""
    _network.update(cut=True, tried=[])
    yield
    _network["cut"] = False
    assert _network["tried"] == []


def asked(number):
    """What a marked person answers at the kiosk."""
    name, given, mandataire, born = PEOPLE[number]
    return draft(
        mandant=replace(builders.ANGELA, birth_name=name, given_names=given, birth_date=born),
        mandataire=replace(builders.JEAN_CLAUDE, birth_name=mandataire),
        email=f"{mandataire.lower()}@exemple.fr",
    )


@pytest.fixture
def tablets(scene, keys):
    """Three marked requests filed at a kiosk on line; the brigade has their copies, by the real exchange."""
    kiosk, brigade = scene.kiosk(), scene.brigade()
    papers = [kiosk.file(asked(number)) for number in range(len(PEOPLE))]
    scene.syncs(kiosk)
    keep_copies(scene.centre)
    brigade.exchange.ask_again()
    scene.syncs(brigade)
    assert brigade.store.locked_copies.count == len(PEOPLE)
    keys.clear()
    brigade.unlock(OFFICER_CODE)
    assert len(keys) == 1  # of the brigade alone
    return scene, kiosk, brigade, papers


def marks_of(number, paper):
    """Whatever tells of one person: names, address, date in each of its forms, reference."""
    name, given, mandataire, born = PEOPLE[number]
    digits = f"{born.year:04d}{born.month:02d}{born.day:02d}"
    dashed = f"{born.year:04d}-{born.month:02d}-{born.day:02d}"
    date_value = canonical.encode([born.year, born.month, born.day])
    texts = (
        name,
        given,
        mandataire,
        f"{mandataire.lower()}@exemple.fr",
        digits,
        dashed,
        str(paper.reference),
    )
    return {form for text in texts for form in _forms(text)} | {date_value}


def _forms(text):
    plain = text.encode()
    yield from (plain, text.casefold().encode(), text.encode("utf-16-le"), plain.hex().encode())
    if len(plain) > 9:  # what is left of a shorter one stands in any text by chance
        for lead in range(3):
            yield base64.b64encode(bytes(lead) + plain)[4 if lead else 0 : -4]


def disk_of(tablet):
    """Every byte of its folders, as they lie there."""
    return Disk(tablet.folder).bytes + Disk(tablet.spool.folder).bytes


def memory_of(tablet):
    """Every value of every table of its open database."""
    database = tablet.store.connection
    names = [name for (name,) in database.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
    assert "locked_copy" in names
    values = [value for name in names for row in database.rows(f"SELECT * FROM {name}") for value in row]
    return b"\0".join(value if isinstance(value, bytes) else str(value).encode() for value in values)


def told(tablet, keys, papers):
    """Of which persons a thief finds a mark: on the disk as it lies, on it with the key of the store, in
    the open database."""
    raw = disk_of(tablet)
    readings = [raw, memory_of(tablet), *(one for key in keys for one in decrypted(raw, key))]
    return {
        number
        for number, paper in enumerate(papers)
        if any(mark in reading for mark in marks_of(number, paper) for reading in readings)
    }


def written(brigade):
    """All of it is in the files: write-ahead log, database and snapshot."""
    brigade.store.connection.snapshot()


def test_a_brigade_off_line_finds_a_request_and_its_tablet_tells_of_nobody_else(
    tablets, keys, no_network, caplog
):
    _, _, brigade, papers = tablets
    written(brigade)
    assert told(brigade, keys, papers) == set()
    found = brigade.find.by_reference(papers[0].reference, PEOPLE[0][3])
    assert (found.source, found.filed.mandant.birth_name) == (Source.LOCKED_COPY, PEOPLE[0][0])
    with pytest.raises(RuleViolated, match="DEMANDE_INTROUVABLE"):
        brigade.find.by_reference(papers[1].reference, PEOPLE[0][3])
    written(brigade)
    assert told(brigade, keys, papers) == set()  # opened is not written
    brigade.validate(found.rid, CHECKED, OFFICER_CODE)
    written(brigade)
    assert told(brigade, keys, papers) == {0}
    brigade.exchange.step()
    brigade.station.close()
    brigade.starts(AGENT_CODE)
    assert told(brigade, keys, papers) == {0}
    for number, paper in enumerate(papers):
        logged = caplog.text.encode()
        assert not [mark for mark in marks_of(number, paper) if mark in logged]


def test_the_search_would_see_a_copy_that_stood_there_in_the_clear(tablets, keys):
    """Each mark by itself, on the disk and in the open database."""
    _, _, brigade, papers = tablets
    for number in (1, 2):
        held = brigade.find._unlocked(papers[number].reference, PEOPLE[number][3])
        brigade.store.connection.write(
            "INSERT INTO later_entry (number, type, value, got_at) VALUES (?, 200, ?, 0)",
            (number, held.pair.sign1 + held.pair.body),
        )
    written(brigade)
    assert told(brigade, keys, papers) == {1, 2}
    dump = memory_of(brigade)
    name, given, mandataire, born = PEOPLE[1]
    date_value = canonical.encode([born.year, born.month, born.day])
    for mark in (
        name.encode(),
        given.encode(),
        mandataire.encode(),
        date_value,
        papers[1].reference.encode(),
    ):
        assert mark in dump
        assert any(mark in reading for key in keys for reading in decrypted(disk_of(brigade), key))
        assert mark not in disk_of(brigade)


def test_the_centre_accepts_the_act_on_a_copy_and_withdraws_it_elsewhere(tablets):
    scene, _, brigade, papers = tablets
    other = scene.brigade("other")
    scene.syncs(other)
    assert other.store.locked_copies.count == len(PEOPLE)
    found = brigade.find.by_reference(papers[2].reference, PEOPLE[2][3])
    brigade.validate(found.rid, CHECKED, OFFICER_CODE)
    assert brigade.store.locked_copies.count == len(PEOPLE) - 1
    scene.clock.pass_(days=3)
    scene.syncs(brigade)
    row = Procuration.objects.get(rid=found.rid.hex())
    assert (row.status, row.reference, row.aside) == (Status.TRANSMISE, papers[2].reference, [])
    scene.centre.clock.at = scene.clock.now()
    assert keep_copies(scene.centre).withdrawn == 1
    other.exchange.ask_again()
    scene.syncs(other)
    assert other.store.locked_copies.count == len(PEOPLE) - 1
    with pytest.raises(RuleViolated, match="DEMANDE_INTROUVABLE"):
        other.find.by_reference(papers[2].reference, PEOPLE[2][3])
    assert other.find.by_reference(papers[1].reference, PEOPLE[1][3])


def test_copies_follow_a_tablet_into_its_new_log_without_the_centre(tablets):
    scene, _, brigade, papers = tablets
    brigade.store.stop(RecordRejected(RETIRED, seq=0))
    new = scene.renews(brigade)
    new.enrols_officer()
    new.receives()
    new.exchange.step()
    assert new.store.locked_copies.count == len(PEOPLE)
    assert new.find.by_reference(papers[0].reference, PEOPLE[0][3]).source is Source.LOCKED_COPY
