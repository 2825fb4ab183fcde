"""Tablets that send without rest to a real centre, and remember every receipt they were given."""

import threading
from contextlib import suppress
from http.client import HTTPException
from itertools import count

from procuration.record.bundle import bundle_digest, read_down
from procuration.record.cose_key import VerifyingKey
from procuration.record.directory import Role
from procuration.record.limits import SEALED_BUNDLE_BYTES_MAX
from procuration.record.receipt import Receipt, verify_receipt
from procuration.record.sealed import Purpose, open_seal, seal

EVENTS_AT_ONCE = 3
BREATH_SECONDS = 0.02
_numbers = count(1)


class Sender:
    """One tablet: it files, sends what has no receipt yet, and tries again for as long as nobody answers.

    Attributes:
        receipts: proved heads, in the order in which the centre gave them.
        refused: what the centre answered when it neither took nor fell: always empty, or the test fails.
    """

    def __init__(self, served, name):
        self.served, self.directory = served, served.directory
        self.tablet, enrolment = served.tablet(name)
        self.centre_key = self.directory.server_sealing_keys[0].key
        self.receipts, self.refused, self.filed = [], [], []
        sealed = seal(enrolment, self.centre_key, Purpose.ENROL, served.realm)
        assert served.asks("POST", "/v1/enrol", sealed).status == 204

    def sends_until(self, enough: threading.Event) -> None:
        while not enough.wait(BREATH_SECONDS):
            self.files()
            with suppress(OSError, HTTPException):  # the centre died: what it did not answer is sent again
                self.sends()

    def files(self):
        for _ in range(EVENTS_AT_ONCE):
            number = next(_numbers)
            self.tablet.files(number)
            self.filed.append(number)

    def sends(self):
        """Everything without a receipt, in one bundle."""
        proved = max((receipt.seq for receipt in self.receipts), default=-1)
        pairs = tuple(self.tablet.pairs[proved + 1 :])
        sealed = seal(
            self.tablet.bundle(pairs, first_seq=proved + 1), self.centre_key, Purpose.UP, self.served.realm
        )
        answer = self.served.asks("POST", "/v1/sync", sealed)
        if answer.status == 200:
            self.receipts += self.proofs_in(sealed, answer.body)
        elif answer.status < 500:  # 500 and above: the database is away, the agent tries again
            self.refused.append(answer.body)

    def proofs_in(self, sealed, body):
        keys = {self.tablet.sealing_key.kid: self.tablet.sealing_key}
        plain = open_seal(body, keys, Purpose.DOWN, self.served.realm, max_bytes=SEALED_BUNDLE_BYTES_MAX)
        server = next(entry for entry in self.directory.entries if entry.role is Role.SERVER)
        down = read_down(plain, VerifyingKey(server.cose_key), self.served.realm)
        assert down.answered == bundle_digest(sealed)
        (checkpoint,) = self.directory.keys(Role.CHECKPOINT)
        return [
            verify_receipt(entry.content, checkpoint.cose_key, self.served.realm)
            for entry in down.entries
            if isinstance(entry.content, Receipt)
        ]


class Working:
    """All senders at work, each in its thread, until the block ends."""

    def __init__(self, senders):
        self.enough = threading.Event()
        self.faults = []
        self.threads = [threading.Thread(target=self._work, args=(sender,)) for sender in senders]

    def _work(self, sender):
        try:
            sender.sends_until(self.enough)
        except Exception as error:  # noqa: BLE001  shown by the thread of the test
            self.faults.append(error)

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.enough.set()
        for thread in self.threads:
            thread.join()
        if self.faults:
            raise self.faults[0]
