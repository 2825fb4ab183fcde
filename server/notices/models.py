"""The outbox: which message is owed for which event. It holds no address and no name: they stay in the
dossier."""

from django.db import models

from server.ledger.fields import FixedTextField
from server.notices.enums import BAD_ADDRESS, MessageKind, NoticeCode, NoticeState


class Notice(models.Model):
    """One message owed for one event. The pair is unique: no cause is ever told twice."""

    kind = models.PositiveSmallIntegerField(choices=MessageKind)
    cause = models.CharField(max_length=64)  # hash of the event, hexadecimal
    rid = FixedTextField(max_length=32, db_index=True)
    created_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=NoticeState, default=NoticeState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    code = models.CharField(max_length=24, choices=NoticeCode, blank=True)
    told = models.CharField(max_length=32, blank=True)  # which state of the procuration: `outbox.state_of`
    against = models.BooleanField(default=False)  # whether it says that it does not serve, wholly or in part

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "cause"], name="one_notice_per_cause_and_kind")
        ]
        indexes = [
            models.Index(fields=["state", "next_attempt_at"], name="notice_by_state_and_time"),
            models.Index(  # what no mailbox took, the newest first: a few of a million
                fields=["-created_at", "-id"],
                name="notice_with_a_bad_address",
                condition=models.Q(code__in=tuple(code.value for code in BAD_ADDRESS)),
            ),
        ]
