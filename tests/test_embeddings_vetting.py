"""A model's folder is data: what could run code when it is loaded is refused before that."""

import json
import pickle
from pathlib import Path
from typing import Any

import pytest

from embeddings import DEFAULT_MODEL, ModelRefused, prepare
from embeddings.model import find_model
from embeddings.vetting import require_data_only

TRANSFORMER = "sentence_transformers.models.Transformer"


class Trap:
    """What, unpickled, writes a file."""

    def __init__(self, sign: Path) -> None:
        self.sign = sign

    def __reduce__(self) -> Any:
        return Path.touch, (self.sign,)


def module(kind: str, path: str = "") -> dict[str, Any]:
    return {"idx": 0, "name": "0", "path": path, "type": kind}


def model(folder: Path, **files: Any) -> Path:
    """A folder with these JSON files, `_` for `/`."""
    folder.mkdir(exist_ok=True)
    for name, content in {"modules": [module(TRANSFORMER)], **files}.items():
        (folder / f"{name}.json").write_text(json.dumps(content))
    return folder


def test_the_default_model_is_data() -> None:
    require_data_only(find_model(DEFAULT_MODEL))


def test_what_models_name_rightly_is_accepted(tmp_path: Path) -> None:
    dense = {"activation_function": "torch.nn.modules.activation.Tanh", "bias": True}
    versions = {"__version__": {"sentence_transformers": "2.0.0", "pytorch": "1.9.0+cu102"}}
    config = {
        "architectures": ["BertModel"],
        "transformers_version": "4.56.2",
        "hidden_act": "gelu",
    }
    words = {"model": {"vocab": {"os.System": 1}}, "normalizer": {"type": "BertNormalizer"}}
    folder = model(
        tmp_path, config=config, dense=dense, config_sentence_transformers=versions, tokenizer=words
    )
    (folder / "model.safetensors").write_bytes(b"")
    (folder / "pytorch_model.bin").write_bytes(b"")  # is passed over
    require_data_only(folder)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"modules": [module("custom_st.Transformer")]}, "names 'custom_st.Transformer'"),
        ({"modules": [module("joblib.numpy_pickle")]}, "names 'joblib.numpy_pickle'"),
        ({"modules": [module("sentence_transformers.util.torch")]}, "util.torch' in modules.json"),
        ({"modules": [module(TRANSFORMER, "../other")]}, "leads out of its folder"),
        ({"modules": [module(TRANSFORMER, "/etc")]}, "leads out of its folder"),
        ({"router_config": {"types": {"../x": TRANSFORMER}}}, "leads out of its folder"),
        ({"router_config": {"types": {"q": "evil.Transformer"}}}, "names 'evil.Transformer'"),
        ({"dense": {"activation_function": "os.abort"}}, "names 'os.abort' in dense.json"),
        ({"dense": {"activation_function": "torch.hub.load"}}, "names 'torch.hub.load'"),
        (
            {"config": {"sentence_transformers": {"activation_fn": "evil.Sigmoid"}}},
            "names 'evil.Sigmoid' in config.json",
        ),
        (
            {"sentence_bert_config": {"model_args": {"trust_remote_code": True}}},
            "asks in sentence_bert_config.json for its code to be trusted",
        ),
        ({"config": {"auto_map": {"AutoModel": "modeling.Evil"}}}, "names 'modeling.Evil'"),
        ({"router_config": {"types": {"id2label": "evil.Layer"}}}, "names 'evil.Layer'"),
        ({"adapter_config": {}}, "is an adapter of another model"),
    ],
)
def test_what_names_code_is_refused(files: dict[str, Any], said: str, tmp_path: Path) -> None:
    folder = model(tmp_path, **files)
    with pytest.raises(ModelRefused, match=r"^The model in .* is not loaded; take .*\.$") as error:
        require_data_only(folder)
    assert said in str(error.value)


def test_what_loading_does_not_read_is_no_reason(tmp_path: Path) -> None:
    labels = {"id2label": {"0": "U.S", "1": "os.System"}, "label2id": {"U.S": 0, "os.System": 1}}
    folder = model(tmp_path, modules=[module(TRANSFORMER, "0_Transformer")], config=labels)
    (folder / "model.safetensors").write_bytes(b"")
    for name, text in {
        "train_script.py": "import os",
        ".git/hooks/update.py": "import os",
        "openvino/openvino_model.bin": "weights",
        "data/rows.json": '{"a": 1}\n{"a": 2}\n',
        "0_Transformer/model.safetensors": "",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    require_data_only(folder)


@pytest.mark.parametrize("part", ["1_Dense", "1_Router/query", "deep/er"])
def test_a_pickle_in_a_folder_that_is_named_is_refused(part: str, tmp_path: Path) -> None:
    modules = [module(TRANSFORMER), module(TRANSFORMER, "./1_Dense/")]
    modules += [module(TRANSFORMER, "1_Router"), module(TRANSFORMER, "deep\\er")]
    folder = model(tmp_path, modules=modules)
    (folder / part).mkdir(parents=True)
    (folder / "1_Router").mkdir(exist_ok=True)
    router = {"types": {"query": TRANSFORMER}}
    (folder / "1_Router" / "router_config.json").write_text(json.dumps(router))
    require_data_only(folder)
    (folder / part / "pytorch_model.bin").write_bytes(b"")
    with pytest.raises(ModelRefused, match=f"only as the pickle {part}/pytorch_model.bin"):
        require_data_only(folder)


def test_a_folder_that_is_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "pytorch_model.bin").write_bytes(b"")
    folder = model(tmp_path / "model")
    (folder / "2_Dense").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ModelRefused, match="has the folder 2_Dense by a link"):
        require_data_only(folder)


def test_a_file_that_is_no_json_is_refused(tmp_path: Path) -> None:
    for text in (b"{", b"\xff", b"[" * 100_000):
        (model(tmp_path) / "config.json").write_bytes(text)
        with pytest.raises(ModelRefused, match=r"config\.json that cannot be read"):
            require_data_only(tmp_path)


def test_no_pickle_is_ever_loaded(tmp_path: Path) -> None:
    sign, folder = tmp_path / "sign", model(tmp_path / "model")
    weights = pickle.dumps(Trap(sign))
    for kind, name in ((TRANSFORMER, "pytorch_model.bin"), ("joblib.numpy_pickle", "data.json")):
        model(folder, modules=[module(kind, name)])
        (folder / name).write_bytes(weights)
        with pytest.raises(ModelRefused):
            prepare(str(folder), tmp_path / "models")
        (folder / name).unlink()
    assert not sign.exists()
    pickle.loads(weights)
    assert sign.exists()
