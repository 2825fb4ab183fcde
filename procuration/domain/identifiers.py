"""Names of things: byte strings of a fixed length that must not be mistaken for one another."""

from typing import NewType

LogId = NewType("LogId", bytes)
"""8 random bytes drawn at enrolment; one log belongs to one device."""
Rid = NewType("Rid", bytes)
"""16 random bytes: one request, from the first filing to its end."""
Kid = NewType("Kid", bytes)
"""8 bytes: first bytes of the SHA-256 of a public key."""
EventHash = NewType("EventHash", bytes)
"""SHA-256 of the signature part (`sign1`) of an event."""
Realm = NewType("Realm", bytes)
"""16 bytes: first bytes of the SHA-256 of the first root metadata file. Test and production differ."""


def fingerprint_in_groups(name: bytes) -> str:
    """« 3F2A 91BC … »: a realm or a key as screens and paper show it, to be compared by eye."""
    digits = name.hex().upper()
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))
