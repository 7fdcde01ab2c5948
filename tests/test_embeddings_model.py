import dataclasses
import shutil
from pathlib import Path

import pytest

from embeddings import (
    DEFAULT_MODEL,
    ModelCard,
    ModelDamaged,
    ModelMissing,
    ModelRefused,
    open_encoder,
)
from embeddings.model import DEFAULT_HASHES, find_model, fingerprint, require_hashes, sha256


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(find_model(DEFAULT_MODEL), tmp_path / "copy"))


@pytest.fixture
def little(tmp_path: Path) -> Path:
    folder = tmp_path / "little"
    (folder / "1_Pooling").mkdir(parents=True)
    (folder / "modules.json").write_text("[]")
    (folder / "1_Pooling" / "config.json").write_text("{}")
    return folder


@pytest.mark.parametrize("name", DEFAULT_HASHES)
def test_one_flipped_bit_is_refused(name: str, copy: Path) -> None:
    require_hashes(copy, DEFAULT_HASHES, DEFAULT_MODEL, "a-package")
    data = bytearray((copy / name).read_bytes())
    data[len(data) // 2] ^= 1
    (copy / name).write_bytes(data)
    with pytest.raises(ModelRefused, match=rf"{name} .* not the official .*; reinstall"):
        require_hashes(copy, DEFAULT_HASHES, DEFAULT_MODEL, "a-package")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelRefused):
        require_hashes(tmp_path, DEFAULT_HASHES, DEFAULT_MODEL, "a-package")


def test_a_folder_is_a_model_when_sentence_transformers_made_it(
    little: Path, tmp_path: Path
) -> None:
    assert find_model(str(little)) == little
    with pytest.raises(ModelMissing, match=r"modules\.json"):
        find_model(str(tmp_path))


@pytest.mark.parametrize("name", ["no-such-org/no-such-model", "/no/such/folder", "a b c", ""])
def test_what_is_nowhere_is_missing_and_no_network_is_asked(name: str) -> None:
    with pytest.raises(ModelMissing, match="; "):
        find_model(name)


def test_a_fingerprint_follows_the_files_that_make_vectors(little: Path) -> None:
    before = fingerprint(little)
    assert len(before) == 16 and int(before, 16) >= 0
    (little / "README.md").write_text("prose")
    (little / ".cache").mkdir()
    (little / ".cache" / "trace").write_text("hidden")
    (little / "__pycache__").mkdir()
    (little / "__pycache__" / "custom.pyc").write_text("compiled")
    assert fingerprint(little) == before
    (little / "1_Pooling" / "config.json").write_text('{"cls": true}')
    changed = fingerprint(little)
    assert changed != before
    (little / "1_Pooling" / "config.json").rename(little / "config.json")
    assert fingerprint(little) not in (before, changed)


def card(folder: Path) -> ModelCard:
    return ModelCard("name", folder.name, 3, 9, "onnx", "/source", "질문: ", files={"a": "b"})


def test_a_card_survives_the_disk(tmp_path: Path) -> None:
    card(tmp_path).write(tmp_path)
    assert ModelCard.read(tmp_path) == card(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["model.json"]


def test_a_card_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="run `pincite index`"):
        ModelCard.read(tmp_path)
    for text in ("", "[]", "{", '{"name": "x"}', "\udcff"):
        (tmp_path / "model.json").write_bytes(text.encode("utf-8", "surrogateescape"))
        with pytest.raises(ModelDamaged, match="prepare it again"):
            ModelCard.read(tmp_path)
    card(tmp_path / "another").write(tmp_path)
    with pytest.raises(ModelDamaged, match="not its own"):
        ModelCard.read(tmp_path)


def test_files_are_held_against_the_card(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("content")
    files = {"a": sha256(tmp_path / "a")}
    good = ModelCard("name", "f", 3, 9, "onnx", "/source", files=files)
    good.check(tmp_path)
    (tmp_path / "a").write_text("Content")
    good.check(tmp_path, [])
    with pytest.raises(ModelDamaged, match=r"^a of the prepared model name"):
        good.check(tmp_path)


def test_a_card_of_other_vectors_is_told(prepared: tuple[Path, ModelCard], tmp_path: Path) -> None:
    models, known = prepared
    folder = tmp_path / known.fingerprint
    shutil.copytree(models / known.fingerprint, folder)
    dataclasses.replace(known, dimension=known.dimension + 128).write(folder)
    with pytest.raises(ModelDamaged, match=r"does not fit its graph; delete .* `pincite index`\.$"):
        open_encoder(tmp_path, known.fingerprint)
