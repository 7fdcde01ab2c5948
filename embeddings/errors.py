"""What can go wrong with embeddings, each as one sentence that ends with what to do.

EmbeddingError
├── ModelMissing    the model, or its prepared form, is not on this machine
├── ModelRefused    the model is not the one vouched for, or not of the kind that is needed
├── ModelDamaged    the prepared files do not fit their card
└── IndexDamaged    the vector index on disk cannot be used
"""


class EmbeddingError(Exception):
    """Anything this package can say about a model or an index it cannot use."""


class ModelMissing(EmbeddingError):
    """The model, or its prepared form, is not on this machine."""


class ModelRefused(EmbeddingError):
    """The model is not the one vouched for, or not of the kind that is needed."""


class ModelDamaged(EmbeddingError):
    """The prepared files of a model do not fit their card."""


class IndexDamaged(EmbeddingError):
    """The vector index on disk cannot be used."""
