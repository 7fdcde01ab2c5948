"""The cross-encoder that is trained: a question and a passage to the logit that it answers."""

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import nn
from torch.nn.functional import normalize
from transformers import AutoTokenizer, BertModel

from embeddings.model import DEFAULT_MODEL, find_model

MAX_TOKENS = 192
INPUTS = ("input_ids", "attention_mask", "token_type_ids")
_SCALES = (10.0, 10.0, 0.0)  # of the three cosines: an untrained model ranks as its encoder does
_BIAS = -8.0
_SHARPNESS = 10.0  # of the softest minimum that still is one


class CrossEncoder(nn.Module):
    """The default model's layers over question and passage together, and a head.

    Its logit adds up the cosine of the mean question and the mean passage; the mean over the
    question's tokens of their best cosine with a token of the passage (MaxSim of Khattab and
    Zaharia 2020, "ColBERT"), each token as important as it says; the soft minimum of these, for one
    detail that the passage lacks is enough that it does not answer; and a linear reading of the
    first token. Untrained, it ranks about as the encoder does, and learns from there.
    """

    def __init__(self, layers: int = 6) -> None:
        """Begin with the first `layers` of the default model; word embeddings stay as they are."""
        super().__init__()
        self.bert = BertModel.from_pretrained(find_model(DEFAULT_MODEL), add_pooling_layer=False)
        self.bert.encoder.layer = self.bert.encoder.layer[:layers]
        self.bert.embeddings.word_embeddings.weight.requires_grad_(False)
        self.head = Head(self.bert.config.hidden_size)

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor
    ) -> torch.Tensor:
        """Logits of shape (pairs,) for tensors of shape (pairs, tokens)."""
        read = self.bert(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        )
        states = read.last_hidden_state.float()
        logits: torch.Tensor = self.head(states, attention_mask, token_type_ids)
        return logits


class Head(nn.Module):
    """From the states of question and passage to a logit; see CrossEncoder."""

    def __init__(self, size: int) -> None:
        """A head for states of this size."""
        super().__init__()
        self.first = nn.Linear(size, 1)
        self.importance = nn.Linear(size, 1)
        for linear in (self.first, self.importance):
            nn.init.zeros_(linear.weight)
            nn.init.zeros_(linear.bias)
        self.scales = nn.Parameter(torch.tensor(_SCALES))
        self.bias = nn.Parameter(torch.tensor(_BIAS))

    def forward(
        self, states: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor
    ) -> torch.Tensor:
        """Logits of shape (pairs,) for states of shape (pairs, tokens, size)."""
        inside = attention_mask.float()
        passage = inside * token_type_ids.float()
        question = inside - passage
        asked = torch.cat([torch.zeros_like(question[:, :1]), question[:, 1:]], 1)  # not [CLS]
        whole = (_mean(states, question) * _mean(states, passage)).sum(-1)
        units = normalize(states, dim=-1)
        best = (units @ units.transpose(1, 2) - 2 * (1 - passage)[:, None, :]).amax(-1)
        important = asked * torch.sigmoid(self.importance(states).squeeze(-1))
        mean = (best * important).sum(1) / important.sum(1).clamp(min=1e-6)
        spread = (asked * torch.exp(_SHARPNESS * (mean[:, None] - best))).sum(1)
        least = mean - torch.log(spread / asked.sum(1).clamp(min=1) + 1e-6) / _SHARPNESS
        cosines = torch.stack([whole, mean, least], -1)
        first: torch.Tensor = self.first(states[:, 0]).squeeze(-1)
        return cosines @ self.scales + first + self.bias


def _mean(states: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """The mean of the weighted token states, of unit length."""
    total = (states * weights[..., None]).sum(1)
    return normalize(total / weights.sum(1, keepdim=True).clamp(min=1), dim=-1)


class Tokens:
    """Pairs of question and passage as tensors."""

    def __init__(self, max_tokens: int = MAX_TOKENS) -> None:
        """Cut off what exceeds `max_tokens` together, the longer of the two first."""
        self._tokenizer = AutoTokenizer.from_pretrained(find_model(DEFAULT_MODEL))
        self._max_tokens = max_tokens

    def __call__(self, pairs: Sequence[tuple[str, str]]) -> dict[str, torch.Tensor]:
        """The tensors that `CrossEncoder` takes."""
        encoded = self._tokenizer(
            list(pairs), truncation=True, max_length=self._max_tokens, padding=True,
            return_tensors="pt",
        )  # fmt: skip
        return {name: encoded[name] for name in INPUTS}


def save(model: CrossEncoder, path: Path) -> None:
    """Write the weights."""
    torch.save(model.state_dict(), path)
