"""Ed25519 as RFC 8032 publishes it, its corner cases, and COSE_Sign1 examples of the working group."""

import hashlib

import pytest

from procuration.adapters.keys import SoftwareKey
from procuration.domain.identifiers import Realm
from procuration.errors import RecordRejected
from procuration.record import canonical
from procuration.record.cose_key import VerifyingKey, ed25519_cose_key, low_s, p256_cose_key
from procuration.record.signed import external_aad, parse_signed, to_be_signed
from tests.builders import REALM

# RFC 8032, 7.1: secret key, public key, message, signature.
RFC_8032 = {
    "TEST 1": (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        b"",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0"
        "595bbe24655141438e7a100b",
    ),
    "TEST 2": (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        b"\x72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eae"
        "b4302aeeb00d291612bb0c00",
    ),
    "TEST 3": (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        b"\xaf\x82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9"
        "716ed28dc027beceea1ec40a",
    ),
    "TEST SHA(abc)": (
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        hashlib.sha512(b"abc").digest(),
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c"
        "138ac17ad9bef1177331a704",
    ),
}
ORDER = 2**252 + 27742317777372353535851937790883648493
FIELD = 2**255 - 19
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551

# Published with "Taming the many EdDSAs" (Chalkias, Garillot, Nikolaenko): why ours refuses, public key,
# message, signature. None is made by an honest signer.
CORNER_CASES = {
    0: (
        "key of small order",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "8c93255d71dcab10e8f379c26200f3c7bd5f09d9bc3068d3ef4edeb4853022b6",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"
        "0000000000000000000000000000000000000000000000000000000000000000",
    ),
    1: (
        "key of small order",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "9bd9f44f4dcc75bd531b56b2cd280b0bb38fc1cd6d1230e14861d861de092e79",
        "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43"
        "a5bb704786be79fc476f91d3f3f89b03984d8068dcf1bb7dfc6637b45450ac04",
    ),
    4: (
        "holds with the cofactor only",
        "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d",
        "e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec4011eaccd55b53f56c",
        "160a1cb0dc9c0258cd0a7d23e94d8fa878bcb1925f2c64246b2dee1796bed512"
        "5ec6bc982a269b723e0668e540911a9a6a58921d6925e434ab10aa7940551a09",
    ),
    5: (
        "holds with the cofactor only",
        "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d",
        "e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec4011eaccd55b53f56c",
        "21122a84e0b5fca4052f5b1235c80a537878b38f3142356b2c2384ebad4668b7"
        "e40bc836dac0f71076f9abe3a53f9c03c1ceeeddb658d0030494ace586687405",
    ),
    6: (
        "S is not below the order",
        "442aad9f089ad9e14647b1ef9099a1ff4798d78589e66f28eca69c11f582a623",
        "85e241a07d148b41e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec40",
        "e96f66be976d82e60150baecff9906684aebb1ef181f67a7189ac78ea23b6c0e"
        "547f7690a0e2ddcd04d87dbc3490dc19b3b3052f7ff0538cb68afb369ba3a514",
    ),
    7: (
        "S is far above the order",
        "442aad9f089ad9e14647b1ef9099a1ff4798d78589e66f28eca69c11f582a623",
        "85e241a07d148b41e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec40",
        "8ce5b96c8f26d0ab6c47958c9e68b937104cd36e13c33566acd2fe8d38aa1942"
        "7e71f98a473474f2f13f06f97c20d58cc3f54b8bd0d272f42b695dd7e89a8c22",
    ),
}

