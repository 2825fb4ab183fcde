"""The centre of the simulation: the real ledger and dossiers on the test database, which can die at any SQL
statement, ask a register that answers as it likes, and send mail through a relay that drops it.
"""

from contextlib import contextmanager, suppress
from dataclasses import replace
from email.message import EmailMessage
from unittest import mock

from django.db import connection, transaction

from procuration.domain.refusal import TOWN_HALL_CODES
from procuration.domain.status import Status
from procuration.errors import CarrierUnavailable, RecordRejected, RuleViolated
from procuration.record.archive import ArchivedEvents
from procuration.record.bundle import read_up
from procuration.record.event import parse_event
from procuration.record.limits import SEALED_BUNDLE_BYTES_MAX
from procuration.record.sealed import Purpose, open_seal
from server.config.centre import install_centre
from server.dossiers.models import Procuration
from server.dossiers.services import decide, list_taken_in_by_town_hall
from server.ledger import durability
from server.ledger.archive_files import archive_files, read_archive_file
from server.ledger.enrol import accept_enrolment
from server.ledger.enums import Refusal
from server.ledger.ledger_head import FILE_NAME as LEDGER_HEAD
from server.ledger.models import Event, ForkEvidence, HeldEvent, StrandedEvent
from server.ledger.replaying import import_archive
from server.ledger.restoring import begin_again
from server.ledger.services import accept_bundle
from server.ledger.tree import append_due_leaves
from server.notices import services as notices
from server.notices.relay import HandoverUncertain
from server.register.asking import ask_register
from tests import builders
from tests.server.centre import centre_of
from tests.server.townhall import account_of

_FORKED = (Refusal.FORK, Refusal.FROZEN)


class CentreDied(BaseException):
    """The process of the centre ends in the middle of its work; its transaction is undone."""


class Clock:
    """The centre's clock is right. Implements `ports.Clock`."""

    boot_id = bytes(8)

    def __init__(self, time):
        self._time = time

    def now(self):
        return self._time.now

    def monotonic_ms(self):
        return 0


