"""A list of any length as an indexed file: built whole or not at all, and asked like the small list."""

import sqlite3
import stat
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from procuration.domain.people import PartialDate, Person, Place, PlaceType, Sex
from procuration.domain.refusal import RefusalCode
from procuration.errors import CarrierUnavailable, RecordRejected
from provisioning.reference_data import build_register
from provisioning.reference_data.build_register import Case, Country, Invented, electors, invented
from server.register import electors_index
from server.register.electors_csv import COLUMNS, electors_of, read_electors
from server.register.electors_file import FileRegister
from server.register.electors_index import about, build_index, check_index
from server.register.port import Question

SEED = 7
WANTED = 2_000
COUNTRY = Country.of_table()


@pytest.fixture(scope="module")
def csv_file(tmp_path_factory) -> Path:
    """The list of two thousand invented electors."""
    path = tmp_path_factory.mktemp("register") / "electors.csv"
    build_register.write(path, SEED, WANTED, StringIO())
    return path


@pytest.fixture
def index(csv_file: Path, tmp_path: Path) -> Path:
    path = tmp_path / "electors.index"
    build_index(csv_file, path, lambda _: None)
    return path


def of_case(case: Case, nth: int = 0) -> Invented:
    found = (one for one in (invented(SEED, index, COUNTRY) for index in range(WANTED)) if one.case is case)
    return [next(found) for _ in range(nth + 1)][-1]


def place(one: Invented) -> Place:
    code, kind = one.place
    return Place(code=code, type=PlaceType(kind), cog_year=2026)


def by_name(one: Invented, **changes: object) -> Person:
    named = Person(
        birth_date=PartialDate(*map(int, one.born.split("-"))),
        birth_name=one.birth_name,
        given_names=one.given_names or None,
        sex=Sex.FEMALE if one.sex == "F" else Sex.MALE,
        enrolment=place(one),
    )
    return replace(named, **changes)


def by_number(one: Invented) -> Person:
    return Person(birth_date=PartialDate(*map(int, one.born.split("-"))), elector_number=one.number)


PLAIN = of_case(Case.PLAIN, 40)


def question(mandataire: Person, mandant: Invented = PLAIN) -> Question:
    return Question(rid="1", mandant=by_name(mandant), vote_place=place(mandant), mandataire=mandataire)


EXPECTED = {
    Case.PLAIN: None,
    Case.HOMONYM: RefusalCode.MANDATAIRE_INTROUVABLE,
    Case.STRUCK_OFF: RefusalCode.MANDATAIRE_INTROUVABLE,
    Case.WITHOUT_RIGHTS: RefusalCode.MANDATAIRE_SANS_DROITS,
    Case.AT_THE_MAXIMUM: RefusalCode.PLAFOND_DEPASSE,
}


@pytest.mark.parametrize("case", Case)
def test_r_26_each_case_of_the_invented_list_is_answered_as_the_law_says(index: Path, csv_file, case: Case):
    asked = question(by_name(of_case(case, 4)))  # the first plain one has a homonym after it
    for file in (index, csv_file):
        assert FileRegister(file).ask([asked]) == {"1": EXPECTED.get(case)}


def test_r_26_a_number_tells_homonyms_apart_and_needs_its_birth_date(index: Path):
    homonym, register = of_case(Case.HOMONYM), FileRegister(index)
    assert register.ask([question(by_number(homonym))]) == {"1": None}
    another_day = replace(by_number(homonym), birth_date=PartialDate(1901, 1, 1))
    assert register.ask([question(another_day)]) == {"1": RefusalCode.MANDATAIRE_INTROUVABLE}


@pytest.mark.parametrize(
    "written",
    [
        {"birth_name": of_case(Case.COMPOUND).birth_name.replace("-", " ").lower()},
        {"sex": None},
        {"given_names": (of_case(Case.COMPOUND).given_names or "").upper()},
    ],
)
def test_r_26_spelling_and_a_sex_that_is_not_said_change_nothing(index: Path, written: dict):
    assert FileRegister(index).ask([question(by_name(of_case(Case.COMPOUND), **written))]) == {"1": None}


def test_r_26_half_of_a_double_name_is_another_name(index: Path):
    used = of_case(Case.COMPOUND).birth_name.partition("-")[0]
    asked = question(by_name(of_case(Case.COMPOUND), birth_name=used))
    assert FileRegister(index).ask([asked]) == {"1": RefusalCode.MANDATAIRE_INTROUVABLE}


def test_r_02_a_mandant_without_rights_or_struck_off_is_not_enrolled(index: Path):
    register = FileRegister(index)
    for case in (Case.WITHOUT_RIGHTS, Case.STRUCK_OFF):
        asked = question(by_name(PLAIN), of_case(case))
        assert register.ask([asked]) == {"1": RefusalCode.MANDANT_NON_INSCRIT}


def test_the_invented_list_has_every_case_and_no_number_in_nouvelle_caledonie():
    people = list(electors(SEED, WANTED, COUNTRY))
    assert len(people) == WANTED
    assert {one.case for one in people} == set(Case) - {Case.STRUCK_OFF}
    caledonians = [one for one in people if one.place[0].startswith("988")]
    assert caledonians
    assert not any(one.number for one in caledonians)
    assert {"2A", "2B"} <= {one.place[0][:2] for one in people}


def test_the_same_seed_gives_the_same_list_and_another_another():
    def lines(seed: int) -> list[str]:
        return [one.line() for one in electors(seed, 50, COUNTRY)]

    assert lines(1) == lines(1)
    assert lines(1) != lines(2)


