"""What the centre remembers of sign-ins by a provider: questions answered, employers, and whose account an
agent has. Of electors nothing is kept here: their identity lives in their session.
"""

from django.conf import settings
from django.db import models


class UsedState(models.Model):
    """A question to a provider that was answered; kept twice as long as a journey, so that it is answered
    once."""

    digest = models.CharField(max_length=64, primary_key=True)
    at = models.DateTimeField(db_index=True)


class Employer(models.Model):
    """What the agents of one employer may do: see one commune, or read the console.

    `email` narrows the row to one person; the console is never open to a whole employer. `pseudonym` of the
    accounts stands in the tables of the spaces, as for local accounts.
    """

    siret = models.CharField(max_length=14)
    email = models.CharField(max_length=254, blank=True, default="")
    console = models.BooleanField(default=False)
    place_code = models.CharField(max_length=8, blank=True, default="")
    place_type = models.PositiveSmallIntegerField(default=0)
    place_cog_year = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["siret", "email"], name="one_right_for_an_employer")]


class ProviderAccount(models.Model):
    """The account of a person whom a provider knows, at one employer; at another one, another account.

    `subject_digest` is SHA-256 of the issuer and its `sub`: the `sub` itself is of no use here.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="provider_account"
    )
    subject_digest = models.CharField(max_length=64)
    employer = models.ForeignKey(Employer, on_delete=models.CASCADE, related_name="accounts")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject_digest", "employer"], name="one_account_for_a_person")
        ]
