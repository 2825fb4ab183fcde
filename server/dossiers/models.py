"""Tables of the dossiers: one row for each procuration, as its events read today.

Every column is derived from the ledger: `procuration-server rebuild` writes the same rows again. Only
`fold.py` computes them and only `services.py` writes them.
"""

from django.db import models

from procuration.domain.status import Status
from server.ledger.fields import FixedTextField
from server.ledger.models import Device


class Procuration(models.Model):
    """One request and what became of it. Rows hold personal data: they go when the bodies of their events
    are purged.
    """

    rid = FixedTextField(max_length=32, primary_key=True)  # hexadecimal of 16 bytes
    reference = FixedTextField(max_length=6, null=True, db_index=True)
    status = models.PositiveSmallIntegerField()  # procuration.domain.status.Status
    code = models.CharField(
        max_length=40, blank=True
    )  # why, when refused, invalidated or waiting for a person
    rule = models.CharField(max_length=6, blank=True)  # of the last change, e.g. "R-39"
    effects = models.JSONField(default=list)  # what it is worth for each round: `fold._effect`
    regime = models.CharField(
        max_length=6, blank=True
    )  # procuration.domain.law.ControlRegime, once established
    authentication = models.PositiveSmallIntegerField()
    channel = models.PositiveSmallIntegerField()

    place_code = models.CharField(max_length=8)
    place_type = models.PositiveSmallIntegerField()
    place_cog_year = models.PositiveSmallIntegerField()

    scrutin_id = models.CharField(max_length=64, blank=True)  # one scrutin ...
    rounds = models.PositiveSmallIntegerField(null=True)
    period_first = models.DateField(null=True)  # ... or a period
    period_last = models.DateField(null=True)
    polling_days = models.JSONField()  # ISO dates of the rounds covered that the calendar knows
    first_closing = models.DateTimeField(null=True)  # closing of the first of them
    last_closing = models.DateTimeField(null=True)

    mandant_birth_name = models.CharField(max_length=100, blank=True)
    mandant_given_names = models.CharField(max_length=100, blank=True)
    mandant_used_name = models.CharField(max_length=100, blank=True)
    mandant_sex = models.PositiveSmallIntegerField(null=True)
    mandant_birth_date = models.CharField(max_length=10)  # "1962-08-24", unknown parts "00"
    mandant_elector_number = models.CharField(max_length=12, blank=True)
    mandant_folded = models.CharField(max_length=320)  # names as `fold_name` writes them: searched
    email = models.CharField(max_length=254, blank=True)

    mandataire_birth_name = models.CharField(max_length=100, blank=True)
    mandataire_given_names = models.CharField(max_length=100, blank=True)
    mandataire_used_name = models.CharField(max_length=100, blank=True)
    mandataire_sex = models.PositiveSmallIntegerField(null=True)
    mandataire_birth_date = models.CharField(max_length=10)
    mandataire_elector_number = models.CharField(max_length=12, blank=True)
    mandataire_place_code = models.CharField(max_length=8, blank=True)
    mandataire_place_type = models.PositiveSmallIntegerField(null=True)

    filed_at = models.DateTimeField()
    filed_log = models.CharField(max_length=16)  # hexadecimal log id of the device that filed
    filed_hash = models.CharField(max_length=64)
    # The request that this one was filed again in the place of, from its receipt.
    taken_over = FixedTextField(max_length=32, null=True)

    established_at = models.DateTimeField(null=True)  # dressée: the wall time of the act
    act_log = models.CharField(max_length=16, blank=True)
    act_hash = models.CharField(
        max_length=64, blank=True
    )  # hash of the event that carries the act: what a decision names
    officer_nom = models.CharField(max_length=100, blank=True)
    officer_prenoms = models.CharField(max_length=100, blank=True)
    officer_qualite = models.CharField(max_length=100, blank=True)
    officer_unit = models.CharField(max_length=200, blank=True)
    act_place_kind = models.PositiveSmallIntegerField(null=True)
    act_place_code = models.CharField(max_length=8, blank=True)
    identity_document = models.PositiveSmallIntegerField(null=True)
    declarations = models.PositiveSmallIntegerField(null=True)

    to_take_in = models.BooleanField(default=False)  # established, and the centre has not said so yet
    # What the mandataire's town hall owes: "" nothing, "ATTENDUE", "DONNEE".
    answer = models.CharField(max_length=8, blank=True)
    # Who else a change of this one may touch: digests, None before it is established (own.keys_of).
    mandant_key = FixedTextField(max_length=32, null=True)
    mandataire_key = FixedTextField(max_length=32, null=True)
    moment_key = FixedTextField(max_length=32, null=True)
    # How many its mandataire holds, three for more: see `holders.py`. None in rows that an earlier version
    # wrote.
    mandataire_held = models.PositiveSmallIntegerField(null=True)
    own = models.JSONField(null=True)  # what its own events say, for comparisons: see `own.py`

    # On which lists of which polling days it stands, and at which place: see `listing.py`. None in rows that
    # an earlier version wrote.
    register_lists = models.TextField(null=True)
    register_order = models.BinaryField(null=True)

    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=64, blank=True)  # account pseudonym, empty for the register

    history = (
        models.JSONField()
    )  # [{"at": ISO, "kind": 1..19, "code": str, "by": log id, "hash": hex}], in legal order
    aside = models.JSONField()  # codes of the events set aside in this dossier, with their hashes

    class Meta:
        indexes = [
            models.Index(fields=["place_code", "place_type", "status"], name="dossier_by_place_and_status"),
            models.Index(
                fields=["established_at"],
                name="dossier_to_take_in",
                condition=models.Q(to_take_in=True),
            ),
            models.Index(
                fields=["first_closing"],
                name="dossier_for_a_person",
                condition=models.Q(status=Status.EN_ATTENTE_HUMAINE.value),
            ),
            models.Index(
                fields=["rid"],
                include=["last_closing"],
                name="dossier_asked_of_register",
                condition=models.Q(status=Status.TRANSMISE.value, regime="REU"),
            ),
            models.Index(
                fields=["status", "code"],
                name="dossier_answered_by_register",
                condition=models.Q(regime="REU", decided_at__isnull=False),
            ),
            models.Index(
                fields=["mandataire_place_code", "mandataire_place_type"],
                name="dossier_by_mandataire_place",
                condition=~models.Q(answer=""),
            ),
            *(
                models.Index(
                    fields=[name], name=f"dossier_by_{name}", condition=models.Q(**{f"{name}__isnull": False})
                )
                for name in ("mandant_key", "moment_key", "taken_over")
            ),
            models.Index(  # the rivals of one mandataire, and how many of theirs may still stand
                fields=["mandataire_key", "status"],
                name="dossier_by_holder",
                condition=models.Q(mandataire_key__isnull=False),
            ),
            # What still lacks something: a town hall's list is counted, narrowed and sorted without reading a
            # row, and so are the counts of the console over all places.
            models.Index(
                fields=["place_code", "place_type", "first_closing", "last_closing", "established_at", "rid"],
                include=[
                    "scrutin_id",
                    "rounds",
                    "period_first",
                    "period_last",
                    "channel",
                    "authentication",
                    "answer",
                    "mandataire_key",
                    "mandataire_held",
                    "status",
                    "to_take_in",
                    "regime",
                    "decided_at",
                    "place_cog_year",
                ],
                name="dossier_waiting_by_place",
                condition=models.Q(
                    status__in=(
                        Status.ETABLIE.value,
                        Status.TRANSMISE.value,
                        Status.RECUE.value,
                        Status.EN_ATTENTE_HUMAINE.value,
                    ),
                ),
            ),
            models.Index(  # a place by names: its registers, the days that each serves, the search
                fields=["place_code", "place_type", "register_order", "rid"],
                include=["established_at", "filed_at", "mandant_folded", "polling_days", "register_lists"],
                name="dossier_names_of_place",
            ),
            models.Index(fields=["last_closing"], name="dossier_by_last_closing"),
            models.Index(fields=["mandant_birth_date"], name="dossier_by_birth_date"),
            models.Index(
                fields=["place_code", "place_type", "-decided_at", "rid"],
                name="dossier_decided_by_place",
                condition=models.Q(decided_at__isnull=False),
            ),
        ]


