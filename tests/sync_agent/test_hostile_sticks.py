"""Keys made by somebody who wishes us ill, keys that are full, and keys pulled out at any moment."""

import errno
import itertools
import os
import socket
import stat
from pathlib import Path

import pytest

from procuration.adapters.foreign_file import ENTRIES_MAX
from procuration.adapters.spool import SEALED_BYTES_MAX, name_of
from procuration.errors import CarrierUnavailable, RuleViolated
from sync_agent.__main__ import main
from sync_agent.carriers.usb import Imported, export_to, import_from
from sync_agent.courier import Courier
from sync_agent.mirror import Mirror
from tests.adapters.small_repository import SmallRepository
from tests.faults.small_disk import on_a_small_disk
from tests.sync_agent.sealed import CENTRE, OTHER, OURS, addressed, sealed

__all__ = ["addressed"]
pytestmark = pytest.mark.usefixtures("addressed")
GOOD = sealed(OURS, b"a true answer")
SECRET = sealed(OURS, b"a file of this machine")


@pytest.fixture
def stick(tmp_path):
    folder = tmp_path / "stick"
    (folder / "PROCU").mkdir(parents=True)
    return folder


@pytest.fixture
def secret(tmp_path):
    path = tmp_path / "secret.prb"
    path.write_bytes(SECRET)
    return path


@pytest.fixture
def mirror(agent, clock):
    return Mirror(agent, clock)


def symbolic_link(folder: Path, secret: Path) -> None:
    (folder / "a.prb").symlink_to(secret)


def hard_link(folder: Path, secret: Path) -> None:
    (folder / "a.prb").hardlink_to(secret)


def pipe(folder: Path, secret: Path) -> None:
    os.mkfifo(folder / "a.prb")


def open_socket(folder: Path, secret: Path) -> None:
    here = Path.cwd()
    os.chdir(folder)  # the path of a socket may only be short
    try:
        with socket.socket(socket.AF_UNIX) as one:
            one.bind("a.prb")
    finally:
        os.chdir(here)


def device(folder: Path, secret: Path) -> None:
    try:
        os.mknod(folder / "a.prb", stat.S_IFCHR | 0o666, os.makedev(1, 5))  # zeros without end
    except PermissionError:
        pytest.skip("only root makes devices")


def folder_as_file(folder: Path, secret: Path) -> None:
    (folder / "a.prb").mkdir()
    (folder / "a.prb" / "b.prb").write_bytes(SECRET)


def huge(folder: Path, secret: Path) -> None:
    (folder / "a.prb").write_bytes(b"x")
    os.truncate(folder / "a.prb", 1 << 40)  # a terabyte of nothing


def sparse(folder: Path, secret: Path) -> None:
    (folder / "a.prb").touch()
    os.truncate(folder / "a.prb", SEALED_BYTES_MAX)


def empty(folder: Path, secret: Path) -> None:
    (folder / "a.prb").touch()


def half(folder: Path, secret: Path) -> None:
    (folder / f"{name_of(GOOD)}.prb").write_bytes(GOOD[:-1])


def more_than_a_seal(folder: Path, secret: Path) -> None:
    (folder / f"{name_of(GOOD)}.prb").write_bytes(GOOD + b"\0")


def hidden(folder: Path, secret: Path) -> None:
    (folder / ".a.prb").write_bytes(SECRET)


def strange_names(folder: Path, secret: Path) -> None:
    for name in ("..\\..\\evil.txt", "-rf", "a\nb.txt", "%2e%2e%2fevil", "CON", "a" * 255):
        (folder / name).write_bytes(SECRET)
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff\xfe.bin")).write_bytes(SECRET)


HOSTILE = (
    symbolic_link, hard_link, pipe, open_socket, device, folder_as_file, huge, sparse, empty, half,
    more_than_a_seal, hidden, strange_names,
)  # fmt: skip


def files_under(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir()}


@pytest.mark.parametrize("made", HOSTILE, ids=lambda made: made.__name__)
def test_what_is_no_plain_sealed_file_is_passed_over_and_the_true_answer_is_taken(
    app, agent, stick, mirror, secret, tmp_path, made
):
    made(stick / "PROCU", secret)
    (stick / "PROCU" / "true.prb").write_bytes(GOOD)
    before = files_under(tmp_path)
    imported = import_from(agent, stick, mirror)
    assert (imported.answers, imported.carried, imported.code) == (1, 0, None)
    assert [app.read_answer(name) for name in app.answer_names()] == [GOOD]
    new = {name for name in files_under(tmp_path) - before if not name.endswith(".lock")}
    assert new == {f"spool/in/{name_of(GOOD)}.prb"}


