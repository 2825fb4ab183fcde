"""Counts what was refused before anybody could be named: a number per hour and code, whatever the flood."""

from datetime import datetime

from django.db.models import F

from server.ledger.models import RefusedCount


def count_refusal(code: str, at: datetime) -> None:
    """One more refusal with this code in this hour."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    row, created = RefusedCount.objects.get_or_create(
        hour=hour, code=code[:40], defaults={"count": 1, "last_at": at}
    )
    if not created:
        RefusedCount.objects.filter(pk=row.pk).update(count=F("count") + 1, last_at=at)
