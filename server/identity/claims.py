"""What a provider says of a person, as our own words: civil status of an elector, employer of an agent.

Identities are not tidy (DOMAIN 5.1): a name may be missing, a birth date may be presumed, the name in use
stands apart from the birth name.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from procuration.domain.events import Authentication
from procuration.domain.people import PartialDate, Sex, check_birth_date, check_email, check_name
from procuration.errors import RecordRejected, RuleViolated
from server.identity.client import Answer
from server.identity.elector import Elector
from server.identity.providers import Kind, Provider
from server.identity.tokens import Claims, at_least, refused

_TEXT_MAX: Final = 2000
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", re.ASCII)
_SIRET = re.compile(r"[0-9]{14}", re.ASCII)
_SEXES: Final = {"female": Sex.FEMALE, "male": Sex.MALE}
_AUTHENTICATIONS: Final = {
    Kind.FRANCE_CONNECT: Authentication.FRANCE_CONNECT,
    Kind.FRANCE_CONNECT_PLUS: Authentication.FRANCE_CONNECT,
    Kind.NC_CONNECT: Authentication.NC_CONNECT,
}
_SECOND_FACTORS: Final = frozenset({"totp", "pop"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """An agent as ProConnect knows them.

    Attributes:
        siret: fourteen digits: the employer.
        second_factor: whether the provider says that two factors were shown.
    """

    subject: str = field(repr=False)
    siret: str
    email: str | None = field(repr=False)
    second_factor: bool


def elector_from(provider: Provider, answer: Answer, today: date) -> Elector:
    """The elector of a checked answer.

    Raises: RecordRejected IDENTITE_INCOMPLETE (no birth date, or no name at all), REPONSE_FOURNISSEUR.
    """
    claims = answer.claims
    elector = Elector(
        provider=provider.name,
        authentication=_authentication(provider, answer.level),
        birth_name=_name(claims, "family_name"),
        given_names=_name(claims, "given_name"),
        sex=_SEXES.get(_text(claims, "gender") or ""),
        birth_date=_birth_date(provider, claims, today),
        used_name=_name(claims, "preferred_username"),
        email=_email(claims),
        id_token=answer.id_token,
    )
    if elector.birth_name is None and elector.given_names is None:
        raise RecordRejected("IDENTITE_INCOMPLETE")
    return elector


def agent_from(answer: Answer) -> Agent:
    """The agent of a checked answer. Raises: RecordRejected IDENTITE_INCOMPLETE: no employer."""
    siret = (_text(answer.claims, "siret") or "").replace(" ", "")
    if not _SIRET.fullmatch(siret):
        raise RecordRejected("IDENTITE_INCOMPLETE")
    return Agent(
        subject=answer.subject,
        siret=siret,
        email=_email(answer.claims),
        second_factor=shows_two_factors(answer.methods),
    )


def shows_two_factors(methods: frozenset[str]) -> bool:
    """`mfa` (RFC 8176), or a password and something that one has. A code by mail is no second factor: the
    mailbox may open with the same password.
    """
    return "mfa" in methods or ("pwd" in methods and bool(methods & _SECOND_FACTORS))


def _authentication(provider: Provider, level: str) -> Authentication:
    """How a request of this session says that its mandant was authenticated (Code électoral, R. 72)."""
    if provider.certified_acr and at_least(level, provider.certified_acr):
        return Authentication.CERTIFIED_IDENTITY
    return _AUTHENTICATIONS[provider.kind]


def _birth_date(provider: Provider, claims: Claims, today: date) -> PartialDate:
    """As the civil register has it. `idp_birthdate` still has the zeros that the pivot wrote as ones."""
    said = _partial(claims, "birthdate", today)
    if said is None:
        raise RecordRejected("IDENTITE_INCOMPLETE")
    source = _partial(claims, "idp_birthdate", today)
    if source is not None and _stands_for(source, said):
        return source
    if provider.first_day_is_unknown and said.day == 1:
        return PartialDate(said.year, 0 if said.month == 1 else said.month)
    return said


def _stands_for(source: PartialDate, said: PartialDate) -> bool:
    """Whether a date is another one whose unknown parts were written as ones."""
    return source.earliest == said.earliest


def _partial(claims: Claims, name: str, today: date) -> PartialDate | None:
    text = _text(claims, name)
    if text is None:
        return None
    match = _DATE.fullmatch(text)
    if match is None:
        raise refused(name)
    year, month, day = (int(part or 0) for part in match.groups())
    try:
        return check_birth_date(PartialDate(year, month, day), today)
    except RuleViolated as error:
        raise refused(name) from error


def _name(claims: Claims, name: str) -> str | None:
    """A name as a request may hold it, its spaces made plain; None when there is none.

    Raises: RecordRejected IDENTITE_INCOMPLETE: a name that no request can hold.
    """
    text = _text(claims, name)
    if text is None:
        return None
    try:
        return check_name(" ".join(text.split()))
    except RuleViolated as error:
        raise RecordRejected("IDENTITE_INCOMPLETE") from error


def _email(claims: Claims) -> str | None:
    """An address that mail can be sent to; one of another shape counts as none, since it is only a help."""
    text = _text(claims, "email")
    try:
        return check_email(text) if text else None
    except RuleViolated:
        return None


def _text(claims: Claims, name: str) -> str | None:
    """A claim that is text; None when it is absent or empty."""
    value = claims.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > _TEXT_MAX or any(_is_control(c) for c in value):
        raise refused(name)
    return value.strip() or None


def _is_control(character: str) -> bool:
    """Control characters, lone surrogates, and the marks that turn the direction of writing."""
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn")