@pytest.mark.parametrize(
    "name", ["a..\\b.prb", "%2e%2e%2fa.prb", "a\nb.prb", "\u202e.prb", "-a.prb", "$(a).prb"]
)
def test_a_strange_name_is_no_name_of_ours(app, agent, stick, mirror, name):
    (stick / "PROCU" / name).write_bytes(GOOD)
    import_from(agent, stick, mirror)
    assert app.answer_names() == [name_of(GOOD)]


@pytest.mark.parametrize("made", HOSTILE, ids=lambda made: made.__name__)
def test_an_export_beside_them_copies_everything_and_follows_nothing(app, agent, stick, secret, made):
    made(stick / "PROCU", secret)
    name = app.put_bundle(sealed(CENTRE))
    assert export_to(agent, stick).exported == 1
    assert (stick / "PROCU" / f"{name}.prb").read_bytes() == sealed(CENTRE)
    assert secret.read_bytes() == SECRET


def test_a_link_in_the_place_of_our_file_is_replaced_and_not_written_through(app, agent, stick, secret):
    name = app.put_bundle(sealed(CENTRE))
    (stick / "PROCU" / f"{name}.prb").symlink_to(secret)
    export_to(agent, stick)
    assert secret.read_bytes() == SECRET
    assert not (stick / "PROCU" / f"{name}.prb").is_symlink()


def test_a_folder_in_the_place_of_our_file_is_told(app, agent, stick, capsys):
    name = app.put_bundle(sealed(CENTRE))
    (stick / "PROCU" / f"{name}.prb").mkdir()
    assert main(["export", str(stick), "--spool", str(agent.folder)]) == 3
    assert "Renommez le dossier PROCU" in capsys.readouterr().err


@pytest.mark.parametrize("place", ["PROCU", "PROCU/tuf", "PROCU/tuf/metadata"])
def test_a_folder_that_is_a_link_leads_nowhere(app, agent, tmp_path, mirror, place):
    elsewhere = tmp_path / "elsewhere"
    repository = SmallRepository(elsewhere / "tuf")
    app.put_root(repository.first_root)
    app.put_bundle(sealed(CENTRE))
    (agent.mirror / "metadata").mkdir(parents=True)
    key = tmp_path / "key"
    link = key / place
    link.parent.mkdir(parents=True)
    link.symlink_to(elsewhere / Path(place).relative_to("PROCU"))
    (elsewhere / "a.prb").write_bytes(SECRET)
    before = files_under(elsewhere)
    if place == "PROCU":
        for act in (lambda: import_from(agent, key, mirror), lambda: export_to(agent, key)):
            with pytest.raises(CarrierUnavailable, match="STICK_OBSTRUCTED"):
                act()
    else:
        imported = import_from(agent, key, mirror)
        assert not imported.tables
        assert imported.tables_code in ("STICK_OBSTRUCTED", "TRUST_UNREADABLE")
    assert files_under(elsewhere) == before
    assert app.answer_names() == []


def test_a_file_in_the_place_of_the_folder_is_told(app, agent, tmp_path):
    (tmp_path / "PROCU").write_bytes(b"")
    with pytest.raises(CarrierUnavailable, match="STICK_OBSTRUCTED"):
        export_to(agent, tmp_path)


def test_of_a_hundred_thousand_files_five_thousand_names_are_read(agent, stick, mirror, monkeypatch, capsys):
    for number in range(100_000):
        os.close(os.open(stick / "PROCU" / f"{number}.txt", os.O_CREAT | os.O_WRONLY))
    seen = [0]
    real = os.scandir

    class Counted:
        def __init__(self, where):
            self.entries = real(where)

        def __enter__(self):
            return self

        def __exit__(self, *_):
            self.entries.close()

        def __iter__(self):
            return self

        def __next__(self):
            seen[0] += 1
            return next(self.entries)

    monkeypatch.setattr("procuration.adapters.stick.os.scandir", Counted)
    assert import_from(agent, stick, mirror) == Imported(0, 0, tables=False, tables_code=None, too_many=True)
    assert ENTRIES_MAX < seen[0] < ENTRIES_MAX + 10  # and those of the spool
    monkeypatch.undo()
    assert main(["import", str(stick), "--spool", str(agent.folder)]) == 0
    assert "trop de fichiers" in capsys.readouterr().out