class Centre:
    """The one centre.

    Attributes:
        heard: log id -> place in the log -> hashes: every event of every bundle that it read, whatever it did
            with it; what the oracle compares the ledger with.
        two_histories: (log id, place) where two events were heard.
    """

    def __init__(self, home, time, directory, *, second_disk: bool):
        self.time = time
        self.archive = home / "archive"
        self.product = replace(
            centre_of(home, directory), clock=Clock(time), archive_dir=self.archive if second_disk else None
        )
        self.archive.mkdir()
        durability._writer.cache_clear()
        install_centre(self.product)
        self.heard: dict[bytes, dict[int, set[bytes]]] = {}
        self.two_histories: set[tuple[bytes, int]] = set()
        self.backup: str | None = None
        self.was_restored = self.is_false = False
        self.mails: list[EmailMessage] = []

    # carriers

    def takes(self, sealed: bytes) -> bytes:
        """A bundle. Raises: RecordRejected, as the API answers it; CentreDied."""
        try:
            answer = accept_bundle(self.product, sealed, self.time.now).sealed
        except RecordRejected as error:
            if error.code in _FORKED:
                self._hear(sealed)
            raise
        self._hear(sealed)
        return answer

    def enrols(self, sealed: bytes) -> None:
        """An enrolment. Raises: RecordRejected, CentreDied."""
        accept_enrolment(self.product, sealed, self.time.now)

    def _hear(self, sealed: bytes) -> None:
        """What the bundle said, for the oracle."""
        product = self.product
        plain = open_seal(
            sealed, product.sealing_keys, Purpose.UP, product.realm, max_bytes=SEALED_BUNDLE_BYTES_MAX
        )
        for pair in read_up(plain).pairs:
            envelope = parse_event(pair.sign1)[1]
            log_id = bytes(envelope.log_id)
            hashes = self.heard.setdefault(log_id, {}).setdefault(envelope.seq, set())
            hashes.add(bytes(pair.hash))
            if len(hashes) > 1:
                self.two_histories.add((log_id, envelope.seq))

    @contextmanager
    def dies_at(self, statement: int):
        """The process ends just before the SQL statement of that number."""
        left = [statement]

        def execute(run, sql, params, many, context):
            if sql.startswith(("ROLLBACK", "RELEASE")):  # how a transaction ends is not up to the process
                return run(sql, params, many, context)
            left[0] -= 1
            if left[0] <= 0:
                raise CentreDied
            return run(sql, params, many, context)

        with connection.execute_wrapper(execute):
            yield

    # people and programs around it

    def publishes(self, directory) -> None:
        """A new directory."""
        tables = replace(self.product.tables, directory=directory)
        for name in ("entries", "entries_by_log"):  # cached of the old one
            tables.__dict__.pop(name, None)
        self.product = replace(self.product, tables=tables)
        install_centre(self.product)

    def loses_second_disk(self) -> None:
        """The archive is away, until it comes back: nothing new is durable meanwhile."""
        if self.archive.exists():
            self.archive.rename(self.archive.with_name("archive away"))

    def finds_second_disk(self) -> None:
        """It is there again, and what was committed meanwhile is brought there."""
        away = self.archive.with_name("archive away")
        if away.exists():
            away.rename(self.archive)
        if self.product.archive_dir is not None:
            durability.secure_late(self.product)
            append_due_leaves(self.product)

    def backs_up(self) -> None:
        """The database as it is now can come back."""
        self.backup = transaction.savepoint()

    def is_restored(self) -> None:
        """The database is as it was: a new ledger begins there, then the archive, if there is one."""
        self._goes_back()
        begun = begin_again(self.product)
        self.product = replace(self.product, log_id=begun.log_id)
        install_centre(self.product)
        self.was_restored = True
        if self.product.archive_dir is not None:
            import_archive(self.product, self.archive)

    def _goes_back(self) -> None:
        transaction.savepoint_rollback(self.backup)
        self.heard.clear()
        self.two_histories.clear()
        for model in (Event, HeldEvent, StrandedEvent, ForkEvidence):
            for log, seq, value in model.objects.values_list("device__log_id", "seq", "hash"):
                self.heard.setdefault(bytes.fromhex(log), {}).setdefault(seq, set()).add(bytes(value))

    def forgets(self) -> None:
        """The database is as it was, and nobody is told: what the server remembers of it goes too."""
        self._goes_back()
        (self.product.home / LEDGER_HEAD).unlink(missing_ok=True)
        self.was_restored = self.is_false = True

    def archived(self) -> set[tuple[bytes, int, bytes]]:
        """Log, place and hash of every event on the second disk, read with the centre's keys."""
        found = set()
        for path in archive_files(self.archive):
            for _, record in read_archive_file(path, self.product.sealing_keys, self.product.realm):
                if isinstance(record, ArchivedEvents):
                    for place, one in enumerate(record.events, record.first_seq):
                        found.add((bytes(record.log_id), place, bytes(one.pair.hash)))
        return found

    def town_hall_works(self, chance) -> None:
        """Opens the list, then accepts or refuses some; sometimes twice, as two agents at once would."""
        account = account_of(builders.NOUMEA)
        waiting = Procuration.objects.filter(
            place_code=account.place_code, regime="MAIRIE", status__in=(Status.TRANSMISE, Status.RECUE)
        )
        rids = list(waiting.order_by("rid").values_list("rid", flat=True))
        list_taken_in_by_town_hall(rids, account)
        for rid in rids:
            if chance.random() < 0.3:
                continue
            for _ in range(chance.choice((1, 1, 2))):
                self._decides(rid, account, chance)

    def _decides(self, rid, account, chance) -> None:
        accepted = chance.random() < 0.8
        code = None if accepted else chance.choice(sorted(TOWN_HALL_CODES))
        try:
            decide(rid, account, accepted, code)
        except RuleViolated as error:
            if error.code not in ("DEJA_DECIDE", "PAS_ETABLIE"):
                raise

    def register_answers(self, chance) -> None:
        """The register controls the others; it forgets some answers and refuses some."""
        with suppress(CarrierUnavailable):  # asked again at the next run
            ask_register(self.product, _Register(chance))

    def mails_leave(self, chance) -> None:
        """The messages that are due."""
        relay = _Relay(self.mails, chance)
        with mock.patch.object(notices, "open_relay", relay.open):
            notices.send_due(self.time.now)


class _Register:
    def __init__(self, chance):
        self._chance = chance

    def ask(self, questions):
        if self._chance.random() < 0.2:
            raise CarrierUnavailable("REGISTRE_INJOIGNABLE")
        codes = sorted(TOWN_HALL_CODES)
        return {
            question.rid: None if self._chance.random() < 0.85 else self._chance.choice(codes)
            for question in questions
            if self._chance.random() < 0.9
        }


class _Relay:
    """A mail relay that sometimes loses the line, before or after it took the message."""

    def __init__(self, mails, chance):
        self._mails, self._chance = mails, chance

    @contextmanager
    def open(self):
        if self._chance.random() < 0.1:
            raise CarrierUnavailable("RELAIS_INJOIGNABLE")
        yield self

    def address(self, sender, recipient):
        if self._chance.random() < 0.1:
            raise CarrierUnavailable("REFUS_TEMPORAIRE")

    def hand_over(self, message):
        fate = self._chance.random()
        if fate < 0.05:
            raise HandoverUncertain
        self._mails.append(message)
        if fate < 0.15:
            raise HandoverUncertain
