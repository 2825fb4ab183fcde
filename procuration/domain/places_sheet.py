"""The columns of a spreadsheet of places: `places import` reads them, and what the centre publishes with them
can be imported again (docs/reference-data.md, 4).
"""

from typing import Final

DAYS: Final = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
COLUMNS: Final = (
    "id", "genre", "nom", "adresse_1", "adresse_2", "adresse_3", "code_commune", "latitude", "longitude",
    *DAYS, "fermetures", "telephone", "du", "au",
)  # fmt: skip
