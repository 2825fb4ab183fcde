"""Every page of the web side, by role and state: what `test_every_page.py` audits and `album.py` draws.

To add a page: open it in a scene of the module of its role (`scenes_*.py`), say `stage.shows("its state")`,
and name its view in the scene's decorator. An address that nobody visits makes the audit fail.
"""

from typing import Final

from tests.browser import scenes_console, scenes_public, scenes_town_hall, scenes_work_list
from tests.browser.scene import Scene

SCENES: Final[tuple[Scene, ...]] = (
    *scenes_public.SCENES,
    *scenes_town_hall.SCENES,
    *scenes_work_list.SCENES,
    *scenes_console.SCENES,
)

NOT_A_PAGE: Final[dict[str, str]] = {
    "v1/health": "JSON for machines (docs/openapi.yaml)",
    "pages:sign_out": "answers a form with a redirection",
    "mairie:told": "answers a form with a redirection",
    "registers:file": "PDF and CSV",
    "registers:special_file": "PDF and CSV",
    "reception:desks_file": "CSV and JSON",
    "reception:departement_file": "CSV and JSON",
    "console:request_file": "the request as its tablet sent it",
}
"""Views without a page of their own, and what they answer."""

NEEDS_A_SCRIPT: Final[dict[str, str]] = {}
"""Views whose pages cannot do their work without JavaScript, and why."""
