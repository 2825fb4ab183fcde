"""Every size that a reader checks before it parses (SECURITY-DESIGN 1, 8, 9). Bytes, unless the name says
otherwise."""

from typing import Final

REQUEST_BODY_BYTES_MAX: Final = 1_600
"""Body of a filed event: a longer one would not fit the QR of the paper."""
BODY_BYTES_MAX: Final = 8 * 1024
EVENT_BYTES_MAX: Final = 16 * 1024
SIGN1_BYTES_MAX: Final = 4 * 1024
"""Signature part of an event or an act: their payloads hold no free text longer than names."""
BUNDLE_BYTES_MAX: Final = 4 * 1024 * 1024
BUNDLE_EVENTS_MAX: Final = 1_000
BUNDLE_ITEMS_MAX: Final = 3 * BUNDLE_EVENTS_MAX + 4
"""Values in it: a list of two byte strings for each event, beside manifest, padding and two lists."""
SEALED_BUNDLE_BYTES_MAX: Final = BUNDLE_BYTES_MAX + 2 * 1024
"""A bundle and its seal: 1 136 B of HPKE and a few of CBOR."""
DOWN_ENTRIES_BYTES_MAX: Final = 1024 * 1024
DOWN_ITEMS_MAX: Final = 250_000
"""Values in an answer: a reference of a lease, one of the shortest, takes 7 bytes: 150,000 in 1 MiB."""
ROLLING_BUNDLE_BYTES_MAX: Final = 64 * 1024
HELD_EVENTS_MAX: Final = 50_000
ANSWERED_BUNDLES_KEPT: Final = 64
PAD_SMALL_BYTES: Final = 512
PAD_LARGE_BYTES: Final = 4 * 1024
"""Bundles below 4 KiB are padded to 512 B, others to 4 KiB."""

LOCKED_COPY_BYTES_MAX: Final = 2_560
"""A filed event of the longest body, its signature part of at most 400 B, nonce and tag, and some room."""

QR_TEXT_CHARACTERS_MAX: Final = 3_000
QR_SEAL_BYTES_MAX: Final = 1_996
"""Its text fills the 3 000 characters. A body of 1 600 B needs up to 1 930, with signature and seal."""
DIRECTORY_BYTES_MAX: Final = 8 * 1024 * 1024
DIRECTORY_ITEMS_MAX: Final = 1_000_000
"""Values in it, keys too: 17 for each of 50,000 entries, and more than the rest may hold."""
TABLE_BYTES_MAX: Final = 16 * 1024 * 1024
TABLE_ITEMS_MAX: Final = 2_000_000
"""Values in it: ten in each of 200,000 rows."""
ENROLMENT_BYTES_MAX: Final = 8 * 1024
ENROLMENT_REQUEST_BYTES_MAX: Final = 4 * 1024
"""As anybody may send it; one of a tablet has 1,300 and some."""
DEPTH_MAX: Final = 8

SCRUTIN_ID_LENGTH_MAX: Final = 64
TEXT_LENGTH_MAX: Final = 200
"""Units, qualities, pseudonyms: shorter texts than a name's hundred letters with marks need no more."""
SYNC_POINT_EVERY_SECONDS: Final = 900
