"""Every sentence that the tablet shows in English, with the keys of the French catalogue."""

from typing import Final

from kiosk_app import texts_fr

SENTENCES: Final[dict[str, str]] = texts_fr.SENTENCES | {}
