"""The tables as they ship: rules are tested on the figures that people live under."""

from pathlib import Path

import provisioning.reference_data
from procuration.domain.law import Law, Parameter
from procuration.record.tables import read_calendar, read_law, read_table

FOLDER = Path(provisioning.reference_data.__file__).parent
PARAMETERS = read_law(read_table((FOLDER / "law.cbor").read_bytes()))
LAW = Law(PARAMETERS)
CALENDAR = read_calendar(read_table((FOLDER / "calendar-demo.cbor").read_bytes()))


def scrutin(id_):
    """One row of the shipped calendar."""
    (found,) = [one for one in CALENDAR if one.id == id_]
    return found


def law_with(**values):
    """The shipped law where these parameters have another value, everywhere and always."""
    return Law(
        Parameter(
            name=one.name,
            value=values.get(one.name, one.value),
            territory=one.territory,
            first_day=one.first_day,
            last_day=one.last_day,
            article=one.article,
        )
        for one in PARAMETERS
    )
