"""Which page of an encrypted store belongs to which table: SQLCipher 4 pages opened by hand, b-trees walked
(SQLite file format, sections 1.5 and 1.6)."""

import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PAGE_BYTES = 4096
RESERVED_BYTES = 80  # 16 of IV, 64 of HMAC
SALT_BYTES = 16
LEAF_TABLE, INNER_TABLE, LEAF_INDEX, INNER_INDEX = 0x0D, 0x05, 0x0A, 0x02


def opened(page: bytes, number: int, key: bytes) -> bytes:
    """The plain bytes of one page; 1 is the first, whose first 16 bytes are the salt."""
    start = SALT_BYTES if number == 1 else 0
    end = PAGE_BYTES - RESERVED_BYTES
    initial = page[end : end + 16]
    plain = Cipher(algorithms.AES256(key), modes.CBC(initial)).decryptor().update(page[start:end])
    return b"SQLite format 3\x00" + plain if number == 1 else plain


def tree_of(pages: list[bytes], root: int, key: bytes) -> set[int]:
    """The pages of one b-tree, without those of long rows."""
    found, waiting = set(), [root]
    while waiting:
        number = waiting.pop()
        found.add(number)
        plain = opened(pages[number - 1], number, key)
        at = 100 if number == 1 else 0
        kind = plain[at]
        assert kind in (LEAF_TABLE, INNER_TABLE, LEAF_INDEX, INNER_INDEX), "not a page of a b-tree"
        if kind in (INNER_TABLE, INNER_INDEX):
            cells, (right,) = (
                struct.unpack(">H", plain[at + 3 : at + 5])[0],
                struct.unpack(">I", plain[at + 8 : at + 12]),
            )
            waiting.append(right)
            for cell in range(cells):
                (offset,) = struct.unpack(">H", plain[at + 12 + 2 * cell : at + 14 + 2 * cell])
                waiting.append(struct.unpack(">I", plain[offset : offset + 4])[0])
    return found
