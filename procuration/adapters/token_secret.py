"""The second secret of a key slot in a PKCS #11 token: a key that never leaves it, used with the token's PIN.

Key slots of kind 2 (SECURITY-DESIGN 11). The secret is HMAC-SHA-256 with that key over the slot's name. The
extra `token` (python-pkcs11) is imported at the first use; code works without it. SoftHSM does not lock after
wrong PINs: it is for tests only.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from procuration.errors import RuleViolated
from procuration.ports import TypedCode
from procuration.record.canonical import decode, encode
from procuration.record.shape import fields, octets, text

if TYPE_CHECKING:
    import pkcs11
    from pkcs11 import _pkcs11

PIN_CHARACTERS_MIN: Final = 6
PIN_CHARACTERS_MAX: Final = 13
"""Shorter than a pass phrase: the supervisor's never costs a try of the card that lies in the reader."""
HELD_BYTES_MAX: Final = 128
_LABEL: Final = "procu/kek/1"
_MESSAGE: Final = b"procu/second-secret/1"
_KEY_BITS: Final = 256
_ONE_AT_A_TIME: Final = Lock()  # the module is initialised and finalised around each use


class TokenSecret:
    """The token with this label in a reader of this module. Implements `ports.SecretKeeper`.

    A token has one PIN, hence one slot for each token; several people have several tokens.
    """

    def __init__(self, module: Path, label: str) -> None:
        """Args: module: the PKCS #11 library of the token; label: as it was initialised."""
        self._module, self._label = module, label

    def concerns(self, held: bytes, code: str) -> bool:
        """A PIN is never a pass phrase."""
        return PIN_CHARACTERS_MIN <= len(code) <= PIN_CHARACTERS_MAX

    def find(self, held: bytes) -> None:
        """Raises: RuleViolated JETON_ABSENT, JETON_AUTRE (a token of this name with another serial number),
        JETON_VERROUILLE, JETON_ILLISIBLE.
        """
        with self._library() as library:
            self._token(library, read_token_held(held))

    def make(self, typed: TypedCode, others: Sequence[bytes]) -> tuple[bytes, bytes]:
        """A new key in the token; the code is the token's own PIN.

        Raises: as `find`; RuleViolated JETON_DEJA_PRIS, when the token has a slot already; CODE_TROP_COURT,
        CODE_TROP_LONG (ids: characters_max); CODE_INCORRECT.
        """
        if len(typed.code) < PIN_CHARACTERS_MIN:
            raise RuleViolated("CODE_TROP_COURT", characters_min=PIN_CHARACTERS_MIN)
        if len(typed.code) > PIN_CHARACTERS_MAX:
            raise RuleViolated("CODE_TROP_LONG", characters_max=PIN_CHARACTERS_MAX)
        with self._library() as library:
            token = self._token(library, None)
            held = encode({0: 1, 1: token.label, 2: token.serial})
            if held in others:
                raise RuleViolated("JETON_DEJA_PRIS")
            with _session(token, typed.code, writes=True) as session:
                return _mac(_new_key(session, typed.slot_id), typed.slot_id), held

    def recall(self, held: bytes, typed: TypedCode) -> bytes:
        """One login with the PIN, never two.

        Raises: as `find`; RuleViolated CODE_INCORRECT, JETON_SANS_CLE, JETON_PIN_A_CHANGER.
        """
        import pkcs11

        with self._library() as library:
            token = self._token(library, read_token_held(held))
            with _session(token, typed.code) as session:
                try:
                    key = session.get_key(
                        object_class=pkcs11.ObjectClass.SECRET_KEY, label=_LABEL, id=typed.slot_id
                    )
                except (pkcs11.NoSuchKey, pkcs11.MultipleObjectsReturned) as error:
                    raise RuleViolated("JETON_SANS_CLE") from error
                return _mac(key, typed.slot_id)

    @contextmanager
    def _library(self) -> "Iterator[_pkcs11.lib]":
        """The module, from initialisation to the end: whatever was logged in is logged out, and a token
        plugged in since is seen.

        Raises: RuleViolated JETON_NON_REGLE, when the library or the extra is missing; JETON_ILLISIBLE.
        """
        try:
            import pkcs11
        except ImportError as error:
            raise RuleViolated("JETON_NON_REGLE") from error
        with _ONE_AT_A_TIME:
            try:
                library = pkcs11.lib(str(self._module))
            except pkcs11.PKCS11Error as error:
                raise RuleViolated("JETON_NON_REGLE") from error
            try:
                yield library
            except pkcs11.PKCS11Error as error:
                raise RuleViolated("JETON_ILLISIBLE", reason=type(error).__name__) from error
            finally:
                library.finalize()

    def _token(self, library: "_pkcs11.lib", wanted: tuple[str, bytes] | None) -> "pkcs11.Token":
        """The token of a slot; without one, whichever has the label."""
        import pkcs11

        label = wanted[0] if wanted else self._label
        named = [token for token in library.get_tokens() if token.label == label]
        found = [token for token in named if wanted is None or token.serial == wanted[1]]
        if not found:
            raise RuleViolated("JETON_AUTRE" if named else "JETON_ABSENT")
        if len(found) > 1:
            raise RuleViolated("JETON_AMBIGU")
        if found[0].flags & pkcs11.TokenFlag.USER_PIN_LOCKED:
            raise RuleViolated("JETON_VERROUILLE")
        return found[0]


def read_token_held(held: bytes) -> tuple[str, bytes]:
    """Label and serial number of the token of a slot. Raises: RecordRejected, with a code of `canonical`."""
    read = fields(decode(held, max_bytes=HELD_BYTES_MAX), 3)
    return text(read[1], maximum=32), octets(read[2], maximum=16)


@contextmanager
def _session(token: "pkcs11.Token", pin: str, *, writes: bool = False) -> "Iterator[pkcs11.Session]":
    """Raises: RuleViolated CODE_INCORRECT, JETON_VERROUILLE, JETON_PIN_A_CHANGER."""
    import pkcs11

    try:
        session = token.open(rw=writes, user_pin=pin)
    except (pkcs11.PinIncorrect, pkcs11.PinLenRange, pkcs11.PinInvalid) as error:
        raise RuleViolated("CODE_INCORRECT") from error
    except pkcs11.PinLocked as error:
        raise RuleViolated("JETON_VERROUILLE") from error
    except (pkcs11.PinExpired, pkcs11.UserPinNotInitialized) as error:
        raise RuleViolated("JETON_PIN_A_CHANGER") from error
    with session:
        yield session


def _new_key(session: "pkcs11.Session", slot_id: bytes) -> "pkcs11.SecretKey":
    """Kept in the token, read by nobody, used after the PIN only."""
    import pkcs11

    return session.generate_key(
        pkcs11.KeyType.GENERIC_SECRET,
        _KEY_BITS,
        label=_LABEL,
        id=slot_id,
        store=True,
        mechanism=pkcs11.Mechanism.GENERIC_SECRET_KEY_GEN,
        template={
            pkcs11.Attribute.PRIVATE: True,
            pkcs11.Attribute.SENSITIVE: True,
            pkcs11.Attribute.EXTRACTABLE: False,
            pkcs11.Attribute.SIGN: True,
        },
    )


def _mac(key: Any, slot_id: bytes) -> bytes:
    import pkcs11

    secret: bytes = key.sign(_MESSAGE + slot_id, mechanism=pkcs11.Mechanism.SHA256_HMAC)
    return secret
