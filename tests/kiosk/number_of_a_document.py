"""A program of a test: an officer reads a document, signs and locks; then it waits to be looked through.

It is given pictures only: the number of the document is in its memory for no other reason than the reading.
Arguments: a folder, the picture of the document, and "careless" to keep what should be emptied.
"""

import gc
import shutil
import sys
from pathlib import Path

from kiosk_app.devices import mrz_lines
from kiosk_app.devices.receipt_reader import PictureReader
from kiosk_app.memory import give_back_freed_memory, keep_memory_small
from kiosk_app.parts import PluggedIn, Workshop
from kiosk_app.presenters.brigade import BrigadePresenter
from tests.kiosk.presenters.fakes import ScreenSeen, VirtualTime, at_once, wording
from tests.kiosk.world import OFFICER_CODE, World, draft
from tests.screens.states import CHECKED

KEPT = []


def main(folder, document, careless):
    keep_memory_small()
    if careless:
        mrz_lines._empty = KEPT.append
    held = folder / "held"
    held.mkdir()
    world = World(folder)
    kiosk = world.kiosk().leases("XBQ7V3")
    brigade = world.brigade().holds_epoch_key().enrols_officer()
    (held / "a.png").write_bytes(kiosk.file(draft()).image_png)
    plugged = PluggedIn(printer=PluggedIn.of_options(None, None).printer, reader=PictureReader(held))
    screen = ScreenSeen()
    parts = Workshop(brigade.station, brigade.spool, plugged).brigade(VirtualTime(), at_once)
    presenter = BrigadePresenter(screen, wording(), parts)
    presenter.start()
    presenter.act("unlock", {"code": OFFICER_CODE})
    presenter.act("scan", {})
    shutil.copy(document, held / "b.png")
    presenter.act("identity.read", {})
    print(screen.page.document.tone, flush=True)
    presenter.act("validate", CHECKED | {"document": "2"})
    presenter.act("sign", {"code": OFFICER_CODE})
    print(screen.page.name, flush=True)
    presenter.act("lock", {})
    brigade.exchange.step()
    gc.collect()
    give_back_freed_memory()
    print("locked", flush=True)
    number = sys.stdin.readline().strip().encode()  # only now, to look through the store
    database = brigade.store.connection
    tables = [name for (name,) in database.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
    values = [value for name in tables for row in database.rows(f"SELECT * FROM {name}") for value in row]
    found = [one for one in values if number in (one if isinstance(one, bytes) else str(one).encode())]
    print(len(values) > 100, len(found), flush=True)
    for tablet in world.tablets:
        tablet.station.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:] == ["careless"])
