"""Checks receipts and exported ledgers of a centre, without any code of the centre (docs/formats.md).

    python verify_proofs.py directory.cbor [--ledger ledger.cbor | --realm HEX] [receipt.tlog-proof ...]

Needs Python 3.11 and `cryptography`. Exit status: 0 all holds, 1 faults (listed), 2 wrong usage."""

import argparse
import base64
import hashlib
import io

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils
from cryptography.hazmat.primitives.hashes import SHA256

SUPERVISOR, CHECKPOINT, LENGTH_MAX, DEPTH_MAX, FAULTS_MAX = 6, 7, 1 << 24, 8, 100


def require(holds, said):
    if not holds:
        raise ValueError(said)


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def decode(file, depth=0):  # the next value in the narrow CBOR of formats.md 1, None at the end
    if not (first := file.read(1)) and depth == 0:
        return None
    if first in (b"\xf4", b"\xf5", b"\xf6"):
        return {b"\xf4": False, b"\xf5": True, b"\xf6": None}[first]
    major, n = first[0] >> 5, first[0] & 31
    require(major < 6 and n < 28 and depth <= DEPTH_MAX, "CBOR of another kind")
    n = n if n < 24 else int.from_bytes(file.read(1 << (n - 24)), "big")
    if major < 2:
        return n if major == 0 else -1 - n
    require(n <= LENGTH_MAX, "a value too large")
    if major < 4:
        return file.read(n) if major == 2 else file.read(n).decode()
    items = [decode(file, depth + 1) for _ in range(n if major == 4 else 2 * n)]
    return items if major == 4 else dict(zip(items[::2], items[1::2], strict=True))


def whole(data):
    value = decode(file := io.BytesIO(data))
    require(not file.read(1), "bytes after the end")
    return value


def octets(data):
    size = next(size for size in (0, 1, 2, 4) if len(data) < (1 << 8 * size if size else 24))
    first = 0x57 + size.bit_length() if size else 0x40 + len(data)
    return bytes([first]) + len(data).to_bytes(4, "big")[4 - size :] + data


def unbase64(text):
    require(base64.b64encode(value := base64.b64decode(text)).decode() == text, "base64 in another form")
    return value


def check_signature(cose_key, signature, message):  # Ed25519, or ECDSA with P-256 and SHA-256
    key = whole(cose_key)
    try:
        if key[1] == 1:
            return ed25519.Ed25519PublicKey.from_public_bytes(key[-2]).verify(signature, message)
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\4" + key[-2] + key[-3])
        r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
        return public.verify(utils.encode_dss_signature(r, s), message, ec.ECDSA(SHA256()))
    except InvalidSignature as error:
        raise ValueError("wrong signature") from error


def signed(sign1, keys, typ, realm):  # the payload of a COSE_Sign1 by one of these keys (by key id)
    protected, unprotected, payload, signature = whole(sign1)
    kid = whole(protected)[4]
    require(kid in keys, "signed by a key that is not known for this")
    header = {1: whole(keys[kid])[3], 4: kid, 16: typ}
    require(unprotected == {} and whole(protected) == header, "a signature of another kind")
    parts = map(octets, (protected, b"\x83\x65procu\x01" + octets(realm), payload))
    check_signature(keys[kid], signature, b"\x84\x6aSignature1" + b"".join(parts))
    return whole(payload)


def check_inclusion(leaf, index, size, path, root):  # RFC 9162, 2.1.3.2, with its names
    require(0 <= index < size, "the leaf is outside the tree")
    fn, sn, r = index, size - 1, leaf
    for p in path:
        require(sn != 0, "the proof is too long")
        left = fn & 1 or fn == sn
        r = sha256(b"\1", p, r) if left else sha256(b"\1", r, p)
        while left and not fn & 1 and fn:
            fn, sn = fn >> 1, sn >> 1
        fn, sn = fn >> 1, sn >> 1
    require(sn == 0 and r == root, "the proof leads to another root")


def grown(peaks, size, leaf):  # a tree by its complete subtrees, the largest first, with one more leaf
    return [*peaks, leaf] if not size & 1 else grown(peaks[:-1], size >> 1, sha256(b"\1", peaks[-1], leaf))


def root_of(peaks):
    return peaks[0] if len(peaks) == 1 else sha256(b"\1", peaks[0], root_of(peaks[1:]))


def check_note(note, origin, cose_keys, key_name=None):  # C2SP tlog-checkpoint: size and root
    text, _, signatures = note.decode().rpartition("\n\n")
    name, size, root = text.split("\n")[:3]
    require(name == origin, "the checkpoint of another log")
    ids = {sha256((key_name or origin).encode(), b"\n\1", key[-32:])[:4]: key for key in cose_keys}
    for dash, signer, value in (line.split(" ") for line in signatures.splitlines()):
        signature = unbase64(value)
        if (dash, signer) == ("\u2014", key_name or origin) and signature[:4] in ids:
            check_signature(ids[signature[:4]], signature[4:], f"{text}\n".encode())
            return int(size), unbase64(root)
    raise ValueError("no known key signed the checkpoint")


