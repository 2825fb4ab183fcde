"""Real tablets in temporary folders, a clock the test moves, a centre that answers through the spool."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from kiosk_app import installation
from kiosk_app.station import Station
from kiosk_app.store import connection
from kiosk_app.store.slots import Argon2Cost
from kiosk_app.use_cases.exchange import Exchange
from kiosk_app.use_cases.file_request import FileRequest, RequestDraft
from kiosk_app.use_cases.find_request import FindRequest
from kiosk_app.use_cases.officer_act import IdentityCheck
from kiosk_app.use_cases.refuse_request import RefuseRequest
from kiosk_app.use_cases.unlock import Unlock
from kiosk_app.use_cases.validate_request import ValidateRequest
from kiosk_app.use_cases.withdraw_request import WithdrawRequest
from procuration.adapters.spool import AppSpool
from procuration.adapters.trust import realm_of
from procuration.domain.acts import REQUIRED_TO_ESTABLISH, IdentityDocument
from procuration.domain.identifiers import LogId
from procuration.domain.reference import Reference
from procuration.domain.validity import OneScrutin, Rounds
from procuration.record.bundle import DownManifest, bundle_digest, encode_down, read_up, verify_up
from procuration.record.checkpoint import TreeHead, sign_checkpoint
from procuration.record.cose_key import VerifyingKey
from procuration.record.directory import Entry, Role, encode_directory
from procuration.record.enrolment import (
    Configuration,
    Designation,
    Enrolment,
    OfflineRequestPolicy,
    Profile,
    read_request,
    sign_enrolment,
)
from procuration.record.inbox import Consistency, EpochKey, Lease, ServerTime
from procuration.record.inbox import Entry as InboxEntry
from procuration.record.merkle import (
    consistency_proof,
    inclusion_proof,
    leaf_data,
    leaf_hash,
    new_nodes,
    root_hash,
)
from procuration.record.receipt import Level, make_receipt
from procuration.record.sealed import Purpose, SealingPublicKey, SuiteId, open_seal, seal
from procuration.record.tables import encode_table
from tests import builders

ROOT = b"test realm"
assert realm_of(ROOT) == builders.REALM
AGENT_CODE, SUPERVISOR_PHRASE, OFFICER_CODE = "270401", "un chat dort sur le mur", "314159"
SERVICE_KEY = b"s" * 32
CHEAP = Argon2Cost(memory_kib=64, passes=1, lanes=1)
REFERENCE_DATA = Path(__file__).parents[2] / "provisioning" / "reference_data"
DAY_FILED = builders.NOW

connection.BALLAST_BYTES = 4096  # the tests make hundreds of stores


class MovedClock:
    """Wall and monotonic time that only the test moves."""

    def __init__(self, now=builders.NOW):
        self.wall, self.ms, self.boot_id = now, 60_000, b"boot-one"

    def now(self):
        return self.wall

    def monotonic_ms(self):
        return self.ms

    def pass_(self, **duration):
        """Time goes by on both clocks."""
        elapsed = timedelta(**duration)
        self.wall += elapsed
        self.ms += int(elapsed.total_seconds() * 1000)


def tables(directory, sites=(), places=None):
    """The signed tables as a tablet has verified them, with the real calendar, law and communes."""
    return {
        "sites.cbor": encode_table(1, builders.NOW, sites),
        "directory.cbor": encode_directory(directory),
        "calendar.cbor": (REFERENCE_DATA / "calendar-demo.cbor").read_bytes(),
        "law.cbor": (REFERENCE_DATA / "law.cbor").read_bytes(),
        "communes.cbor": (REFERENCE_DATA / "communes-2026.cbor").read_bytes(),
        **({} if places is None else {"places.cbor": places}),
    }


def draft(**changes):
    """What Angela answered at the kiosk."""
    answers = {
        "mandant": builders.ANGELA,
        "mandataire": builders.JEAN_CLAUDE,
        "vote_place": builders.NOUMEA,
        "validity": OneScrutin(scrutin_id=builders.SCRUTIN_ID, rounds=Rounds.BOTH),
        "email": "angela.dubois@exemple.fr",
        "declaration_version": 1,
    }
    return RequestDraft(**{**answers, **changes})


CHECKED = IdentityCheck(declarations=REQUIRED_TO_ESTABLISH, document=IdentityDocument.PASSPORT)


class Tablet:
    """One real tablet: prepared, enrolled and installed; `opened()` is a new start of its program."""

    def __init__(self, world, name, profile):
        self.world, self.profile = world, profile
        self.clock = world.clock
        self.folder, self.spool = world.folder / name, AppSpool(world.folder / f"{name}-spool")
        codes = installation.Codes(agent=AGENT_CODE, supervisor=SUPERVISOR_PHRASE)
        request = read_request(installation.prepare(self.folder, ROOT, codes, SERVICE_KEY, self.clock, CHEAP))
        self.log_id, self.cose_key, self.sealing_key = request.log_id, request.cose_key, request.sealing_key
        self.role = Role.KIOSK if profile is Profile.ACCUEIL else Role.BRIGADE
        self.enrolment = self._enrolment(request)
        world.tablets.append(self)

    def _enrolment(self, request):
        enrolment = Enrolment(
            cose_key=request.cose_key,
            role=self.role,
            unit="test",
            not_before=builders.NOW - timedelta(days=20),
            not_after=builders.NOW + timedelta(days=700),
            log_id=request.log_id,
            sealing_key=request.sealing_key,
            configuration=Configuration(
                profile=self.profile,
                unit_name="Point d’accueil de Nouméa"
                if self.profile is Profile.ACCUEIL
                else "Brigade de Dumbéa",
                place="98818",
                departement="988",
                policy=self.world.policy,
            ),
        )
        return sign_enrolment(enrolment, builders.key("supervisor"), builders.REALM)

    def entry(self):
        return Entry(
            cose_key=self.cose_key,
            role=self.role,
            unit="test",
            not_before=builders.NOW - timedelta(days=20),
            not_after=builders.NOW + timedelta(days=700),
            revoked_at=None,
            log_id=self.log_id,
        )

    def installed(self):
        """Installed with the directory of the world, and started."""
        station = self._station()
        installation.install(
            station, AGENT_CODE, self.enrolment, ROOT, tables(self.world.directory()), self.spool
        )
        station.close()
        return self.starts()

    def _station(self):
        return Station(
            self.folder,
            self.clock,
            second_secret=lambda: SERVICE_KEY,
            cost=CHEAP,
            spool=self.spool.folder,
        )

    def starts(self, code=AGENT_CODE):
        """The program starts and somebody gives their code."""
        self.station = self._station()
        self.unlock = Unlock(self.station)
        self.file, self.find = FileRequest(self.station), FindRequest(self.station)
        self.validate, self.refuse = ValidateRequest(self.station), RefuseRequest(self.station)
        self.withdraw = WithdrawRequest(self.station)
        self.exchange = Exchange(self.station, self.spool, pause=lambda _: None)
        self.unlock(code)
        self.store = self.station.store
        return self

    def enrols_officer(
        self,
        code=OFFICER_CODE,
        from_=builders.NOW - timedelta(days=1),
        to=builders.NOW + timedelta(days=89),
        log_id=None,
        qualite="Maréchale des logis-cheffe, OPJ",
    ):
        """An officer of this tablet, with a habilitation; signed in."""
        request = read_request(installation.prepare_officer(self.station, AGENT_CODE, code))
        enrolment = Enrolment(
            cose_key=request.cose_key,
            role=Role.OFFICER,
            unit="test",
            not_before=from_,
            not_after=to,
            log_id=log_id or request.log_id,
            designation=Designation(
                nom="TAHUA",
                prenoms="Maëva Rose",
                qualite=qualite,
                designation="TPI",
            ),
        )
        signed = sign_enrolment(enrolment, builders.key("supervisor"), builders.REALM)
        if log_id is None:
            installation.install_officer(self.station, AGENT_CODE, signed)
        else:
            self.store.officers.put_enrolment(enrolment.kid, signed)
        self.unlock(code)
        return self

    def receives(self, *, sites=(), places=None, **changes):
        self.store.tables.put(tables(self.world.directory(**changes), sites, places))
        self.store.log.directory_version = self.store.tables.directory.version

    def holds_epoch_key(self):
        epoch = self.world.directory().epochs[0]
        private = builders.sealing_key("epoch 1", SuiteId.X25519)
        self.store.requests.add_epoch_key(EpochKey(1, private, epoch.first, epoch.last))
        return self

    def leases(self, *references):
        self.store.leases.add(Lease(1, tuple(Reference(one) for one in references)))
        return self


class World:
    """Tablets of one realm and their trust list."""

    def __init__(self, folder, policy=OfflineRequestPolicy.DEMATERIALISED):
        self.folder, self.clock, self.tablets = folder, MovedClock(), []
        self.version, self.policy = 1, policy

    def kiosk(self, name="kiosk"):
        return Tablet(self, name, Profile.ACCUEIL).installed()

    def brigade(self, name="brigade"):
        return Tablet(self, name, Profile.BRIGADE).installed()

    def directory(self, *, without=(), issued=None, version=None):
        base = builders.directory(issued=issued, version=version or self.version)
        entries = tuple(tablet.entry() for tablet in self.tablets if tablet not in without)
        return replace(base, entries=(*base.entries, *entries))


class Centre:
    """A centre without a database: it verifies bundles, grows a real tree, answers as the real one does."""

    def __init__(self, world):
        self.world, self.heads, self.nodes, self.size = world, {}, {}, 0
        self.inboxes, self.got = {}, {}

    def puts(self, tablet, *contents):
        """News for a tablet, numbered in its inbox."""
        inbox = self.inboxes.setdefault(tablet.log_id, [])
        inbox.extend(InboxEntry(len(inbox) + 1, content) for content in contents)

    def opens(self, tablet, sealed):
        key = builders.sealing_key("server")
        plain = open_seal(sealed, {key.kid: key}, Purpose.UP, builders.REALM, max_bytes=1 << 23)
        up = read_up(plain)
        return up, verify_up(up, VerifyingKey(tablet.cose_key), builders.REALM)

    def answers(self, tablet, sealed, *, level=Level.RECEIVED, more=False, **changes):
        """The sealed answer to one sealed bundle."""
        up, manifest = self.opens(tablet, sealed)
        got = self.got.setdefault(tablet.log_id, {})
        got.update({manifest.first_seq + place: pair for place, pair in enumerate(up.pairs)})
        entries = []
        if got:
            receipt = self._receipt(tablet, max(got), level)
            entries = [InboxEntry(0, self.consistency(manifest.checkpoint_size, receipt.checkpoint))]
            entries.append(InboxEntry(0, receipt))
        entries.append(InboxEntry(0, ServerTime(int(self.world.clock.now().timestamp() * 1000))))
        inbox = self.inboxes.get(tablet.log_id, [])
        entries += [entry for entry in inbox if entry.number > manifest.inbox_number]
        down = DownManifest(
            log_id=tablet.log_id,
            answered=bundle_digest(sealed),
            nonce=bytes(16),
            checkpoint_size=self.size,
            inbox_number=len(inbox),
            directory_version=self.world.version,
            entries=tuple(entries),
            ledger_epoch=b"e" * 16,
            more=more,
        )
        plain = encode_down(replace(down, **changes), builders.key("server"), builders.REALM)
        public = SealingPublicKey(SuiteId.MLKEM768_X25519, tablet.sealing_key.public)
        return seal(plain, public, Purpose.DOWN, builders.REALM)

    def consistency(self, old, checkpoint):
        """How the tree has grown from a size that a tablet named."""
        path = consistency_proof(old, self.size, lambda up, i: self.nodes[up, i]) if old < self.size else []
        return Consistency(old, checkpoint, tuple(path))

    def _receipt(self, tablet, seq, level):
        head = self.got[tablet.log_id][seq].hash
        leaf = leaf_data(LogId(tablet.log_id), seq, head)
        for up, index, value in new_nodes(self.size, leaf_hash(leaf), lambda up, i: self.nodes[up, i]):
            self.nodes[up, index] = value
        self.size += 1
        tree = TreeHead(size=self.size, root=root_hash(self.size, lambda up, i: self.nodes[up, i]))
        checkpoint = sign_checkpoint(tree, builders.key("checkpoint"), builders.REALM)
        path = inclusion_proof(self.size - 1, self.size, lambda up, i: self.nodes[up, i])
        return make_receipt(level, leaf, self.size - 1, path, checkpoint)


class Agent:
    """Carries what stands in `out` to the centre and files the answers, as the agent program does."""

    def __init__(self, tablet, centre):
        self.tablet, self.centre = tablet, centre
        self.carried = []

    def carries(self, **changes):
        """One cycle: each file that was never carried, once."""
        spool = self.tablet.spool
        for name in spool.bundle_names():
            if name not in self.carried:
                self.carried.append(name)
                sealed = (spool.folder / "out" / f"{name}.prb").read_bytes()
                self.files(name, self.centre.answers(self.tablet, sealed, **changes))

    def files(self, name, answer):
        (self.tablet.spool.folder / "in" / f"{name}.prb").write_bytes(answer)

    def syncs(self, **changes):
        """Until nothing moves any more."""
        for _ in range(10):
            self.tablet.exchange.step()
            before = len(self.carried)
            self.carries(**changes)
            if len(self.carried) == before:
                return
        raise AssertionError("the exchange never comes to rest")


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def a_day(*parts):
    return date(*parts)
