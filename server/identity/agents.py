"""Which account an agent of a provider has: their employer decides what they may see (DOMAIN 5.2)."""

import hashlib
import secrets

from django.contrib.auth.models import Permission, User
from django.db import transaction

from procuration.domain.people import Place
from procuration.errors import RuleViolated
from server.config.centre import current_centre
from server.console.services import administrator_of
from server.identity.claims import Agent
from server.identity.models import Employer, ProviderAccount
from server.identity.providers import Provider
from server.mairie.models import TownHallAccount

_USERNAME_MAX = 150


def account_for(provider: Provider, agent: Agent) -> User:
    """The account of an agent, made at their first sign-in.

    Raises: RuleViolated EMPLOYEUR_INCONNU, COMPTE_FERME.
    """
    employer = _employer(agent)
    digest = hashlib.sha256(f"{provider.issuer}\n{agent.subject}".encode()).hexdigest()
    known = ProviderAccount.objects.select_related("user").filter(subject_digest=digest, employer=employer)
    account = known.first()
    if account is None:
        return _new_account(employer, digest, agent)
    if not account.user.is_active:
        raise RuleViolated("COMPTE_FERME")
    return account.user


def _employer(agent: Agent) -> Employer:
    """The row of this very person, else that of everybody at the employer."""
    rows = Employer.objects.filter(siret=agent.siret, email__in=["", (agent.email or "").lower()])
    found = rows.order_by("-email").first()
    if found is None:
        raise RuleViolated("EMPLOYEUR_INCONNU")
    return found


@transaction.atomic
def _new_account(employer: Employer, digest: str, agent: Agent) -> User:
    user = User.objects.create_user(_free_name(agent))  # no password: it signs in with the provider only
    ProviderAccount.objects.create(user=user, subject_digest=digest, employer=employer)
    if employer.console:
        user.user_permissions.add(
            Permission.objects.get(content_type__app_label="console", codename="read_console")
        )
        administrator_of(user)
        return user
    TownHallAccount.objects.create(
        user=user,
        pseudonym=secrets.token_hex(8),
        place_code=employer.place_code,
        place_type=employer.place_type,
        place_cog_year=employer.place_cog_year,
    )
    return user


def _free_name(agent: Agent) -> str:
    """The address, as agents know themselves; with an ending when an older account bears it."""
    wanted = (agent.email or "agent").lower()[: _USERNAME_MAX - 10]
    taken = User.objects.filter(username=wanted).exists()
    return f"{wanted} {secrets.token_hex(4)}" if taken or not agent.email else wanted


def add_employer(siret: str, email: str, place: Place | None) -> Employer:
    """Let the agents of an employer sign in: for one commune, or one person for the console.

    Args:
        place: None for the console.

    Raises: RuleViolated SIRET_INVALIDE, COMMUNE_INCONNUE, CONSOLE_SANS_COURRIEL, EMPLOYEUR_EXISTANT.
    """
    if len(siret) != 14 or not (siret.isascii() and siret.isdigit()) or not _is_siret(siret):
        raise RuleViolated("SIRET_INVALIDE")
    if place is None and not email:
        raise RuleViolated("CONSOLE_SANS_COURRIEL")
    if place is not None and (place.code, int(place.type)) not in current_centre().tables.communes:
        raise RuleViolated("COMMUNE_INCONNUE", commune=place.code)
    if Employer.objects.filter(siret=siret, email=email.lower()).exists():
        raise RuleViolated("EMPLOYEUR_EXISTANT")
    return Employer.objects.create(
        siret=siret,
        email=email.lower(),
        console=place is None,
        place_code=place.code if place else "",
        place_type=int(place.type) if place else 0,
        place_cog_year=place.cog_year if place else 0,
    )


@transaction.atomic
def remove_employer(siret: str, email: str) -> int:
    """Nobody signs in by this row any more. Its accounts are closed, and kept: signed events name them.

    Returns: how many accounts were closed. Raises: RuleViolated EMPLOYEUR_INCONNU.
    """
    employer = Employer.objects.filter(siret=siret, email=email.lower()).first()
    if employer is None:
        raise RuleViolated("EMPLOYEUR_INCONNU")
    closed = User.objects.filter(provider_account__employer=employer).update(is_active=False)
    employer.delete()
    return closed


def _is_siret(digits: str) -> bool:
    """Luhn's sum, or for the establishments of La Poste the sum of the digits (multiple of five)."""
    if digits.startswith("356000000"):
        return sum(map(int, digits)) % 5 == 0 or _luhn(digits)
    return _luhn(digits)


def _luhn(digits: str) -> bool:
    doubled = [int(d) * (2 if i % 2 else 1) for i, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0