class Ledger:  # an exported ledger, item by item: the chain of each log, then the tree of their heads
    def __init__(self, directory):
        self.devices = {row[7]: row[1] for row in directory[4]}
        self.supervisors = {row[0]: row[1] for row in directory[4] if row[2] == SUPERVISOR}
        self.checkpoint_keys = [row[1] for row in directory[4] if row[2] == CHECKPOINT]
        self.logs, self.newest, self.peaks, self.size, self.roots, self.faults = {}, {}, [], 0, {}, []

    def attempt(self, where, work, *values):
        try:
            return work(*values)
        except (ValueError, TypeError, LookupError, AttributeError, OverflowError) as error:
            self.faults.append(f"{where}: {error}")

    def receipt(self, data):
        proof, _, note = data.partition(b"\n\n")
        kind, extra, index, *path = proof.decode().split("\n")
        require((kind, extra[:6], index[:6]) == ("c2sp.org/tlog-proof@v1", "extra ", "index "), "no receipt")
        size, root = check_note(note, self.origin, self.checkpoint_keys)
        leaf, *hashes = (unbase64(line) for line in (extra[6:], *path))
        check_inclusion(sha256(b"\0", leaf), int(index[6:]), size, hashes, root)
        require(not self.size or self.roots.get(size) == root, "a receipt of another tree")

    def item(self, item):
        self.complete = item[0] == "end"
        match item:
            case ["procu/ledger/1", realm]:
                require(getattr(self, "realm", realm) in (b"", realm), "the ledger of another realm")
                self.realm, self.origin = realm, f"relais-procuration/{realm.hex()}"
            case ["log", log, cose_key, enrolment]:
                self.log, self.key = log, {sha256(cose_key)[:8]: cose_key}
                require(self.logs.setdefault(log, bytearray()) == b"", "a log twice")
                told = enrolment and signed(enrolment, self.supervisors, "procu/enrol/1", self.realm)
                vouched = (told[6], told[1]) if told else (log, self.devices.get(log))
                require(vouched == (log, cose_key), "nobody vouches for the key of this log")
            case ["event", sign1]:
                hashes, prev = self.logs[self.log], bytes(self.logs[self.log][-32:])
                place = [self.log, len(hashes) // 32, prev or sha256(b"procu/log/1", self.log)]
                hashes += sha256(sign1)
                payload = signed(sign1, self.key, "procu/event/1", self.realm)
                require([payload[1], payload[2], payload[3]] == place, "an event out of its place")
            case ["leaf", data]:
                self.peaks, self.size = grown(self.peaks, self.size, sha256(b"\0", data)), self.size + 1
                tag, log, seq, name = whole(data)
                self.newest[log] = max(seq, self.newest.get(log, -1))
                there = self.logs[log][32 * seq : 32 * seq + 32]
                require((tag, there) == ("procu/leaf/1", name), "a leaf without event")
            case ["checkpoint", note]:
                self.roots[self.size] = root_of(self.peaks)
                told = check_note(note, self.origin, self.checkpoint_keys)
                require(told == (self.size, self.roots[self.size]), "a checkpoint of another tree")
            case ["end", *counts]:
                heads = {log: len(hashes) // 32 - 1 for log, hashes in self.logs.items() if hashes}
                require(heads == self.newest, "a head without leaf")
                events = sum(map(len, self.logs.values())) // 32
                require(counts == [len(self.logs), events, self.size, len(self.roots)], "parts are missing")
            case _:
                require(False, "an item of another kind")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("directory", type=argparse.FileType("rb"))
    parser.add_argument("receipts", nargs="*", type=argparse.FileType("rb"), help="tlog-proof files")
    parser.add_argument("--ledger", type=argparse.FileType("rb"), help="from export-proofs")
    parser.add_argument("--realm", type=bytes.fromhex, help="when no ledger says it")
    given = parser.parse_intermixed_args()
    raw = given.directory.read()
    ledger = Ledger(whole(raw))
    ledger.item(["procu/ledger/1", given.realm or b""])
    items = iter(lambda: ledger.attempt("file", decode, given.ledger), None) if given.ledger else ()
    for number, item in enumerate(items):
        ledger.attempt(f"item {number}", ledger.item, item)
    ledger.attempt("file", require, ledger.complete or not given.ledger, "cut short")
    for receipt in given.receipts:
        ledger.attempt(receipt.name, ledger.receipt, receipt.read())
    print(f"directory {sha256(raw).hex()}, logs {len(ledger.logs)}, leaves {ledger.size}")
    print("\n".join(ledger.faults[:FAULTS_MAX]) or "everything holds")
    raise SystemExit(1 if ledger.faults else 0)


if __name__ == "__main__":
    main()
