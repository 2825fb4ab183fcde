"""The telephone of the demonstration shows the codes of the standard."""

from base64 import b32encode

import pytest

from provisioning.demo.telephone import code_at, shown_secret

SECRET = b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_the_codes_are_those_of_rfc_6238(seconds, code):
    assert code_at(SECRET, seconds) == code
    grouped = " ".join(SECRET[i : i + 4] for i in range(0, 32, 4))
    assert code_at(grouped, seconds) == code


def test_a_key_is_found_among_the_words_of_a_page():
    grouped = " ".join(SECRET[i : i + 4] for i in range(0, 32, 4))
    assert shown_secret(["Clé à taper", f"Clé {grouped}"]) == grouped
    assert shown_secret(["Clé à taper", SECRET[:30]]) is None