def test_five_thousand_files_of_others_fill_the_bag_of_the_courier_and_nothing_else(
    app, agent, stick, mirror, monkeypatch
):
    monkeypatch.setattr("sync_agent.courier.FILES_MAX", 20)
    for number in range(30):
        (stick / "PROCU" / f"{number}.prb").write_bytes(sealed(OTHER, b"%d" % number))
        (stick / "PROCU" / f"up {number}.prb").write_bytes(sealed(CENTRE, b"%d" % number))
    (stick / "PROCU" / "true.prb").write_bytes(GOOD)
    imported = import_from(agent, stick, mirror)
    assert (imported.answers, imported.carried, imported.passed_over) == (1, 40, 20)
    courier = Courier(agent.memory)
    assert len(courier.answers()) == len(courier.waiting()) == 20


def test_a_file_that_changes_while_it_is_read_is_passed_over(app, agent, stick, mirror, monkeypatch):
    path = stick / "PROCU" / "a.prb"
    path.write_bytes(GOOD)
    real, times = os.read, itertools.count(7)

    def and_changes(descriptor, count):
        data = real(descriptor, count)
        with path.open("r+b") as file:
            file.write(b"\x84")
        os.utime(path, ns=(0, next(times)))
        return data

    monkeypatch.setattr("procuration.adapters.stick.os.read", and_changes)
    assert import_from(agent, stick, mirror).passed_over == 1
    assert app.answer_names() == []


def test_a_file_that_grows_after_it_was_listed_is_passed_over(app, agent, stick, mirror, monkeypatch):
    path = stick / "PROCU" / "a.prb"
    path.write_bytes(GOOD)
    real = os.fstat

    def before_it_grew(descriptor):
        told = real(descriptor)
        with path.open("ab") as file:
            file.write(b"more")
        return told

    monkeypatch.setattr("procuration.adapters.stick.os.fstat", before_it_grew)
    assert import_from(agent, stick, mirror).passed_over == 1
    assert app.answer_names() == []


CALLS = ("open", "read", "write", "fsync", "rename", "mkdir", "stat", "fstat", "scandir", "unlink")


class Pulled:
    """The key is pulled out at the nth call that touches it: from then on each of them fails."""

    def __init__(self, monkeypatch, stick: Path, at: int, number: int) -> None:
        self.stick, self.at, self.number, self.count = str(stick), at, number, 0
        for name in CALLS:
            monkeypatch.setattr(os, name, self._failing(getattr(os, name)))

    def _failing(self, real):
        def call(first, *rest, **named):
            if self._touches(first, named):
                self.count += 1
                if self.count >= self.at:
                    raise OSError(self.number, "pulled out")
            return real(first, *rest, **named)

        return call

    def _touches(self, first, named) -> bool:
        where = named.get("dir_fd", named.get("src_dir_fd", first))
        if isinstance(where, int):
            return os.readlink(f"/proc/self/fd/{where}").startswith(self.stick)
        return os.fspath(where).startswith(self.stick)


def everything_is_whole(agent, stick, bundles) -> None:
    """No final name with half a content, here or there; nothing in staging."""
    for path in (stick / "PROCU").glob("[!.]*.prb"):
        data = path.read_bytes()
        assert data in bundles or data in (GOOD, sealed(OTHER)), path.name
    for path in (agent.folder / "in").glob("*.prb"):
        assert path.read_bytes() == GOOD
    assert not list((agent.memory / "staging").glob("*")) if (agent.memory / "staging").exists() else True


@pytest.mark.parametrize("number", [errno.EIO, errno.ENODEV, errno.ENOSPC, errno.EROFS, errno.ESTALE])
def test_r_54_a_key_pulled_out_at_any_call_of_an_export_leaves_whole_files_and_a_clear_message(
    app, agent, stick, monkeypatch, number
):
    bundles = [sealed(CENTRE, b"%d" % one) for one in range(3)]
    for bundle in bundles:
        app.put_bundle(bundle)
    at, ended, codes = 0, False, set()
    while not ended:
        at += 1
        assert at < 300, "it never ends well"
        with monkeypatch.context() as patch:
            pulled = Pulled(patch, stick, at, number)
            try:
                export_to(agent, stick)
                ended = pulled.count < at
                assert ended, "it said that all is well"
            except (CarrierUnavailable, RuleViolated) as error:
                codes.add(error.code)
        everything_is_whole(agent, stick, bundles)
        assert len(app.bundle_names()) == 3
        for path in (stick / "PROCU").glob("*.prb"):
            path.unlink()
    assert at > 20
    assert codes <= {"STICK_GONE", "STICK_FULL", "STICK_READ_ONLY", "STICK_MISSING"}


