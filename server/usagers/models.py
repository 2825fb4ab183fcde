"""Look-ups of the public, counted so that references and birth dates cannot be tried out without end."""

from django.db import models


class FollowTry(models.Model):
    """Somebody asked what became of one reference, found or not; the reference is kept as a digest, whether
    such a request exists or not."""

    reference_digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["reference_digest", "at"], name="follow_by_reference_and_time")]
