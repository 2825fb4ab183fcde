"""Tables of the ledger.

Events, leaves, checkpoints and fork evidence are only ever added. What changes (heads, queues, leases) is
either derived from them or a delivery queue. No view writes here: `services.py` does, and `selectors.py`
reads.
"""

from django.db import models

from server.ledger.enums import BundleOutcome
from server.ledger.fields import FixedTextField


class Ledger(models.Model):
    """This ledger itself: a row with the number drawn when it was created, and one for each time that it was
    restored from a backup. The last one is in every answer.
    """

    epoch = models.BinaryField(max_length=16)
    created_at = models.DateTimeField()


class Archive(models.Model):
    """The sealed archive that this ledger is written to a second time: one row, once there is one.

    Another folder under the same path (a disk that is not mounted, a new one) is not the archive: nothing is
    durable there until an administrator says that it is the new one (`procuration-server new-archive`).
    """

    archive_id = models.BinaryField(max_length=16)
    created_at = models.DateTimeField()
    failed_at = models.DateTimeField(null=True)  # the last write that failed, null after one that succeeded
    code = models.CharField(max_length=40, blank=True)


class Device(models.Model):
    """A log and the device that writes it: a tablet as its enrolment describes it, or this server."""

    log_id = FixedTextField(max_length=16, unique=True)  # hexadecimal of 8 bytes
    kid = FixedTextField(max_length=16, db_index=True)
    cose_key = models.BinaryField()
    role = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=64)
    unit_name = models.CharField(max_length=200, blank=True)
    departement = models.CharField(max_length=3, blank=True)
    place = models.CharField(max_length=8, blank=True)
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()
    place_type = models.PositiveSmallIntegerField(null=True)  # of a town hall: the place it decides for
    sealing_key = models.BinaryField(null=True)
    enrolment = models.BinaryField(null=True)
    enrolled_at = models.DateTimeField()
    # what moves
    head_seq = models.BigIntegerField(default=-1)
    head_hash = models.BinaryField(max_length=32, null=True)
    last_contact = models.DateTimeField(null=True)
    directory_version = models.BigIntegerField(null=True)
    inbox_number = models.BigIntegerField(default=0)
    inbox_applied = models.BigIntegerField(default=0)
    epoch_sent = models.BigIntegerField(default=-1)
    lots = models.PositiveIntegerField(default=0)
    archived_seq = models.BigIntegerField(default=-1)  # its log up to here, without a gap, is in the archive
    durable_seq = models.BigIntegerField(default=-1)  # its head when `durable` was last said of it
    # its last bundle, which may be answered again
    answered_hash = models.BinaryField(max_length=32, null=True)
    tree_known = models.BigIntegerField(default=0)  # the checkpoint size that this bundle named
    # of its log, the longest that it announced
    announced_length = models.BigIntegerField(default=0, db_default=0)
    announced_oldest = models.DateTimeField(null=True)  # wall clock of its oldest event not sent with that


class Bundle(models.Model):
    """A bundle with events that an enrolled device signed, and what became of it. Polls leave no row."""

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="bundles")
    received_at = models.DateTimeField(db_index=True)
    sealed_bytes = models.PositiveIntegerField()
    first_seq = models.BigIntegerField()
    count = models.PositiveIntegerField()
    added = models.PositiveIntegerField()
    outcome = models.CharField(max_length=16, choices=BundleOutcome)
    code = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [models.Index(fields=["outcome", "-received_at", "-id"], name="bundles_by_outcome")]


class RefusedCount(models.Model):
    """How many bundles or enrolments nobody known had signed were refused in one hour: counted, not kept,
    so that noise cannot fill the disk.
    """

    hour = models.DateTimeField()
    code = models.CharField(max_length=40)
    count = models.PositiveIntegerField()
    last_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hour", "code"], name="one_count_per_hour_and_code")]