@pytest.mark.parametrize("number", [errno.EIO, errno.ENODEV, errno.ESTALE])
def test_a_key_pulled_out_at_any_call_of_an_import_gives_what_was_read_and_a_clear_message(
    app, agent, stick, mirror, monkeypatch, number
):
    for one in range(3):
        (stick / "PROCU" / f"{one}.prb").write_bytes(GOOD if one == 1 else sealed(OTHER))
    at, ended, codes = 0, False, set()
    while not ended:
        at += 1
        assert at < 300, "it never ends well"
        with monkeypatch.context() as patch:
            pulled = Pulled(patch, stick, at, number)
            try:
                imported = import_from(agent, stick, mirror)
                ended = pulled.count < at
                told = imported.code or imported.tables_code
                assert ended or told == "STICK_GONE" or imported.passed_over
            except (CarrierUnavailable, RuleViolated) as error:
                codes.add(error.code)
        everything_is_whole(agent, stick, ())
    assert at > 8
    assert codes <= {"STICK_GONE", "STICK_MISSING"}
    assert [app.read_answer(name) for name in app.answer_names()] == [GOOD]


def test_our_own_full_disk_is_told_as_such_and_nothing_is_half_there(
    app, agent, stick, mirror, monkeypatch, capsys
):
    (stick / "PROCU" / "a.prb").write_bytes(GOOD)

    def full(path, data):
        path.touch()
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(Path, "write_bytes", full)
    assert main(["import", str(stick), "--spool", str(agent.folder)]) == 1
    assert "Le disque ou la clé refuse" in capsys.readouterr().err
    assert app.answer_names() == []
    assert list((agent.memory / "staging").iterdir()) == []


def test_a_real_small_key_that_fills_up_holds_whole_files_and_says_how_many(app, agent, tmp_path, capsys):
    for number in range(40):
        app.put_bundle(sealed(CENTRE, b"%02d" % number + os.urandom(60_000)))
    mount = tmp_path / "mount"
    mount.mkdir()

    def story(key: Path) -> None:
        with pytest.raises(CarrierUnavailable) as caught:
            export_to(agent, key)
        assert caught.value.code == "STICK_FULL"
        there = list((key / "PROCU").glob("*.prb"))
        assert len(there) == caught.value.ids["done"] > 5
        for path in there:
            assert name_of(path.read_bytes()) == path.stem
        assert not list((key / "PROCU").glob(".*"))

    on_a_small_disk(mount, 1, story)
    assert len(app.bundle_names()) == 40


def test_no_key_is_told_with_the_next_step(agent, tmp_path, capsys):
    for verb in ("export", "import"):
        assert main([verb, str(tmp_path / "nothing"), "--spool", str(agent.folder)]) == 1
        assert "Branchez la clé" in capsys.readouterr().err


def test_a_read_only_key_is_told_with_the_next_step(app, agent, stick, monkeypatch, capsys):
    app.put_bundle(sealed(CENTRE))
    with monkeypatch.context() as patch:
        real = os.open

        def read_only(path, flags, *rest, **named):
            if flags & os.O_CREAT and "dir_fd" in named:
                raise OSError(errno.EROFS, "read only")
            return real(path, flags, *rest, **named)

        patch.setattr(os, "open", read_only)
        assert main(["export", str(stick), "--spool", str(agent.folder)]) == 3
    assert "refuse l’écriture" in capsys.readouterr().err


def test_a_copy_cut_short_leaves_a_name_that_nobody_reads_and_the_next_one_clears_it(app, agent, stick):
    (stick / "PROCU" / ".0a1b2c3d.tmp").write_bytes(sealed(CENTRE)[:9])
    app.put_bundle(sealed(CENTRE))
    export_to(agent, stick)
    assert not list((stick / "PROCU").glob(".*"))
