"""An officer in front of a browser, with a security key that a supervisor has entitled."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from procuration.domain.acts import REQUIRED_TO_ESTABLISH, ActDecision, IdentityDocument
from procuration.domain.identifiers import LogId
from procuration.record.act_web import challenge_of
from procuration.record.directory import Role
from procuration.record.enrolment import Designation, Enrolment, sign_enrolment
from server.brigade.acts import ask_for, record
from server.brigade.keys import open_officer_account, take_in_habilitation
from server.brigade.models import OfficerAccount, SecurityKey
from server.brigade.signing import Answer, Choice
from server.brigade.site import site_of
from server.dossiers.models import Procuration
from tests import builders
from tests.builders import NOW, REALM
from tests.security_key import ORIGIN
from tests.security_key import SecurityKey as HeldKey
from tests.server.centre import World
from tests.server.townhall import PASSWORD, Story

SITE = site_of(ORIGIN)
ESTABLISH = Choice(
    decision=ActDecision.ESTABLISHED,
    document=IdentityDocument.PASSPORT,
    declarations=REQUIRED_TO_ESTABLISH,
)
__all__ = ["Story"]


def habilitation_of(cose_key: bytes, account: OfficerAccount, **changes: object) -> bytes:
    """What a supervisor signs for a key of an account (or what `changes` say)."""
    enrolment = Enrolment(
        cose_key=cose_key,
        role=Role.OFFICER,
        unit="988-test",
        not_before=NOW - timedelta(days=1),
        not_after=NOW + timedelta(days=89),
        log_id=LogId(bytes.fromhex(account.log.log_id)),
        designation=Designation(
            nom=builders.OFFICER.nom,
            prenoms=builders.OFFICER.prenoms,
            qualite=builders.OFFICER.qualite,
            designation="TPI Nouméa, 2027-12",
        ),
    )
    supervisor = str(changes.pop("supervisor", "supervisor"))
    return sign_enrolment(replace(enrolment, **changes), builders.key(supervisor), REALM)


@dataclass
class Officer:
    """Somebody with an account, and the key in their hand."""

    world: World
    account: OfficerAccount
    held: HeldKey
    key: SecurityKey

    def habilitation(self, **changes: object) -> bytes:
        """What a supervisor signs for the key."""
        return habilitation_of(account=self.account, **{"cose_key": self.held.cose_key, **changes})

    def is_entitled(self, **changes: object) -> None:
        take_in_habilitation(self.world.centre, self.habilitation(**changes))

    def asks(self, rid: str, choice: Choice = ESTABLISH):
        return ask_for(self.world.centre, self.account, rid, choice)

    def answer(self, payload: bytes, held: HeldKey | None = None) -> Answer:
        holder = held or self.held
        data, client, signature = holder.answers(challenge_of(payload, REALM))
        return Answer(
            payload=payload,
            credential_id=self.key.credential_id,
            authenticator_data=data,
            client_data=client,
            signature=signature,
        )

    def signs(self, rid: str, choice: Choice = ESTABLISH) -> Procuration:
        return self.records(rid, self.answer(self.asks(rid, choice).payload))

    def records(self, rid: str, answer: Answer) -> Procuration:
        return record(self.world.centre, self.account, SITE, rid, answer)


def officer_on_line(world: World, username: str = "adjudant") -> Officer:
    """An account with one registered key, not yet entitled."""
    account = open_officer_account(world.centre, username, PASSWORD, "988-test", "Brigade de Nouméa", "98818")
    held = HeldKey()
    key = SecurityKey.objects.create(
        account=account,
        credential_id=username,
        kid=held.verifying.kid.hex(),
        cose_key=held.cose_key,
        added_at=NOW,
    )
    return Officer(world, account, held, key)


@pytest.fixture
def web(world: World) -> Officer:
    """An officer whose key is entitled."""
    officer = officer_on_line(world)
    officer.is_entitled()
    return officer
