"""Mutations of real files, for readers that must read or refuse whatever they are given."""

import random
from collections.abc import Iterator, Sequence

_MOST_CHANGES = 6
_LONGEST = 400  # bytes of one change


def mutations(files: Sequence[bytes], count: int, seed: int) -> Iterator[bytes]:
    """Files with bytes flipped, deleted, doubled, or taken from another; the same for a seed."""
    chance = random.Random(seed)
    for _ in range(count):
        data = bytearray(chance.choice(files))
        for _ in range(chance.randint(1, _MOST_CHANGES)):
            _change(data, chance, files)
        yield bytes(data)


def _change(data: bytearray, chance: random.Random, files: Sequence[bytes]) -> None:
    start = chance.randrange(len(data) + 1)
    end = start + chance.randint(1, _LONGEST)
    match chance.randrange(5):
        case 0:
            data[start : start + 1] = bytes([chance.randrange(256)])
        case 1:
            del data[start:end]
        case 2:
            data[start:start] = data[start:end] * chance.randint(1, 20)
        case 3:
            other = chance.choice(files)
            place = chance.randrange(len(other) + 1)
            data[start:start] = other[place : place + end - start]
        case 4:
            del data[start:]