# cose-wg Examples, sign1-tests: key "11", ToBeSign, signature, and the whole message.
KEY_11 = p256_cose_key(
    bytes.fromhex("bac5b11cad8f99f9c72b05cf4b9e26d244dc189f745228255a219a86d6a09eff"),
    bytes.fromhex("20138bf82dc1b6d562be0fa54ab7804a3a64b6d72ccfed6b6fb6ed28bbfc117e"),
)
CONTENT = b"This is the content."
SIGN_PASS = {
    "sign-pass-01": (
        "846A5369676E617475726531404054546869732069732074686520636F6E74656E742E",
        "EAE868ECC176883766C5DC5BA5B8DCA25DAB3C2E56A551CE5705B793914348E11A02E5F0344BF2D4EE5C7FD75A68A9F5E0B3CC1F"
        "1FC1409C189566586FF9D610",
        "D28441A0A201260442313154546869732069732074686520636F6E74656E742E5840",
    ),
    "sign-pass-02": (
        "846A5369676E61747572653143A101264C11AA22BB33CC44DD5500669954546869732069732074686520636F6E74656E742E",
        "EAE868ECC176883766C5DC5BA5B8DCA25DAB3C2E56A551CE5705B793914348E155388B10C4F1B59A6733EAB416870A945111A4B2"
        "FBDBEF33A77234B1DEFF2F9B",
        "D28443A10126A10442313154546869732069732074686520636F6E74656E742E5840",
    ),
    "sign-pass-03": (
        "846A5369676E61747572653143A101264054546869732069732074686520636F6E74656E742E",
        "EAE868ECC176883766C5DC5BA5B8DCA25DAB3C2E56A551CE5705B793914348E19F43D6C6BA654472DA301B645B293C9BA939295B"
        "97C4BDB847782BFF384C5794",
        "8443A10126A10442313154546869732069732074686520636F6E74656E742E5840",
    ),
}
EXTERNAL_02 = bytes.fromhex("4C11AA22BB33CC44DD55006699")


@pytest.mark.parametrize("name", RFC_8032)
def test_a_published_ed25519_signature_verifies(name):
    _, public, message, signature = RFC_8032[name]
    VerifyingKey(ed25519_cose_key(bytes.fromhex(public))).check(bytes.fromhex(signature), message)


@pytest.mark.parametrize("name", RFC_8032)
def test_our_signer_makes_the_published_signature(name):
    secret, public, message, signature = RFC_8032[name]
    key = SoftwareKey(bytes.fromhex(secret))
    assert key.cose_key == ed25519_cose_key(bytes.fromhex(public))
    assert key.sign(message) == bytes.fromhex(signature)


@pytest.mark.parametrize("name", RFC_8032)
def test_the_same_signature_with_s_plus_the_order_is_refused(name):
    _, public, message, signature = RFC_8032[name]
    raw = bytes.fromhex(signature)
    s = int.from_bytes(raw[32:], "little") + ORDER
    with pytest.raises(RecordRejected, match=r"SIGNATURE"):
        VerifyingKey(ed25519_cose_key(bytes.fromhex(public))).check(
            raw[:32] + s.to_bytes(32, "little"), message
        )


@pytest.mark.parametrize("case", CORNER_CASES)
def test_a_published_corner_case_of_ed25519_is_refused(case):
    _, public, message, signature = CORNER_CASES[case]
    with pytest.raises(RecordRejected):
        VerifyingKey(ed25519_cose_key(bytes.fromhex(public))).check(
            bytes.fromhex(signature), bytes.fromhex(message)
        )