def test_the_invented_list_is_a_list(csv_file: Path):
    assert ";".join(COLUMNS) == build_register.HEADER
    assert len(read_electors(csv_file.read_bytes())) == WANTED
    assert stat.S_IMODE(csv_file.stat().st_mode) == 0o600


# the index


def test_an_index_names_nobody(index: Path, csv_file: Path):
    data = index.read_bytes()
    for one in electors(SEED, 50, COUNTRY):
        assert one.birth_name.encode() not in data
        assert not one.number or one.number.encode() not in data
        assert one.born.encode() not in data
    assert stat.S_IMODE(index.stat().st_mode) == 0o600


def test_a_question_reads_an_index_and_never_the_list(index: Path):
    with sqlite3.connect(index) as connection:
        for query in (electors_index._BY_NAME, electors_index._BY_NUMBER):
            plan = connection.execute(f"EXPLAIN QUERY PLAN {query}", (b"", None, None)).fetchall()
            assert all("USING INDEX" in step[3] or "TEMP B-TREE" in step[3] for step in plan), plan


def test_a_list_with_a_bad_line_leaves_the_old_index(index: Path, csv_file: Path, tmp_path: Path):
    before, bad = index.read_bytes(), tmp_path / "bad.csv"
    lines = csv_file.read_text("utf-8").splitlines(keepends=True)
    lines[1_500] = (
        lines[1_500].replace(";1;0\n", ";9;0\n").replace(";1;1\n", ";9;1\n").replace(";0;0\n", ";9;0\n")
    )
    bad.write_text("".join(lines), "utf-8")
    with pytest.raises(RecordRejected) as refusal:
        build_index(bad, index, lambda _: None)
    assert refusal.value.ids == {"line": 1_501, "column": "may_vote"}
    assert index.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.csv", "electors.index"]


def test_a_list_that_is_too_long_is_refused(csv_file: Path):
    with csv_file.open("rb") as file, pytest.raises(RecordRejected, match="REGISTRE_TROP_GRAND") as refusal:
        list(electors_of(file, 10))
    assert refusal.value.ids["line"] == 12


def test_a_line_that_is_too_long_is_refused_before_it_is_read(tmp_path: Path):
    path = tmp_path / "electors.csv"
    path.write_bytes((";".join(COLUMNS) + "\n").encode() + b"A" * 1_000_000)
    with pytest.raises(RecordRejected) as refusal:
        build_index(path, tmp_path / "i", lambda _: None)
    assert refusal.value.ids == {"line": 2}


def test_a_list_that_is_not_there_and_a_folder_that_cannot_be_written(csv_file: Path, tmp_path: Path):
    with pytest.raises(CarrierUnavailable, match="REGISTRE_ABSENT"):
        build_index(tmp_path / "none.csv", tmp_path / "i", lambda _: None)
    with pytest.raises(CarrierUnavailable, match="REGISTRE_ABSENT"):
        build_index(csv_file, tmp_path / "none" / "i", lambda _: None)


def test_an_index_is_checked_whole(index: Path):
    seen = []
    assert check_index(index, seen.append) == about(index)
    assert sum(seen) == about(index).electors == WANTED
    with sqlite3.connect(index) as connection:
        connection.execute("UPDATE elector SET may_vote = 0 WHERE rowid = 1000")
    with pytest.raises(RecordRejected, match="REGISTRE_ABIME"):
        check_index(index, lambda _: None)


@pytest.mark.parametrize("cut", [16, 100, 5_000, -1_000])
def test_an_index_that_is_cut_or_of_another_program_is_refused(index: Path, cut: int):
    index.write_bytes(index.read_bytes()[:cut])
    with pytest.raises(RecordRejected):
        check_index(index, lambda _: None)


def test_another_database_is_no_index(tmp_path: Path):
    path = tmp_path / "other.sqlite3"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE elector (name_key)")
    with pytest.raises(RecordRejected, match="REGISTRE_ILLISIBLE"):
        FileRegister(path).ask([question(by_name(PLAIN))])


def test_what_is_asked_after_an_index_was_replaced_is_answered_from_the_new_one(index: Path, tmp_path: Path):
    register, asked = FileRegister(index), question(by_name(PLAIN))
    assert register.ask([asked]) == {"1": None}
    empty = tmp_path / "empty.csv"
    empty.write_text(";".join(COLUMNS) + "\n")
    build_index(empty, index, lambda _: None)
    assert register.ask([asked]) == {"1": RefusalCode.MANDANT_NON_INSCRIT}


# the command


def run(*words: object) -> tuple[int, str]:
    out, err = StringIO(), StringIO()
    try:
        call_command("register_file", *map(str, words), stdout=out, stderr=err)
    except SystemExit as end:
        return int(end.code or 0), err.getvalue()
    return 0, out.getvalue()


def test_the_command_builds_and_checks(csv_file: Path, tmp_path: Path):
    target = tmp_path / "electors.index"
    status, said = run("build", csv_file, target)
    assert (status, "2\u202f000 électeurs" in said) == (0, True)
    status, said = run("check", target)
    assert (status, "Index intact" in said) == (0, True)


@pytest.mark.parametrize(
    ("text", "status", "sentence"),
    [
        ("nothing\n", 1, "ligne 1 illisible"),
        (
            f"{';'.join(COLUMNS)}\n1;A;B;F;1990-13-01;02408;1;1;0\n",
            1,
            "colonne «\xa0birth_date\xa0» illisible",
        ),
        (None, 3, "n’existe pas"),
    ],
)
def test_the_command_says_which_line_and_never_what_stands_in_it(tmp_path: Path, text, status, sentence):
    source = tmp_path / "electors.csv"
    if text:
        source.write_text(text)
    ended, said = run("build", source, tmp_path / "electors.index")
    assert ended == status
    assert sentence in said
    assert "1990" not in said
