"""Which officer an account is, the log that the centre writes for it, and its security keys."""

from django.conf import settings
from django.db import models

from server.ledger.fields import FixedTextField
from server.ledger.models import Device


class OfficerAccount(models.Model):
    """An officer who acts in the browser. The names that the registers show are those of the habilitation,
    never of the account.

    Each has a log of their own: an act names its place in it before the key signs, and nobody else may write
    there meanwhile.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="officer")
    log = models.OneToOneField(Device, on_delete=models.PROTECT, related_name="officer_account")
    epoch = models.BinaryField(max_length=16)  # of the ledger when the log was begun
    place_code = models.CharField(max_length=8)  # INSEE code of the commune of the unit


class SecurityKey(models.Model):
    """A key that an account registered; it signs once a supervisor has entitled it."""

    account = models.ForeignKey(OfficerAccount, on_delete=models.CASCADE, related_name="keys")
    credential_id = models.CharField(max_length=1400, unique=True)  # base64url
    kid = FixedTextField(max_length=16)
    cose_key = models.BinaryField(max_length=128)
    added_at = models.DateTimeField()
