"""The second secret of a key slot sealed to the TPM of this machine: opened by the code, while the machine
starts as it did when the slot was made.

Key slots of kind 1 (SECURITY-DESIGN 11). The extra `tpm` (tpm2-pytss) is imported at the first use; code
works without it. The sealed object answers to PCR 7 (who may start this machine) and to an authorisation
value made from the stretched code. Neither the code nor that value is ever on the bus: it sees HMACs of a
session salted with the storage key, and parameters encrypted under it (TPM 2.0 Library, part 1, 19 and 21).
"""

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from procuration.errors import RecordRejected, RuleViolated
from procuration.ports import TypedCode
from procuration.record.canonical import decode, encode
from procuration.record.shape import fields, octets, text

DEFAULT_TPM: Final = "device:/dev/tpmrm0"
PREFIX_CHARACTERS: Final = 2
CODE_CHARACTERS_MIN: Final = PREFIX_CHARACTERS + 6
HELD_BYTES_MAX: Final = 1024
SECRET_BYTES: Final = 32
_AUTH_INFO: Final = b"procu/tpm-auth/1"
_PCR: Final = "sha256:7"
_REACHED: Final = re.compile(
    r"(device):(/dev/tpm[a-z]*\d+)|(swtpm):(path=/[^,]+|host=127\.0\.0\.1,port=\d{1,5})", re.ASCII
)
_PARENT_TEMPLATE: Final = "ecc256:aes128cfb"
_PARENT_ATTRIBUTES: Final = "fixedtpm|fixedparent|sensitivedataorigin|userwithauth|noda|restricted|decrypt"
"""`noda`: wrong codes of other slots, or of other programs, never lock the storage key itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedToTpm:
    """What stands beside a slot of kind 1; without this very TPM it opens nothing.

    Attributes:
        prefix: the first two characters of the code, in the clear: which of several slots to ask for.
        parent: TPM name of the storage key; another TPM, or this one cleared, has another.
        public, private: the sealed object, as the TPM wrote it.
    """

    prefix: str = field(repr=False)
    parent: bytes = field(repr=False)
    public: bytes = field(repr=False)
    private: bytes = field(repr=False)

    def written(self) -> bytes:
        return encode({0: 1, 1: self.prefix, 2: self.parent, 3: self.public, 4: self.private})


def read_sealed(held: bytes) -> SealedToTpm:
    """Raises: RecordRejected, with a code of `canonical` or `shape`; TPM_DEBUT_DE_CODE."""
    read = fields(decode(held, max_bytes=HELD_BYTES_MAX), 5)
    prefix = text(read[1], maximum=PREFIX_CHARACTERS)
    if len(prefix) != PREFIX_CHARACTERS:
        raise RecordRejected("TPM_DEBUT_DE_CODE")
    return SealedToTpm(
        prefix=prefix,
        parent=octets(read[2], length=34),
        public=octets(read[3], maximum=256),
        private=octets(read[4], maximum=384),
    )


class TpmSecret:
    """The TPM of this machine. Implements `ports.SecretKeeper`.

    A TPM counts every wrong try at any of its slots and forgets them only with time. So a code is tried on
    one slot: the one whose code begins with the same two characters. Six more are the secret.
    """

    def __init__(self, reached: str = DEFAULT_TPM) -> None:
        """Args: reached: `device:/dev/tpmrm0`, or a software TPM on this machine for tests.

        Raises: RuleViolated TPM_REGLAGE.
        """
        match = _REACHED.fullmatch(reached)
        if match is None:
            raise RuleViolated("TPM_REGLAGE")
        self._transport, self._where = (part for part in match.groups() if part is not None)

    def concerns(self, held: bytes, code: str) -> bool:
        """Raises: RecordRejected, when what is held is damaged."""
        return len(code) >= CODE_CHARACTERS_MIN and code.startswith(read_sealed(held).prefix)

    def find(self, held: bytes) -> None:
        """Raises: RuleViolated TPM_ABSENT, TPM_AUTRE, TPM_PANNE."""
        sealed = read_sealed(held)
        with self._tpm() as tpm, _Session(tpm) as session:
            session.check_parent(sealed.parent)

    def make(self, typed: TypedCode, others: Sequence[bytes]) -> tuple[bytes, bytes]:
        """Seals a new secret to the TPM as this machine started.

        Raises: RuleViolated CODE_TROP_COURT (ids: characters_min), TPM_ABSENT, TPM_PANNE.
        """
        if len(typed.code) < CODE_CHARACTERS_MIN:
            raise RuleViolated("CODE_TROP_COURT", characters_min=CODE_CHARACTERS_MIN)
        secret = os.urandom(SECRET_BYTES)
        with self._tpm() as tpm, _Session(tpm) as session:
            public, private = session.seal(_auth(typed), secret)
            sealed = SealedToTpm(
                prefix=typed.code[:PREFIX_CHARACTERS], parent=session.parent, public=public, private=private
            )
        return secret, sealed.written()

    def recall(self, held: bytes, typed: TypedCode) -> bytes:
        """Raises: RuleViolated CODE_INCORRECT (the TPM has counted it); TPM_MESURES, when the machine did not
        start as it did (firmware, boot keys); TPM_VERROUILLE, after too many wrong codes at the TPM;
        TPM_AUTRE, also for a damaged object; TPM_ABSENT, TPM_PANNE.
        """
        sealed = read_sealed(held)
        with self._tpm() as tpm, _Session(tpm) as session:
            session.check_parent(sealed.parent)
            return session.unseal(sealed.public, sealed.private, _auth(typed))

    def check_lockout(self) -> None:
        """Until its lock-out authorisation is set, whoever starts this machine makes the TPM forget the wrong
        codes it counted.

        Raises: RuleViolated TPM_SANS_VERROU, TPM_ABSENT, TPM_PANNE.
        """
        with self._tpm() as tpm:
            from tpm2_pytss import TPM2_CAP, TPM2_PT, TPMA_PERMANENT  # type: ignore[import-untyped]

            _, data = tpm.get_capability(TPM2_CAP.TPM_PROPERTIES, TPM2_PT.PERMANENT, 1)
            if not data.data.tpmProperties[0].value & TPMA_PERMANENT.LOCKOUTAUTHSET:
                raise RuleViolated("TPM_SANS_VERROU")

    @contextmanager
    def _tpm(self) -> Iterator[Any]:
        """A connection; each error of the TPM becomes one of ours."""
        os.environ.setdefault(
            "TSS2_LOG", "all+none"
        )  # the library writes paths and codes to our error output
        try:
            from tpm2_pytss import ESAPI, TCTILdr, TSS2_Exception
        except (ImportError, NotImplementedError) as error:
            raise RuleViolated("TPM_ABSENT") from error
        try:
            transport = TCTILdr(self._transport, self._where)
        except TSS2_Exception as error:
            raise RuleViolated("TPM_ABSENT") from error
        try:
            with transport, ESAPI(transport) as tpm:
                yield tpm
        except TSS2_Exception as error:
            raise RuleViolated(_code_of(error), answer=int(error.rc)) from error


class _Session:
    """One conversation with the TPM, encrypted from end to end with a salt only its storage key opens."""

    def __init__(self, tpm: Any) -> None:
        self._tpm = tpm
        self._loaded = ExitStack()

    def __enter__(self) -> "_Session":
        from tpm2_pytss import ESYS_TR, TPM2_SE, TPM2B_PUBLIC

        template = TPM2B_PUBLIC.parse(_PARENT_TEMPLATE, objectAttributes=_PARENT_ATTRIBUTES)
        try:
            self._parent, *_ = self._tpm.create_primary(None, template, ESYS_TR.OWNER)
            self._loaded.callback(self._tpm.flush_context, self._parent)
            self.parent = bytes(self._tpm.tr_get_name(self._parent))
            self._salted = self._start(TPM2_SE.HMAC)
        except BaseException:
            self._loaded.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._loaded.close()

    def check_parent(self, name: bytes) -> None:
        """The TPM that sealed, and nobody between it and us: a go-between has another storage key.

        Raises: RuleViolated TPM_AUTRE.
        """
        if name != self.parent:
            raise RuleViolated("TPM_AUTRE")

    def seal(self, auth: bytes, secret: bytes) -> tuple[bytes, bytes]:
        """Public and private part of an object that `auth` opens while PCR 7 is what it is now."""
        from tpm2_pytss import (
            TPM2_ALG,
            TPM2_SE,
            TPM2B_AUTH,
            TPM2B_PUBLIC,
            TPM2B_SENSITIVE_CREATE,
            TPM2B_SENSITIVE_DATA,
            TPMA_OBJECT,
            TPMS_KEYEDHASH_PARMS,
            TPMS_SENSITIVE_CREATE,
            TPMT_KEYEDHASH_SCHEME,
            TPMT_PUBLIC,
            TPMU_PUBLIC_PARMS,
        )

        trial = self._start(TPM2_SE.TRIAL)
        self._state_and_auth(trial)
        scheme = TPMT_KEYEDHASH_SCHEME(scheme=TPM2_ALG.NULL)
        template = TPMT_PUBLIC(
            type=TPM2_ALG.KEYEDHASH,
            nameAlg=TPM2_ALG.SHA256,
            objectAttributes=TPMA_OBJECT.FIXEDTPM
            | TPMA_OBJECT.FIXEDPARENT,  # without noda: tries are counted
            authPolicy=self._tpm.policy_get_digest(trial),
            parameters=TPMU_PUBLIC_PARMS(keyedHashDetail=TPMS_KEYEDHASH_PARMS(scheme=scheme)),
        )
        sensitive = TPMS_SENSITIVE_CREATE(userAuth=TPM2B_AUTH(auth), data=TPM2B_SENSITIVE_DATA(secret))
        private, public, *_ = self._tpm.create(
            self._parent, TPM2B_SENSITIVE_CREATE(sensitive), TPM2B_PUBLIC(template), session1=self._salted
        )
        return public.publicArea.marshal(), bytes(private)

    def unseal(self, public: bytes, private: bytes, auth: bytes) -> bytes:
        """Raises: RuleViolated TPM_AUTRE."""
        from tpm2_pytss import TPM2_SE, TPM2B_PRIVATE, TPM2B_PUBLIC, TPMT_PUBLIC, TSS2_Exception

        try:
            area, read = TPMT_PUBLIC.unmarshal(public)
            if read != len(public):
                raise RuleViolated("TPM_AUTRE")
            parts = TPM2B_PRIVATE(private), TPM2B_PUBLIC(area)
            sealed = self._tpm.load(self._parent, *parts, session1=self._salted)
        except TSS2_Exception as error:
            raise RuleViolated("TPM_AUTRE", answer=int(error.rc)) from error
        self._loaded.callback(self._tpm.flush_context, sealed)
        self._tpm.tr_set_auth(sealed, auth)
        opening = self._start(TPM2_SE.POLICY)
        self._state_and_auth(opening)
        return bytes(self._tpm.unseal(sealed, session1=opening))

    def _state_and_auth(self, session: Any) -> None:
        from tpm2_pytss import TPM2B_DIGEST, TPML_PCR_SELECTION

        self._tpm.policy_pcr(session, TPM2B_DIGEST(b""), TPML_PCR_SELECTION.parse(_PCR))
        self._tpm.policy_auth_value(session)

    def _start(self, kind: Any) -> Any:
        from tpm2_pytss import (
            ESYS_TR,
            TPM2_ALG,
            TPMA_SESSION,
            TPMT_SYM_DEF,
            TPMU_SYM_KEY_BITS,
            TPMU_SYM_MODE,
        )

        cipher = TPMT_SYM_DEF(
            algorithm=TPM2_ALG.AES,
            keyBits=TPMU_SYM_KEY_BITS(aes=128),
            mode=TPMU_SYM_MODE(aes=TPM2_ALG.CFB),
        )
        session = self._tpm.start_auth_session(
            tpm_key=self._parent,
            bind=ESYS_TR.NONE,
            session_type=kind,
            symmetric=cipher,
            auth_hash=TPM2_ALG.SHA256,
        )
        self._loaded.callback(self._tpm.flush_context, session)
        both_ways = TPMA_SESSION.CONTINUESESSION | TPMA_SESSION.DECRYPT | TPMA_SESSION.ENCRYPT
        self._tpm.trsess_set_attributes(session, both_ways)
        return session


def _auth(typed: TypedCode) -> bytes:
    """Not the code, nor anything that the slot key is made from."""
    return HKDF(SHA256(), 32, salt=None, info=_AUTH_INFO + typed.slot_id).derive(typed.stretched)


def _code_of(error: Any) -> str:
    """Our word for what a TPM answers (TPM 2.0 Library, part 2, 6.6)."""
    from tpm2_pytss import TPM2_RC

    match error.error:
        case TPM2_RC.AUTH_FAIL | TPM2_RC.BAD_AUTH:
            return "CODE_INCORRECT"
        case TPM2_RC.LOCKOUT:
            return "TPM_VERROUILLE"
        case TPM2_RC.POLICY_FAIL | TPM2_RC.PCR_CHANGED:
            return "TPM_MESURES"
        case _:
            return "TPM_PANNE"