class Event(models.Model):
    """A signed event in its place in a log. `body` is the plaintext that `sign1` commits to, or what came
    when it cannot be opened.
    """

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="events", db_index=False)
    seq = models.BigIntegerField()
    kind = models.PositiveSmallIntegerField()
    hash = models.BinaryField(max_length=32)
    rid = FixedTextField(max_length=32, null=True, db_index=True)
    wall = models.BigIntegerField()
    received_at = models.DateTimeField()
    bundle = models.ForeignKey(Bundle, on_delete=models.PROTECT, null=True, db_index=False)
    sign1 = models.BinaryField()
    body = models.BinaryField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "seq"], name="one_event_per_place")]
        indexes = [
            models.Index(  # sync points and clock steps: what proves the time of the acts around them
                fields=["device", "seq"], name="evidence_by_place", condition=models.Q(kind__in=(6, 10))
            ),
            models.Index(fields=["id"], name="rulings_in_order", condition=models.Q(kind=17)),
            models.Index(  # which software a tablet runs: asked of fifty at once
                fields=["device", "seq"], name="starts_by_place", condition=models.Q(kind=11)
            ),
        ]


class HeldEvent(models.Model):
    """A well-signed event that came before its predecessors; it joins the ledger when the gap is filled."""

    device = models.ForeignKey(Device, on_delete=models.PROTECT, db_index=False)
    seq = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)
    sign1 = models.BinaryField()
    body = models.BinaryField(null=True)  # None once purged
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "seq"], name="one_held_event_per_place")]


class ForkEvidence(models.Model):
    """A second history of one log: another signed event at a place already taken. Its log is frozen as long
    as this row exists.
    """

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="forks", db_index=False)
    seq = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)
    sign1 = models.BinaryField()
    body = models.BinaryField()
    found_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["device", "seq", "hash"], name="one_evidence_per_event")
        ]


class StrandedEvent(models.Model):
    """A well-signed event that cannot join its log any more: the log has two histories, or its device is
    retired. Kept as it came, receipted by nothing, judged and shown; two histories may hold one place.
    """

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="stranded", db_index=False)
    seq = models.BigIntegerField()
    kind = models.PositiveSmallIntegerField()
    hash = models.BinaryField(max_length=32)
    rid = FixedTextField(max_length=32, null=True, db_index=True)
    wall = models.BigIntegerField()
    received_at = models.DateTimeField()
    sign1 = models.BinaryField()
    body = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["device", "seq", "hash"], name="one_row_per_stranded_event")
        ]


class CarriedPair(models.Model):
    """Where a request that came inside an act stands in its kiosk's log: what its own log must say when it
    arrives.
    """

    device = models.ForeignKey(Device, on_delete=models.PROTECT, db_index=False)
    seq = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)
    carrier_id = models.BigIntegerField()  # the brigade's Device
    carrier_seq = models.BigIntegerField()
    sign1 = models.BinaryField(null=True)  # its signed part, once the act that carried it is purged

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["device", "seq", "hash"], name="one_row_per_carried_event")
        ]


class SetAside(models.Model):
    """An event stored and receipted, but without effect. Derived: `procuration-server rebuild` writes it
    again.
    """

    device = models.ForeignKey(Device, on_delete=models.PROTECT, db_index=False)
    seq = models.BigIntegerField()
    rid = FixedTextField(max_length=32, null=True, db_index=True)
    code = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "seq"], name="one_row_per_event_set_aside")]


class OfficerEnrolment(models.Model):
    """The habilitation of an officer on one tablet, as event 19 of its log brought it."""

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="officers", db_index=False)
    seq = models.BigIntegerField()
    kid = FixedTextField(max_length=16)
    named_log = FixedTextField(max_length=16)  # the log that the supervisor wrote in it
    cose_key = models.BinaryField()
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()
    nom = models.CharField(max_length=100)
    prenoms = models.CharField(max_length=100)
    qualite = models.CharField(max_length=100)
    designation = models.CharField(max_length=200)
    supervisor = FixedTextField(max_length=16)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "seq"], name="one_enrolment_per_event")]
        indexes = [models.Index(fields=["device", "kid"], name="officer_by_device_and_kid")]


class OfficerRevocation(models.Model):
    """The end of a habilitation before its term, as a supervisor signed it: the same enrolment, ending at
    `at`. It may come before the log that brings the habilitation itself.
    """

    log_id = FixedTextField(max_length=16)
    kid = FixedTextField(max_length=16)
    not_before = models.DateTimeField()
    at = models.DateTimeField()
    signed = models.BinaryField()
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["log_id", "kid", "not_before", "at"], name="one_end_per_habilitation"
            )
        ]


class RevocationApplied(models.Model):
    """A revocation of the published directory after which the dossiers were folded again. Derived: forgetting
    a row only folds them once more.
    """

    kid = FixedTextField(max_length=16, unique=True)
    at = models.DateTimeField()


