"""Which commune an account works for."""

from django.conf import settings
from django.db import models


class TownHallAccount(models.Model):
    """An agent of a town hall: bound to one commune for the life of the account (I-8).

    `pseudonym` names the agent in signed events; the name of the account never leaves this table.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="town_hall")
    pseudonym = models.CharField(max_length=16, unique=True)
    place_code = models.CharField(max_length=8)
    place_type = models.PositiveSmallIntegerField()
    place_cog_year = models.PositiveSmallIntegerField()

    class Meta:
        indexes = [models.Index(fields=["place_code", "place_type"], name="account_by_place")]
