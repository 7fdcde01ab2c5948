"""What the package shows, and that importing it loads no runtime."""

import subprocess
import sys
from pathlib import Path

import embeddings

HEAVY = ["torch", "transformers", "sentence_transformers", "onnxruntime", "faiss", "tokenizers"]


def test_importing_the_package_loads_no_runtime() -> None:
    code = f"import embeddings, sys; print([m for m in {HEAVY} if m in sys.modules])"
    root = Path(embeddings.__file__).parents[1]
    assert subprocess.check_output([sys.executable, "-c", code], cwd=root).strip() == b"[]"


def test_every_public_name_exists_and_they_are_in_order() -> None:
    assert sorted(embeddings.__all__) == embeddings.__all__
    assert all(hasattr(embeddings, name) for name in embeddings.__all__)


def test_errors_are_one_family() -> None:
    errors = ["IndexDamaged", "ModelDamaged", "ModelMissing", "ModelRefused"]
    assert {cls.__name__ for cls in embeddings.EmbeddingError.__subclasses__()} == set(errors)
