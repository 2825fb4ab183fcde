"""Takes in the end of a habilitation before its term: the officer's enrolment signed again by a supervisor,
ending earlier. It counts here at once, and travels to the tablet as entry 8 of its inbox.
"""

from datetime import datetime

from django.db import transaction

from procuration.domain.identifiers import Kid
from procuration.record.enrolment import Enrolment
from procuration.record.inbox import OfficerRevoked
from server.config.centre import Centre
from server.dossiers.revoking import judge_officers_again
from server.ledger.inbox import put
from server.ledger.models import OfficerEnrolment, OfficerRevocation


def accept_end(centre: Centre, end: Enrolment, signed: bytes, received_at: datetime) -> None:
    """Store a verified end, tell the tablet, judge again the acts that came since.

    The very enrolment that the tablet has ends nothing. One whose log has not come yet is kept: it is applied
    when the habilitation arrives (`officers.take_in_enrolments`).
    """
    log_id, kid = end.log_id.hex(), end.kid.hex()
    with transaction.atomic():
        _, created = OfficerRevocation.objects.get_or_create(
            log_id=log_id,
            kid=kid,
            not_before=end.not_before,
            at=end.not_after,
            defaults={"signed": signed, "received_at": received_at},
        )
        ended = OfficerEnrolment.objects.filter(
            device__log_id=log_id, named_log=log_id, kid=kid,
            not_before=end.not_before, not_after__gt=end.not_after,
        )  # fmt: skip
        devices = set(ended.values_list("device_id", flat=True)) if created else set()
        for device_id in sorted(devices):
            put(device_id, OfficerRevoked(Kid(end.kid), end.not_after), received_at)
    if devices:
        judge_officers_again(centre, devices, end.not_after)
