"""Text to unit vectors, unit vectors to nearest neighbours, and a question with texts to scores.

A model is prepared once with `prepare` and opened with `open_encoder` or `open_reranker`;
`VectorIndex` finds the nearest and `VectorCache` remembers what was encoded. Importing this package
loads no model runtime: torch is met only while preparing, ONNX Runtime and FAISS when first used.
"""

from . import offline as offline  # before any module that imports a runtime
from .encoder import Encoder, encode_in_batches, open_encoder
from .errors import EmbeddingError, IndexDamaged, ModelDamaged, ModelMissing, ModelRefused
from .model import DEFAULT_MODEL, ModelCard
from .multilingual import open_multilingual
from .prepare import prepare
from .reranker import Reranker, open_reranker, shipped_reranker
from .vector_cache import VectorCache
from .vectors import EXACT, EXACT_BELOW, IndexFacts, VectorIndex

__all__ = [
    "DEFAULT_MODEL",
    "EXACT",
    "EXACT_BELOW",
    "EmbeddingError",
    "Encoder",
    "IndexDamaged",
    "IndexFacts",
    "ModelCard",
    "ModelDamaged",
    "ModelMissing",
    "ModelRefused",
    "Reranker",
    "VectorCache",
    "VectorIndex",
    "encode_in_batches",
    "open_encoder",
    "open_multilingual",
    "open_reranker",
    "prepare",
    "shipped_reranker",
]
