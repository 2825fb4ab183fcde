"""Every error raised on purpose, in three families because callers do three things.

A caller keeps a rejected record aside and never retries; tells a person about a violated rule and writes
nothing;
tries again later when a carrier is unavailable. An error carries a code and ids, never personal data.
"""


class ProcurationError(Exception):
    """An error raised on purpose.

    Attributes:
        code: stable name for programs and logs, e.g. "SEAL_UNREADABLE"; the catalogues have the sentence
        for people.
        ids: what the sentence or the log needs: counts, sequence numbers, key ids. Never a name, date or
        reference.
    """

    def __init__(self, code: str, **ids: object) -> None:
        super().__init__(code, ids) if ids else super().__init__(code)
        self.code = code
        self.ids = ids


class RecordRejected(ProcurationError):
    """Foreign bytes are not trustworthy: keep them aside, never retry."""


class RuleViolated(ProcurationError):
    """The law or the design forbids the act: tell the person, write nothing."""


class CarrierUnavailable(ProcurationError):
    """The world is down: try again at the next cycle."""
