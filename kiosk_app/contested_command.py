"""`procuration-kiosk contested`: the proofs that the centre contradicted itself, as files for its console.

A stick that the tablet's agent writes carries the same files; this is for a tablet without one.
"""

import argparse

from kiosk_app.commands import Report, _code, station_of
from procuration.adapters.durable_file import write_durably
from procuration.adapters.spool import name_of
from procuration.adapters.stick import CONTESTED
from procuration.errors import RuleViolated


def contested(options: argparse.Namespace) -> Report:
    """Writes each proof under the name of its content. Raises: RuleViolated DOSSIER_ABSENT."""
    if not options.to.is_dir():
        raise RuleViolated("DOSSIER_ABSENT")
    station = station_of(options)
    try:
        station.open(_code(options.code_file))
        proofs = station.store.alarms.proofs()
    finally:
        station.close()
    files = [options.to / f"{name_of(proof)}{CONTESTED}" for proof in proofs]
    for file, proof in zip(files, proofs, strict=True):
        write_durably(file, proof)
    said = {
        0: "Ce poste n’a vu aucune contradiction du centre.",
        1: "Une preuve écrite. Déposez-la dans la console du centre.",
    }.get(len(files), f"{len(files)} preuves écrites. Déposez-les dans la console du centre.")
    return Report((said,), {"proofs": [str(file) for file in files]})
