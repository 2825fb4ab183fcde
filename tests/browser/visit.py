"""Every page of the web side, by role and state: what `test_every_page.py` audits and `album.py` draws.

To add a page: open it in a scene of the module of its role (`scenes_*.py`), say `stage.shows("its state")`,
and name its view in the scene's decorator. An address that nobody visits makes the audit fail.
"""

from typing import Final

from tests.browser import (
    scenes_backlog,
    scenes_console,
    scenes_dossiers,
    scenes_electors,
    scenes_identity,
    scenes_officer,
    scenes_public,
    scenes_register,
    scenes_supervision,
    scenes_town_hall,
    scenes_work_list,
)
from tests.browser.scene import Scene

SCENES: Final[tuple[Scene, ...]] = (
    *scenes_public.SCENES,
    *scenes_identity.SCENES,
    *scenes_electors.SCENES,
    *scenes_town_hall.SCENES,
    *scenes_work_list.SCENES,
    *scenes_officer.SCENES,
    *scenes_console.SCENES,
    *scenes_register.SCENES,
    *scenes_supervision.SCENES,
    *scenes_dossiers.SCENES,
    *scenes_backlog.SCENES,
)

NOT_A_PAGE: Final[dict[str, str]] = {
    "v1/health": "JSON for machines (docs/openapi.json)",
    "pages:sign_out": "answers a form with a redirection",
    "usagers:start": "answers a form with a redirection",
    "usagers:leave": "answers a form with a redirection",
    "usagers:language": "a redirection to the page where the elector was",
    "mairie:told": "answers a form with a redirection",
    "mairie:untold": "answers a form with a redirection",
    "health:metrics": "figures for Prometheus, for who has the token",
    "registers:file": "PDF and CSV",
    "registers:special_file": "PDF and CSV",
    "reception:desks_file": "CSV and JSON",
    "reception:departement_file": "CSV and JSON",
    "brigade:key_request": "the request as the supervisor takes it",
    "console:preview_html": "a message as its mailbox lays it out, in a sandbox",
    "console:export": "CSV",
    "console:contested_file": "the proof as it was filed",
    "console:request_file": "the request as its tablet sent it",
}
"""Views without a page of their own, and what they answer."""

NEEDS_A_SCRIPT: Final[dict[str, str]] = {
    "brigade:add_key": "only a script may ask the browser for a security key (WebAuthn)",
    "brigade:request": "its form answers with the page that asks for the key",
    "brigade:refuse": "its form answers with the page that asks for the key",
    "brigade:correct": "its form answers with the page that asks for the key",
    "brigade:end_one": "its form answers with the page that asks for the key",
    "brigade:end_check": "its form answers with the page that asks for the key",
}
"""Views whose pages cannot do their work without JavaScript, and why."""
