"""When each background job last ended, so that one that stopped is seen."""

from django.db import models


class JobRun(models.Model):
    """The last end of one job: when it last went well, and what the last failure was since."""

    name = models.CharField(max_length=24, unique=True)
    ended_at = models.DateTimeField(null=True)  # well
    failed_at = models.DateTimeField(null=True)
    code = models.CharField(max_length=40, blank=True)  # of the last failure; empty once it went well again
