"""A centre on SQLite and the tablets that speak to it, for the recording; and who audits it after a cut.

`python -m tests.faults.centre_life prepare|live|audit FOLDER`; `PROCURATION_HOME` names the centre's home.
"""

import json
import os
import pickle
import sys
from pathlib import Path

from django.core.management import call_command
from django.db import connections

import server.config.wsgi  # noqa: F401  # sets Django up as a worker of `serve` does
from server.dossiers.models import Procuration
from server.dossiers.services import take_in_established
from server.ledger.enrol import accept_enrolment
from server.ledger.models import Checkpoint, Device, Event, Leaf
from server.ledger.services import accept_bundle
from server.ledger.tree import append_due_leaves
from server.ledger.verifying import verify_ledger
from tests import builders
from tests.faults.recording import mark
from tests.server.centre import World, centre_of

REQUESTS = 6
BUNDLES = "bundles.pickle"


def told_of(proved):
    """What a receipt says, in words that a mark can hold."""
    return {
        "log": proved.log_id.hex(),
        "seq": proved.seq,
        "hash": proved.hash.hex(),
        "size": proved.tree.size,
        "root": proved.tree.root.hex(),
    }


def live(folder):
    """Bundles come in, one after the other; each receipt that leaves is a mark."""
    descriptor = os.open(folder / "marks", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    world = World(centre_of(Path(os.environ["PROCURATION_HOME"])))
    kiosk, brigade, officer = world.kiosk(), world.brigade(), builders.key("officer")
    mark(descriptor, enrolled=[tablet.log_id.hex() for tablet in (kiosk, brigade)])
    sent = [(tablet.sealed_enrolment(), True) for tablet in (kiosk, brigade)]

    def hears(tablet):
        sealed = tablet.sealed()
        sent.append((sealed, False))
        (folder / BUNDLES).write_bytes(pickle.dumps(sent))
        told = len(tablet.receipts)
        tablet.reads(sealed, world.takes(sealed))
        tablet.sent = len(tablet.pairs)
        for proved in tablet.receipts[told:]:
            mark(descriptor, **told_of(proved))

    kiosk.starts_hiding_bodies()
    brigade.enrols(officer)
    hears(brigade)
    for number in range(1, REQUESTS + 1):
        request = kiosk.files(number)
        hears(kiosk)
        if number % 2:
            brigade.acts(request, officer, number)
            hears(brigade)
    os._exit(0)  # nothing is closed, as when the power goes


def audit(folder):
    """For each line, a database: what it holds, and once the same bundles came again, when that is asked."""
    sent = pickle.loads((folder / BUNDLES).read_bytes())
    settings = connections["default"].settings_dict
    for line in sys.stdin:
        settings["NAME"], _, again = line.strip().partition(" ")
        connections["default"].close()
        centre = centre_of(Path(settings["NAME"]).parent)  # what the centre remembers beside its database
        before = _found(centre)
        for sealed, is_enrolment in sent if again else ():
            _comes_again(centre, sealed, is_enrolment)
        take_in_established(centre)  # what the background job of `serve` finishes
        append_due_leaves(centre)
        print(json.dumps({"before": before, "after": _found(centre)}), flush=True)


def _comes_again(centre, sealed, is_enrolment):
    accept = accept_enrolment if is_enrolment else accept_bundle
    accept(centre, sealed, centre.clock.now())


def _found(centre):
    return {
        "faults": verify_ledger(centre, lambda _: None).faults,
        "devices": list(Device.objects.values_list("log_id", flat=True)),
        "events": {f"{event.device.log_id} {event.seq}": bytes(event.hash).hex() for event in _events()},
        "leaves": [[leaf.device.log_id, leaf.seq, bytes(leaf.hash).hex()] for leaf in _leaves()],
        "checkpoints": {row.size: bytes(row.root).hex() for row in Checkpoint.objects.all()},
        "dossiers": sorted(map(list, Procuration.objects.values_list("rid", "status"))),
    }


def _events():
    return Event.objects.select_related("device")


def _leaves():
    return Leaf.objects.select_related("device").order_by("index")


def main(verb, folder):
    if verb == "prepare":
        call_command("migrate", verbosity=0, skip_checks=True)
        connections.close_all()
    else:
        {"live": live, "audit": audit}[verb](Path(folder))


if __name__ == "__main__":
    main(*sys.argv[1:])
