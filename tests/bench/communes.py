"""How long the commune search makes a person wait: loading the table, and from key press to answer."""

import gc
import statistics
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

import provisioning.reference_data
from procuration.domain.communes import CommuneIndex
from procuration.record.tables import read_table

TABLE = Path(provisioning.reference_data.__file__).with_name("communes-2026.cbor")
ROUNDS = 5
LOADS = 5

# What people type to the last key: names whole and abbreviated, with département or postal code, mistakes.
TYPED = (
    "Nouméa",
    "nouméa 988",
    "98800",
    "dumbea",
    "l'île des pins",
    "lile des pins",
    "le mont-dore",
    "paris 15",
    "15e paris",
    "Paris 1er arrondissement",
    "75015",
    "lyon 3eme",
    "marseille",
    "marsielle",
    "st denis",
    "saint-denis réunion",
    "ste colombe rhone",
    "laon aisne",
    "02000",
    "saint quentin",
    "chateau thierry",
    "l'hay les roses",
    "oeuilly",
    "strasbuorg",
    "montpelier",
    "sain etienne",
    "le havre",
    "us",
    "uvea wallis",
    "saint-germain-en-laye",
    "arboys en bugey",
    "zzzzzz",
)


def key_presses() -> list[str]:
    """What the field holds after each key, as the search is asked."""
    return [typed[:length] for typed in TYPED for length in range(1, len(typed) + 1)]


def seconds_of_searches(index: CommuneIndex) -> list[float]:
    durations = []
    for _ in range(ROUNDS):
        for query in key_presses():
            start = perf_counter()
            index.search(query)
            durations.append(perf_counter() - start)
    return sorted(durations)


def seconds_of_loads() -> list[float]:
    """From the bytes of the file to an index that answers."""
    data, durations = TABLE.read_bytes(), []
    for _ in range(LOADS):
        gc.collect()
        start = perf_counter()
        CommuneIndex.from_table(read_table(data).rows)
        durations.append(perf_counter() - start)
    return durations


def measure() -> Iterator[dict[str, Any]]:
    """One figure at a time, as `make bench` prints them."""
    loads = seconds_of_loads()
    index = CommuneIndex.from_table(read_table(TABLE.read_bytes()).rows)
    searches = seconds_of_searches(index)
    context = {"places": len(index), "key_presses": len(searches)}
    percentile_95 = searches[len(searches) * 95 // 100]
    yield _milliseconds("commune_search_p95", percentile_95, context | {"at_most": 10})
    yield _milliseconds("commune_search_p50", statistics.median(searches), context)
    yield _milliseconds("commune_search_max", searches[-1], context)
    yield _milliseconds("commune_table_load", statistics.median(loads), {"bytes": TABLE.stat().st_size})


def _milliseconds(name: str, seconds: float, context: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "value": round(seconds * 1000, 3), "unit": "ms", "context": context}
