"""The pages of a tablet that went silent with a backlog, and of a database put back under the service."""

from datetime import timedelta

from procuration.record.backlog import Backlog
from server.ledger.ledger_head import LedgerHead, read_head, write_head
from tests.browser.scene import Scene, Stage, scene
from tests.builders import NOW


@scene("console:overview", "console:devices", "console:device", "console:fleet")
def a_tablet_is_silent_and_keeps_events_while_a_ballot_is_near(stage: Stage) -> None:
    world, kiosk = stage.story.world, stage.story.kiosk
    stage.story.established(1)
    told = Backlog(length=len(kiosk.pairs) + 37, oldest=NOW - timedelta(hours=30))
    world.takes(kiosk.sealed(backlog=told))
    world.clock.at = NOW + timedelta(hours=72)
    stage.is_administrator()
    stage.goes_to("/console/", "console-alarme-arriere")
    stage.goes_to("/console/postes/?etat=urgent", "console-postes-arriere")
    stage.goes_to(f"/console/postes/{kiosk.log_id.hex()}/", "console-poste-arriere")
    stage.goes_to("/console/parc/", "console-parc-arriere")


@scene("mairie:procuration")
def a_backup_was_put_back_under_the_service(stage: Stage) -> None:
    rid = stage.story.established(1)
    stage.is_agent()
    home = stage.story.world.centre.home
    head = read_head(home)
    assert head is not None
    write_head(home, LedgerHead(epoch=head.epoch, log_id=head.log_id, size=head.size + 1, root=b"x" * 32))
    stage.goes_to(f"/mairie/procurations/{rid}/", "erreur-503-restauree", 503)


SCENES: tuple[Scene, ...] = (
    a_tablet_is_silent_and_keeps_events_while_a_ballot_is_near,
    a_backup_was_put_back_under_the_service,
)