def small_order_encodings() -> list[bytes]:
    """Every 32 bytes that stand for a point of order 1, 2, 4 or 8, the non-canonical ones too."""
    d = -121665 * pow(121666, -1, FIELD) % FIELD
    # y of order 1 and 2: 1 and -1; order 4: 0; order 8: the roots of d y^4 + 2 y^2 - 1, from 2 P = (x, 0).
    root = pow(1 + d, (FIELD + 3) // 8, FIELD)
    if root * root % FIELD != (1 + d) % FIELD:
        root = root * pow(2, (FIELD - 1) // 4, FIELD) % FIELD
    assert root * root % FIELD == (1 + d) % FIELD
    squares = [(sign * root - 1) * pow(d, -1, FIELD) % FIELD for sign in (1, -1)]
    eighth = [y for y in range_of_roots(squares) if (d * pow(y, 4, FIELD) + 2 * y * y - 1) % FIELD == 0]
    assert len(eighth) == 2
    values = {0, 1, FIELD - 1, *eighth}
    encodings = values | {value + FIELD for value in values if value + FIELD < 2**255}
    return [(value | sign << 255).to_bytes(32, "little") for value in sorted(encodings) for sign in (0, 1)]


def range_of_roots(squares: list[int]) -> list[int]:
    roots = []
    for square in squares:
        root = pow(square, (FIELD + 3) // 8, FIELD)
        for candidate in (root, root * pow(2, (FIELD - 1) // 4, FIELD) % FIELD):
            if candidate * candidate % FIELD == square:
                roots += [candidate, FIELD - candidate]
    return roots


@pytest.mark.parametrize("public", small_order_encodings())
def test_a_public_key_of_small_order_is_no_key(public):
    with pytest.raises(RecordRejected, match=r"KEY_FORM"):
        VerifyingKey(ed25519_cose_key(public))


@pytest.mark.parametrize("over", range(19))
def test_a_public_key_has_one_spelling(over):
    for sign in (0, 1):
        public = (FIELD + over | sign << 255).to_bytes(32, "little")
        with pytest.raises(RecordRejected, match=r"KEY_FORM"):
            VerifyingKey(ed25519_cose_key(public))


def test_there_are_seven_small_ys_with_two_signs_each():
    assert len(small_order_encodings()) == 14


@pytest.mark.parametrize("name", SIGN_PASS)
def test_the_signature_of_a_cose_example_verifies(name):
    signed_bytes, signature, _ = SIGN_PASS[name]
    VerifyingKey(KEY_11).check(low_s(bytes.fromhex(signature)), bytes.fromhex(signed_bytes))


@pytest.mark.parametrize("name", SIGN_PASS)
def test_of_the_two_forms_of_an_ecdsa_signature_one_is_accepted(name):
    """Of the published ones, sign-pass-03 has the high s, the two others have the low one."""
    signed_bytes, signature, _ = SIGN_PASS[name]
    low = low_s(bytes.fromhex(signature))
    assert (low == bytes.fromhex(signature)) is (name != "sign-pass-03")
    high = low[:32] + (P256_ORDER - int.from_bytes(low[32:], "big")).to_bytes(32, "big")
    assert low_s(high) == low
    with pytest.raises(RecordRejected, match=r"SIGNATURE"):
        VerifyingKey(KEY_11).check(high, bytes.fromhex(signed_bytes))


def test_the_changed_content_of_the_failing_example_does_not_verify():
    signed_bytes, signature, _ = SIGN_PASS["sign-pass-03"]
    with pytest.raises(RecordRejected, match=r"SIGNATURE"):
        VerifyingKey(KEY_11).check(low_s(bytes.fromhex(signature)), bytes.fromhex(signed_bytes[:-2] + "2F"))


def test_our_sig_structure_is_the_published_one_with_our_external_data():
    published = bytes.fromhex(SIGN_PASS["sign-pass-02"][0])
    ours = canonical.encode(external_aad(REALM))
    assert to_be_signed(bytes.fromhex("A10126"), CONTENT, REALM) == published.replace(EXTERNAL_02, ours)


def test_another_realm_signs_other_bytes():
    assert to_be_signed(b"\xa0", CONTENT, REALM) != to_be_signed(b"\xa0", CONTENT, Realm(bytes(16)))


@pytest.mark.parametrize("name", SIGN_PASS)
def test_a_cose_example_is_none_of_our_messages(name):
    """They carry a tag, an unprotected header, alg -7: refused before any signature is looked at."""
    _, signature, head = SIGN_PASS[name]
    with pytest.raises(RecordRejected) as caught:
        parse_signed(bytes.fromhex(head + signature), max_bytes=1000)
    assert caught.value.code in {"CBOR_TAG", "SIGN1_FORM"}


def test_the_eddsa_example_of_the_working_group_is_none_of_our_messages():
    """alg -8 may mean Ed25519 or Ed448 (this one); RFC 9864 numbers each, and only -19 is ours."""
    protected, kid = bytes.fromhex("A10127"), b"3d448"
    message = canonical.encode([protected, {4: kid}, CONTENT, bytes(114)])
    with pytest.raises(RecordRejected, match=r"SIGN1_FORM"):
        parse_signed(message, max_bytes=1000)
    with pytest.raises(RecordRejected, match=r"SIGN1_HEADER"):
        parse_signed(canonical.encode([protected, {}, CONTENT, bytes(64)]), max_bytes=1000)
