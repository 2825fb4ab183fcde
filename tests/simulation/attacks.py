"""Those who cheat: a tablet that signs what it likes, and somebody who answers in the place of the centre."""

from dataclasses import replace
from hashlib import sha256

from procuration.domain.identifiers import LogId
from procuration.domain.refusal import RefusalCode
from procuration.errors import RecordRejected
from procuration.record.bundle import DownManifest, bundle_digest, encode_down
from procuration.record.checkpoint import TreeHead, sign_checkpoint
from procuration.record.directory import Role
from procuration.record.event import EventPair
from procuration.record.inbox import Entry, ServerTime
from procuration.record.merkle import leaf_data, leaf_hash
from procuration.record.printed import read_qr_text
from procuration.record.receipt import Level, make_receipt
from procuration.record.sealed import Purpose, SealingPublicKey, SuiteId, seal
from server.ledger.models import Checkpoint
from server.ledger.own_log import ledger_epoch
from server.ledger.tree import path_to_root
from tests import builders
from tests.server.centre import Tablet as SigningTablet


class Forger:
    """Answers bundles like the centre, with what a thief of its signing key could make, or one without any.

    Whatever it says, no tablet may believe that the centre has its events. It names the true epoch of the
    ledger: who holds the signing key can turn a tablet away from its centre with another, which is an alarm.
    """

    def __init__(self, world):
        self._world = world

    def answer_to(self, tablet, sealed: bytes) -> bytes:
        """A `down` bundle with a receipt for everything that the tablet has."""
        chance = self._world.chance
        server = builders.key(chance.choice(("server", "server", "forger")))
        down = DownManifest(
            log_id=LogId(tablet.log_id),
            answered=bundle_digest(sealed),
            nonce=bytes(16),
            checkpoint_size=1,
            inbox_number=0,
            directory_version=1,
            entries=(
                Entry(0, self._receipt(tablet)),
                Entry(0, ServerTime(int(self._world.time.now.timestamp() * 1000))),
            ),
            ledger_epoch=ledger_epoch(self._world.centre.product),
            more=False,
        )
        public = SealingPublicKey(SuiteId.MLKEM768_X25519, tablet.sealing_key.public)
        return seal(encode_down(down, server, builders.REALM), public, Purpose.DOWN, builders.REALM)

    def _receipt(self, tablet):
        """A checkpoint of its own, or the true one of the centre above something else. The level is the word
        of whoever holds the server's key, so the second says `received` only: it may happen to be true.
        """
        head = tablet.store.log.head
        leaf = leaf_data(LogId(tablet.log_id), max(head.next_seq - 1, 0), head.hash)
        true = Checkpoint.objects.order_by("-size").first()
        if true is not None and self._world.chance.random() < 0.5:
            path = path_to_root(true.size - 1, true.size)
            return make_receipt(Level.RECEIVED, leaf, true.size - 1, path, bytes(true.note))
        tree = TreeHead(size=1, root=leaf_hash(leaf))
        note = sign_checkpoint(tree, builders.key("forger"), builders.REALM)
        return make_receipt(self._world.chance.choice(tuple(Level)), leaf, 0, [], note)


class Rogue:
    """An enrolled brigade tablet in the wrong hands, without any officer: it has its own signing key, the key
    of the receipts, papers that electors left lying, and acts that it saw.
    """

    def __init__(self, world):
        self._world = world
        self.tablet = SigningTablet("rogue", role=Role.BRIGADE)
        self.sent = 0
        key = builders.sealing_key("epoch 1", SuiteId.X25519)
        self._keys = {key.kid: key}

    def tries(self, chance) -> None:
        """One attack; the ledger may refuse it or keep it without effect."""
        papers = [paper.qr_text for paper, _ in self._world.papers if paper.qr_text]
        if not papers:
            return
        self.tablet.wall = self._world.time.now.replace(microsecond=0)
        request = read_qr_text(papers[-1 - chance.randrange(min(3, len(papers)))], self._keys, builders.REALM)
        attack = chance.choice(
            (self._acts_alone, self._enrols_itself, self._replays_an_act, self._writes_for_another)
        )
        attack(request, chance)

    def _acts_alone(self, request: EventPair, chance) -> None:
        """An officer key that nobody enrolled."""
        self._act(request, builders.key("nobody"), chance)

    def _enrols_itself(self, request: EventPair, chance) -> None:
        """A habilitation that no supervisor signed."""
        officer = builders.key("self-made officer")
        self.tablet.enrols(officer, supervisor="rogue")
        self._act(request, officer, chance)

    def _replays_an_act(self, request: EventPair, chance) -> None:
        """An act that an officer signed elsewhere, in a log where it does not belong."""
        acts = self._world.seen_acts
        if acts:
            content, rid = chance.choice(acts)
            self.tablet.records(content, rid=rid)
            self._send()

    def _writes_for_another(self, request: EventPair, chance) -> None:
        """Events that name the log of an honest tablet, in a bundle of the rogue."""
        victim = chance.choice(self._world.tablets)
        place = self.tablet.head
        self.tablet.records(builders.filed(), rid=builders.rid(7), log_id=LogId(victim.log_id))
        forged = self.tablet.pairs.pop()
        self.tablet.head = place
        self._deliver(self.tablet.sealed_bundle(builders.sealing_key("server"), (forged,), first_seq=0))

    def _act(self, request: EventPair, officer, chance) -> None:
        rid = self._world.rid_of(request)
        drawn_up = builders.act(self.tablet, request, rid=rid)
        if chance.random() < 0.3:
            drawn_up = replace(drawn_up, refusal_code=RefusalCode.ABANDON)
        builders.records_act(self.tablet, request, drawn_up, officer)
        self._send()

    def _send(self) -> None:
        self._deliver(self.tablet.sealed(self.sent))
        self.sent = len(self.tablet.pairs)

    def _deliver(self, sealed: bytes) -> None:
        try:
            self._world.centre.takes(sealed)
        except RecordRejected:
            self._world.count("attack refused")
        else:
            self._world.count("attack kept without effect")


def seeded_bytes(seed: str):
    """A stand-in for `os.urandom` that gives the same bytes for the same seed."""
    count = 0

    def draw(length: int) -> bytes:
        nonlocal count
        out = b""
        while len(out) < length:
            out += sha256(f"{seed}/{count}".encode()).digest()
            count += 1
        return out[:length]

    return draw
