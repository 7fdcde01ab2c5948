"""The trained cross-encoder as the graph that ships: int8 weights, opened without torch.

python -m embeddings.training.quantised_graph WEIGHTS MODELS
"""

import re
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from transformers import AutoTokenizer

from embeddings.export import OPSET, quiet, save_tokenizer
from embeddings.graph import GRAPH, TOKENIZER, WEIGHTS, open_session
from embeddings.model import DEFAULT_MODEL, ModelCard, find_model, sha256
from embeddings.training.cross_encoder import INPUTS, CrossEncoder

NAME = "pincite-reranker"
_NOT_QUANTISED = re.compile(r"/head/|layer\.[0-2]/output/dense/|/self/MatMul")
"""The head; what leads out of the first layers' wide part, which holds the model's largest numbers
(without them int8 is .995 like the model, with them .988); and products that hold no weights."""
_SAMPLE = [("Who met whom?", "The ministers met."), ("When?", "They met in Seoul on May 2, 2023.")]


class _Rows(torch.nn.Module):
    """A cross-encoder that gives a row for each pair, as every graph does."""

    def __init__(self, model: CrossEncoder) -> None:
        super().__init__()
        self.model = model

    def forward(self, *tensors: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = self.model(*tensors)
        return logits[:, None]


READ_TOKENS = 160
"""Word pieces of a question with its passage: fewer than it was trained with, which is a seventh
faster and costs nothing that could be measured."""


def export(model: CrossEncoder, models: Path, *, layers: int) -> ModelCard:
    """Writes graph, tokenizer and card into a folder of `models` that is named by the weights, in
    place of the one there.

    Weights are int8 and activations are quantised as they come (dynamic, per channel).
    """
    tokenizer = AutoTokenizer.from_pretrained(find_model(DEFAULT_MODEL))
    sample = tokenizer(_SAMPLE, padding=True, return_tensors="pt")
    model.bert.set_attn_implementation("eager")  # which the optimiser knows
    with tempfile.TemporaryDirectory() as scratch, quiet(), torch.no_grad():
        raw, fused, small = (Path(scratch, f"{step}.onnx") for step in ("raw", "fused", "small"))
        folder = Path(scratch, "model")
        folder.mkdir()
        torch.onnx.export(
            _Rows(model).eval(),
            tuple(sample[name] for name in INPUTS),
            str(raw),
            input_names=list(INPUTS),
            output_names=["output"],
            dynamic_axes={
                **{name: {0: "batch", 1: "tokens"} for name in INPUTS},
                "output": {0: "batch"},
            },
            opset_version=OPSET,
            dynamo=False,
        )
        open_session(raw, save_to=fused)
        nodes = [node.name for node in onnx.load(fused).graph.node]
        quantize_dynamic(
            fused,
            small,
            per_channel=True,
            weight_type=QuantType.QInt8,
            nodes_to_exclude=list(filter(_NOT_QUANTISED.search, nodes)),
            extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
        )
        open_session(small, save_to=folder / GRAPH)
        save_tokenizer(tokenizer, folder / TOKENIZER, READ_TOKENS)
        card = _card(folder, layers)
        card.write(folder)
        for other in filter(Path.is_dir, models.glob("*")):
            shutil.rmtree(other)
        shutil.copytree(folder, models / card.fingerprint)
    return card


def _card(folder: Path, layers: int) -> ModelCard:
    files = {file: sha256(folder / file) for file in (GRAPH, WEIGHTS, TOKENIZER)}
    return ModelCard(
        name=NAME,
        fingerprint=files[WEIGHTS][:16],
        dimension=1,
        max_tokens=READ_TOKENS,
        runtime="onnx",
        source=f"{layers} layers of {DEFAULT_MODEL}, trained on embeddings/training/questions",
        files=files,
        kind="reranker",
    )


def main(arguments: Sequence[str]) -> None:
    """Exports the weights of a file."""
    if len(arguments) != 2:
        sys.exit("Name the file of weights and the folder to write to.")
    weights, models = map(Path, arguments)
    state = torch.load(weights, weights_only=True)
    layers = 1 + max(int(name.split(".")[3]) for name in state if ".layer." in name)
    model = CrossEncoder(layers)
    model.load_state_dict(state)
    card = export(model, models, layers=layers)
    sys.stdout.write(f"{card.name} in {models / card.fingerprint}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
