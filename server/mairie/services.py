"""Making and closing the accounts of town halls. Their second factor: `server/identity/second_factor.py`."""

import secrets

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from procuration.domain.people import Place
from procuration.errors import RuleViolated
from server.config.centre import current_centre
from server.mairie.models import TownHallAccount


def check_new_account(username: str, password: str) -> None:
    """A free name and a password that is worth one.

    Raises: RuleViolated COMPTE_EXISTANT, COMPTE_NOM, MOT_DE_PASSE_FAIBLE (ids: reasons).
    """
    if not username or len(username) > 150 or not username.isprintable():
        raise RuleViolated("COMPTE_NOM")
    if User.objects.filter(username=username).exists():
        raise RuleViolated("COMPTE_EXISTANT")
    try:
        validate_password(password, User(username=username))
    except ValidationError as error:
        raise RuleViolated("MOT_DE_PASSE_FAIBLE", reasons=" ".join(error.messages)) from error


@transaction.atomic
def create_town_hall_account(username: str, password: str, place: Place) -> TownHallAccount:
    """An account for an agent of one commune.

    Raises: RuleViolated COMMUNE_INCONNUE, and those of `check_new_account`.
    """
    if (place.code, int(place.type)) not in current_centre().tables.communes:
        raise RuleViolated("COMMUNE_INCONNUE", commune=place.code)
    check_new_account(username, password)
    return TownHallAccount.objects.create(
        user=User.objects.create_user(username, password=password),
        pseudonym=secrets.token_hex(8),
        place_code=place.code,
        place_type=place.type,
        place_cog_year=place.cog_year,
    )


def close_account(username: str) -> None:
    """The account signs in no more and its open sessions end; it is kept because signed events name it.

    Raises: RuleViolated COMPTE_INCONNU.
    """
    user = User.objects.filter(username=username).first()
    if user is None:
        raise RuleViolated("COMPTE_INCONNU")
    user.is_active = False
    user.set_unusable_password()
    user.save(update_fields=["is_active", "password"])