class Withdrawal(models.Model):
    """A résiliation as an officer received it (kind 3), verified: what it ends is found by its mandant
    (R-46)."""

    device = models.ForeignKey(Device, on_delete=models.PROTECT, db_index=False)
    seq = models.BigIntegerField()
    hash = FixedTextField(max_length=64, unique=True)
    # The only procuration concerned, when it was at hand.
    rid = FixedTextField(max_length=32, null=True, db_index=True)
    mandant_key = FixedTextField(max_length=32, db_index=True)
    place_code = models.CharField(max_length=8)
    place_type = models.PositiveSmallIntegerField()
    place_cog_year = models.PositiveSmallIntegerField()
    scrutin_id = models.CharField(max_length=64, blank=True)  # nothing here or below: every procuration
    rounds = models.PositiveSmallIntegerField(null=True)
    period_first = models.DateField(null=True)
    period_last = models.DateField(null=True)
    at = models.DateTimeField()  # the wall clock of the act
    earliest = models.DateTimeField()  # when, as far as the evidence goes
    latest = models.DateTimeField()
    officer_nom = models.CharField(max_length=100)
    officer_prenoms = models.CharField(max_length=100)
    officer_qualite = models.CharField(max_length=100)
    officer_unit = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "seq"], name="one_withdrawal_per_event")]
