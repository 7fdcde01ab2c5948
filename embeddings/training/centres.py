"""Writes what all texts of a language have in common, for the multilingual encoder.

python -m embeddings.training.centres
"""

import random
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from stop_words import AVAILABLE_LANGUAGES, get_stop_words

from embeddings.multilingual import CENTRES, MultilingualEncoder, open_multilingual

_WORDS, _TEXTS = 6, 40


def texts_of(language: str) -> list[str]:
    """Texts that say nothing: function words of a language, drawn at random."""
    words, chance = sorted(get_stop_words(language)), random.Random(0)
    return [" ".join(chance.choices(words, k=_WORDS)) for _ in range(_TEXTS)]


def centres(
    encoder: MultilingualEncoder, languages: Sequence[str]
) -> dict[str, NDArray[np.float32]]:
    """The mean vectors of such texts by language, as passages and as questions: (2, dimension)."""
    return {
        language.title(): np.stack(
            [
                encoder.uncentred(texts_of(language), question=question).mean(axis=0)
                for question in (False, True)
            ]
        )
        for language in languages
    }


if __name__ == "__main__":
    made = centres(open_multilingual(lambda _: ""), AVAILABLE_LANGUAGES)
    np.savez(CENTRES, allow_pickle=False, **made)