class LeafDue(models.Model):
    """A head that was committed and waits for its leaf. Imports only add rows here, so they never wait for
    the tree.
    """

    device = models.ForeignKey(Device, on_delete=models.PROTECT, db_index=False)
    seq = models.BigIntegerField()


class Leaf(models.Model):
    """One leaf of the Merkle log: the head of a log when it was accepted."""

    index = models.BigIntegerField(primary_key=True)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, db_index=False)
    seq = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        indexes = [models.Index(fields=["device", "index"], name="leaf_by_device")]


class TreeNode(models.Model):
    """Hash of one complete subtree of the Merkle log; level 0 is the leaves. A proof is a look-up of these,
    never a new computation.
    """

    place = models.BigIntegerField(
        primary_key=True
    )  # 64 * index + level: one key, so that one query finds a whole path
    hash = models.BinaryField(max_length=32)


class Checkpoint(models.Model):
    """A signed statement of the size and root of the Merkle log."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField(max_length=32)
    note = models.BinaryField()
    signed_at = models.DateTimeField()


class InboxEntry(models.Model):
    """Something a device must be told. It gets its number when that device next speaks, so no other
    device's import waits for it.
    """

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="inbox", db_index=False)
    number = models.BigIntegerField(null=True)
    type = models.PositiveSmallIntegerField()
    value = models.BinaryField()
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["device", "number"], name="inbox_by_device_and_number")]


class TownHallFileSent(models.Model):
    """What the inbox of a town hall without network was last told of a procuration. Forgetting a row only
    tells it again.
    """

    device = models.ForeignKey(Device, on_delete=models.PROTECT, db_index=False)
    rid = FixedTextField(max_length=32)
    digest = models.BinaryField(max_length=32)  # of the dossier then: `town_hall_files.digest_of`

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "rid"], name="one_file_per_town_hall")]


class ReferenceLease(models.Model):
    """A reference lent to a kiosk; no other will ever carry it."""

    reference = FixedTextField(max_length=6, primary_key=True)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, db_index=False)
    lot = models.PositiveIntegerField()
    rid = FixedTextField(max_length=32, null=True)

    class Meta:
        indexes = [models.Index(fields=["device", "rid"], name="lease_by_device_and_use")]


class LookUpMiss(models.Model):
    """A look-up that found nothing: counted per officer, so that nobody tries references and dates out."""

    device = models.ForeignKey(Device, on_delete=models.PROTECT, db_index=False)
    officer = FixedTextField(max_length=16)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["device", "officer", "at"], name="misses_of_an_officer")]


class RequestCopy(models.Model):
    """What the brigades of a département are told of one request: its locked copy, or that it is withdrawn.

    Made once for all of them. Only `dossiers.copying` adds rows, one transaction after the other: their ids
    are committed in order, and a brigade that was told up to one has missed none before it.
    """

    rid = FixedTextField(max_length=32, unique=True)
    departement = models.CharField(
        max_length=3
    )  # empty: there is nothing to copy, it is looked at again later
    closing = models.BigIntegerField()  # Unix seconds: of the first ballot served; 0 once withdrawn
    tag = models.BinaryField(max_length=16)
    ciphertext = models.BinaryField()  # empty once withdrawn, or its request purged
    delete_after = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["departement", "id"], name="copies_of_a_departement")]


class CopiesTold(models.Model):
    """How far a brigade was told of the copies of its département, by rounds: those with an id beyond `after`
    and up to `until` go out by ballot, up to the one of `closing` and `last`; then the next round begins.
    """

    device = models.OneToOneField(Device, on_delete=models.PROTECT, primary_key=True)
    departement = models.CharField(max_length=3)
    after = models.BigIntegerField(default=0)
    until = models.BigIntegerField(default=0)
    closing = models.BigIntegerField(default=-1)
    last = models.BigIntegerField(default=0)


class EnrolmentWanted(models.Model):
    """A request for enrolment that a tablet sent by network. Nobody has signed it: at most `joining.ROWS_MAX`
    rows, none of which means anything before a supervisor has compared its fingerprint with the tablet's.
    """

    kid = FixedTextField(max_length=16, unique=True)
    log_id = FixedTextField(max_length=16, unique=True)
    request = models.BinaryField()
    asked_at = models.DateTimeField(db_index=True)
    heard_at = models.DateTimeField(db_index=True)  # when its tablet last asked what became of it
