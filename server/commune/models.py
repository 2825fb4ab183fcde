"""What the computer of a town hall keeps beside its ledger and its dossiers. All of it lies in an encrypted
database, its private keys too (SECURITY-DESIGN 3).
"""

from typing import ClassVar

from django.db import models

from server.ledger.fields import FixedTextField


class Setting(models.Model):
    """One value by its name: see `memory.Name`."""

    objects: ClassVar[models.Manager["Setting"]] = models.Manager()
    name = models.CharField(max_length=32, primary_key=True)
    value = models.BinaryField()


class SentBundle(models.Model):
    """A bundle sealed here: what an answer names, and what was known when it was sealed."""

    objects: ClassVar[models.Manager["SentBundle"]] = models.Manager()
    name = FixedTextField(max_length=32, unique=True)
    hash = FixedTextField(max_length=64, unique=True)
    first_seq = models.BigIntegerField()
    count = models.PositiveIntegerField()
    tree_size = models.BigIntegerField()
    epoch = models.BinaryField(max_length=16)
    sealed_at = models.DateTimeField()


class CentreWord(models.Model):
    """What the centre last said of a procuration: its rivals may be of other communes, unknown here."""

    objects: ClassVar[models.Manager["CentreWord"]] = models.Manager()
    rid = FixedTextField(max_length=32, primary_key=True)
    status = models.PositiveSmallIntegerField(null=True)
    code = models.CharField(max_length=40, blank=True)
    ranks = models.JSONField(default=list)


class KeptFile(models.Model):
    """A file of the centre that cannot be checked yet: a tablet or a supervisor that the directory at hand
    does not name. Tried again when a stick brings a newer one."""

    objects: ClassVar[models.Manager["KeptFile"]] = models.Manager()
    rid = FixedTextField(max_length=32, primary_key=True)
    value = models.BinaryField()  # as the answer had it, encoded


class Alarm(models.Model):
    """Two statements of the centre that contradict each other, or a ledger restored. Never deleted."""

    objects: ClassVar[models.Manager["Alarm"]] = models.Manager()
    code = models.CharField(max_length=40)
    at = models.DateTimeField()
    held = models.BinaryField()
    shown = models.BinaryField()


class PutAside(models.Model):
    """Something of a stick that was refused: a code, never its bytes."""

    objects: ClassVar[models.Manager["PutAside"]] = models.Manager()
    at = models.DateTimeField()
    code = models.CharField(max_length=40)
