"""Refused sign-ins, counted so that passwords cannot be tried without end."""

from django.db import models


class RefusedSignIn(models.Model):
    """One wrong password for one account name; the name is kept as a digest, whether such an account exists
    or not."""

    account_digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["account_digest", "at"], name="refused_by_account_and_time")]


class RateCount(models.Model):
    """How often one address or account asked one kind of thing in one period; who, as a keyed digest."""

    name = models.CharField(max_length=20)
    who = models.CharField(max_length=64)
    began = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "who", "began"], name="one_count_by_period")]
