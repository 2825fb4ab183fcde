"""The proofs that the centre contradicted itself, left where whoever copies to a stick finds them: somebody
at the centre who does not believe the tablet believes the centre's own signatures.
"""

import logging

from kiosk_app.station import OpenStore
from procuration.adapters.spool import AppSpool, name_of
from procuration.adapters.stick import CONTESTED

log = logging.getLogger(__name__)


def hand_over(store: OpenStore, spool: AppSpool) -> None:
    """Every proof of this store, once; again after a lost spool."""
    proofs = store.alarms.proofs()
    if not proofs:
        return
    there = {file.name for file in spool.contested_files()}
    for proof in proofs:
        if name_of(proof) + CONTESTED in there:
            continue
        try:
            spool.put_contested(proof)
        except OSError:  # the store keeps it; the next step tries again
            log.warning("proof_not_written", extra={"code": "DISK"})
            return
