"""Invented electors: few enough that they meet again, as rivals of one mandataire or twice with one wish."""

from dataclasses import replace
from functools import cache

from procuration.domain.people import PartialDate
from procuration.domain.validity import OneScrutin, Rounds
from procuration.record.tables import encode_table, read_table
from tests import builders
from tests.kiosk import world as kiosk_world

MANDANTS, MANDATAIRES = 400, 150
PLACES = (
    # commune of vote, scrutin, who controls it: the town hall in New Caledonia, the register elsewhere
    (builders.NOUMEA, builders.SCRUTIN_ID),
    (builders.LAON, "2027-04-presidentielle/metropole"),
)
_DEPARTEMENTS = ("988", "02")
_TERMS = {"kiosk_body_retention_hours": 1, "brigade_body_retention_hours": 2}  # a day has few hours here
_COMMUNES = ("98818", "98805", "02408")


def _letters(number: int) -> str:
    return "".join("ABCDEFGHIJ"[int(digit)] for digit in str(number))


def draft(number: int):
    """What the elector of that number asks for, always the same."""
    place, scrutin = PLACES[number % len(PLACES)]
    mandant = replace(
        builders.ANGELA,
        birth_name=f"MARCHEUR {_letters(number % MANDANTS)}",
        birth_date=PartialDate(1950 + number % 40, 1 + number % 12, 1 + number % 28),
    )
    mandataire = replace(
        builders.JEAN_CLAUDE, birth_name=f"PORTEUR {_letters(number * 7 % MANDATAIRES)}", enrolment=place
    )
    return kiosk_world.draft(
        mandant=mandant,
        mandataire=mandataire,
        vote_place=place,
        validity=OneScrutin(scrutin_id=scrutin, rounds=Rounds(1 + number % 3)),
        email=f"electeur{number}@exemple.fr" if number % 5 else None,
    )


@cache
def reference_tables() -> dict[str, bytes]:
    """The real law, but for how long tablets keep copies; of the real calendar and communes, those of the
    places that the simulator uses."""
    files = {
        f"{name}.cbor": (kiosk_world.REFERENCE_DATA / f"{source}.cbor").read_bytes()
        for name, source in (("law", "law"), ("calendar", "calendar-demo"), ("communes", "communes-2026"))
    }
    kept = {
        "calendar.cbor": lambda row: row[0] in {scrutin for _, scrutin in PLACES},
        "communes.cbor": lambda row: row[0] in _DEPARTEMENTS,
    }
    for name, keeps in kept.items():
        table = read_table(files[name])
        rows = [_shortened(row) for row in table.rows if keeps(row)]
        files[name] = encode_table(table.version, table.issued, rows)
    law = read_table(files["law.cbor"])
    rows = [[name, _TERMS.get(name, value), *rest] for name, value, *rest in law.rows]
    files["law.cbor"] = encode_table(law.version, law.issued, rows)
    return {"sites.cbor": encode_table(1, builders.NOW, ()), **files}


def _shortened(row):
    """Of a département, the communes where anything happens: a small store is copied often."""
    if row[0] not in _DEPARTEMENTS:
        return row
    *before, communes = row
    return [*before, ";".join(one for one in communes.split(";") if one.startswith(_COMMUNES))]
