"""The right to the console, by which name signed events know each of its administrators, and what the console
counts of the events as they come."""

from django.conf import settings
from django.db import models


class ConsoleRight(models.Model):
    """Carries the permission; no table stands behind it."""

    class Meta:
        managed = False
        default_permissions = ()
        permissions = [("read_console", "May read the console of the central administrators")]


class Administrator(models.Model):
    """A person who may decide a case of the human queue: one account each.

    `pseudonym` names the person in signed events; the name of the account never leaves this database.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="administrator"
    )
    pseudonym = models.CharField(max_length=16, unique=True)


class Followed(models.Model):
    """How far the events were counted below: one row. Forgetting what was counted, and this row, only counts
    it once more."""

    name = models.CharField(max_length=16, primary_key=True)
    event_id = models.BigIntegerField(default=0)
    at = models.DateTimeField(null=True)


class DayCount(models.Model):
    """How many events of one measure a day had: no page counts a million rows.

    `bucket`: of a latency, see `figures.BUCKETS`; 0 where none is measured.
    """

    day = models.DateField()
    departement = models.CharField(max_length=3, blank=True)
    channel = models.PositiveSmallIntegerField()
    measure = models.PositiveSmallIntegerField()
    bucket = models.PositiveSmallIntegerField()
    count = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "departement", "channel", "measure", "bucket"], name="one_count_per_day"
            )
        ]


class ActsOfDay(models.Model):
    """What one officer did on one tablet on one day, or what was drawn up in one place away from the units.

    `subject`: digest of the officer's name, or kind and code of the place; `rids`: some of the requests.
    """

    subject = models.CharField(max_length=32)
    log_id = models.CharField(max_length=16, blank=True)
    day = models.DateField()
    acts = models.PositiveIntegerField()
    night = models.PositiveIntegerField()
    home = models.PositiveIntegerField()
    rids = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "log_id", "day"], name="one_row_of_acts_per_day")
        ]
        indexes = [models.Index(fields=["log_id", "day"], name="acts_by_tablet_and_day")]


class Finding(models.Model):
    """Something that is out of the ordinary. It proves nothing and refuses nobody (DOMAIN 9.8)."""

    kind = models.CharField(max_length=16)  # findings.Sort
    subject = models.CharField(max_length=32)
    day = models.CharField(max_length=10, blank=True)  # ISO, empty when it is not of one day
    count = models.PositiveIntegerField()
    threshold = models.PositiveIntegerField()
    rids = models.JSONField(default=list)
    found_at = models.DateTimeField()
    changed_at = models.DateTimeField(db_index=True)
    seen_at = models.DateTimeField(null=True)
    seen_by = models.CharField(max_length=16, blank=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "subject", "day"], name="one_finding_each")]
        indexes = [
            models.Index(
                fields=["changed_at"], name="finding_not_seen", condition=models.Q(seen_at__isnull=True)
            )
        ]


class Contested(models.Model):
    """Two statements of this centre about its own log that cannot both be true (SECURITY-DESIGN 8).

    Kept for ever with its proof. The alarm stands until a named administrator closes it with a reason.
    """

    code = models.CharField(max_length=24)  # contested.Contradiction
    size = models.BigIntegerField()
    root = models.BinaryField(max_length=32)  # what somebody holds
    own_root = models.BinaryField(max_length=32)  # what this centre has there; empty when it has no such size
    held = models.BinaryField()  # the signed checkpoint that somebody held; empty when a sync point said it
    shown = models.BinaryField()  # the one that contradicts it; empty likewise
    event_id = models.BigIntegerField(null=True)  # of the sync point
    source = models.CharField(max_length=16)  # log id of the tablet, or pseudonym of who filed the proof
    reports = models.PositiveIntegerField(default=1)
    found_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=16, blank=True)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["size", "root"], name="one_row_per_contested_tree")]
        indexes = [
            models.Index(
                fields=["found_at"], name="contested_open", condition=models.Q(closed_at__isnull=True)
            )
        ]


class Kept(models.Model):
    """A count over everything that waits, and when it was made: see `kept`."""

    name = models.CharField(max_length=16, primary_key=True)
    at = models.DateTimeField()
    value = models.JSONField()
