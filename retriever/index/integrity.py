"""Digests and checksums: of records, of what is read as a whole, and of objects in JSON.

A digest is made when a file is read, and compared when something of it is shown.
"""

import json
import zlib
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any

_SIZE = 16  # bytes
_KEY = "checksum"
_BEFORE = f',\n "{_KEY}": "'.encode()
_BEHIND = b'"\n}\n'


def record_digest(facts: Sequence[object]) -> bytes:
    """The digest of texts and numbers; other facts, or in another order, have another one."""
    return blake2b(json.dumps(facts).encode(), digest_size=_SIZE).digest()


def is_intact(facts: Sequence[object], digest: object) -> bool:
    """Whether the facts are those that the digest was made of."""
    try:
        return record_digest(facts) == digest
    except TypeError:  # a damaged fact may be of any kind
        return False


def column_checksum(rows: Sequence[Sequence[object]]) -> int:
    """The checksum of what is read as a whole and not record by record; raises `TypeError`."""
    return zlib.crc32(json.dumps(rows).encode())


def checked_json(facts: Mapping[str, Any]) -> bytes:
    """An object that is not empty, as a person can read it, with its checksum as the last key: so
    damage to it is never believed."""
    body = json.dumps(facts, ensure_ascii=False, indent=1).encode().removesuffix(b"\n}")
    return body + _BEFORE + _checksum(body) + _BEHIND


def read_checked_json(data: bytes) -> tuple[dict[str, Any], bool]:
    """The object, and whether a checksum vouches for it: older programs wrote none.

    Raises `ValueError` when it is no object, or another one than was written, and `RecursionError`.
    """
    facts = json.loads(data.decode("utf-8"))
    if not isinstance(facts, dict):
        raise ValueError("it is no object")
    if facts.pop(_KEY, None) is None:
        return facts, False
    body, _, claimed = data.rpartition(_BEFORE)
    if claimed != _checksum(body) + _BEHIND:
        raise ValueError("its checksum is another")
    return facts, True


def _checksum(body: bytes) -> bytes:
    return blake2b(body, digest_size=8).hexdigest().encode()
