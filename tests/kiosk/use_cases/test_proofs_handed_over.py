"""What a tablet saw of a centre that contradicts itself leaves on the next stick, for anybody to file."""

import pytest

from kiosk_app.store.alarms import Alarm
from procuration.adapters.stick import CONTESTED
from procuration.record.contradiction import PROOFS_CARRIED_MAX, Contradicting, proofs_of, read_contradiction
from procuration.record.growth import AlarmCode
from sync_agent.__main__ import main as agent_command
from tests.kiosk.use_cases.test_alarms import CONTRADICTIONS, agent, files_one, hears, seen

__all__ = ["agent", "seen"]


def on_the_stick(stick):
    return [path.read_bytes() for path in sorted((stick / "PROCU").glob(f"*{CONTESTED}"))]


def exports(tablet, stick):
    stick.mkdir(exist_ok=True)
    assert agent_command(["export", str(stick), "--spool", str(tablet.spool.folder)]) == 0


@pytest.mark.parametrize("code", CONTRADICTIONS)
def test_each_contradiction_leaves_on_the_next_stick_as_the_centre_signed_it(seen, centre, tmp_path, code):
    files_one(seen)
    exports(seen, tmp_path / "cle")
    assert on_the_stick(tmp_path / "cle") == []
    hears(seen, CONTRADICTIONS[code](centre, seen))
    exports(seen, tmp_path / "cle")
    (alarm,) = seen.store.alarms.all()
    (proof,) = on_the_stick(tmp_path / "cle")
    assert read_contradiction(proof) == Contradicting(held=alarm.held, shown=alarm.shown)


def test_a_lost_spool_and_a_second_stick_bring_the_same_file(seen, centre, tmp_path):
    files_one(seen)
    hears(seen, CONTRADICTIONS[AlarmCode.OTHER_ROOT](centre, seen))
    exports(seen, tmp_path / "first")
    for file in (seen.spool.folder / "out").glob(f"*{CONTESTED}"):
        file.unlink()
    seen.exchange.step()
    exports(seen, tmp_path / "second")
    assert on_the_stick(tmp_path / "first") == on_the_stick(tmp_path / "second") != []


def test_what_nothing_proves_stays_an_alarm_and_becomes_no_file(seen, centre):
    files_one(seen)
    hears(seen, centre, entries=(), checkpoint_size=0)
    assert seen.store.alarms.standing.code is AlarmCode.SMALLER
    seen.store.alarms.keep(
        Alarm(code=AlarmCode.RESTORED, at=seen.clock.now(), epoch=b"e", held=b"h", shown=b"epoch")
    )
    seen.exchange.step()
    assert seen.spool.contested_files() == []


def test_a_centre_gone_wild_fills_no_stick():
    alarms = [(AlarmCode.OTHER_ROOT, b"held", number.to_bytes(2, "big")) for number in range(100)]
    files = proofs_of([alarms[0], *alarms])
    assert len(files) == PROOFS_CARRIED_MAX
    assert [read_contradiction(one).shown for one in files] == [shown for _, _, shown in alarms[:8]]


def test_a_proof_damaged_on_the_disk_is_not_copied(seen, centre, tmp_path):
    files_one(seen)
    hears(seen, CONTRADICTIONS[AlarmCode.OTHER_ROOT](centre, seen))
    (file,) = (seen.spool.folder / "out").glob(f"*{CONTESTED}")
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    exports(seen, tmp_path / "cle")
    assert on_the_stick(tmp_path / "cle") == []
