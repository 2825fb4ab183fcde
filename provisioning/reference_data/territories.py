"""Codes of places and territories, and the time zone each keeps.

Only the scripts of this folder read it: programs read the zone from the tables these scripts write.
"""

METROPOLITAN_ZONE = "Europe/Paris"

ZONE_BY_TERRITORY = {
    "971": "America/Guadeloupe",
    "972": "America/Martinique",
    "973": "America/Cayenne",
    "974": "Indian/Reunion",
    "975": "America/Miquelon",
    "976": "Indian/Mayotte",
    "977": "America/St_Barthelemy",
    "978": "America/Marigot",
    "986": "Pacific/Wallis",
    "987": "Pacific/Tahiti",
    "988": "Pacific/Noumea",
}

ZONE_BY_COMMUNE = {
    "98719": "Pacific/Gambier",
    # The six communes of the Marquesas, half an hour ahead of Tahiti.
    "98718": "Pacific/Marquesas",
    "98723": "Pacific/Marquesas",
    "98731": "Pacific/Marquesas",
    "98746": "Pacific/Marquesas",
    "98756": "Pacific/Marquesas",
    "98757": "Pacific/Marquesas",
}

COMMUNE, ARRONDISSEMENT = 1, 2

ARRONDISSEMENTS = frozenset(
    str(code)
    for first, last in ((13201, 13216), (69381, 69389), (75101, 75120))
    for code in range(first, last + 1)
)


def departement_of(place_code: str) -> str:
    """Département or territory code of an INSEE place code: three characters overseas, else two."""
    return place_code[:3] if place_code.startswith(("97", "98")) else place_code[:2]


def zone_of_territory(departement: str) -> str:
    return ZONE_BY_TERRITORY.get(departement, METROPOLITAN_ZONE)


def zone_of_place(code: str) -> str:
    """Zone of a place, or of a département or territory."""
    return ZONE_BY_COMMUNE.get(code) or zone_of_territory(departement_of(code))
