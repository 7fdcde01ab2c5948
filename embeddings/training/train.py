"""Trains the cross-encoder on questions with their candidates.

python -m embeddings.training.train WEIGHTS CANDIDATES... [--from WEIGHTS]
"""

import argparse
import math
import random
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from torch.nn.functional import binary_cross_entropy_with_logits

from embeddings.training.cross_encoder import CrossEncoder, Tokens, save
from embeddings.training.examples import Question, read_questions

EPOCHS = 3
RATE = 6e-5
HEAD_RATE = 1e-3
_SCALAR_RATE = 1e-2  # of what is one number
AT_ONCE = 8  # questions of a step
_WARM = 0.1  # of the steps
_DECAY = 0.01
_BINARY = 2.0  # times the listwise loss: an order has no zero, and a verdict needs one
_PARTS = 4  # of a step, of pairs about as long: padding costs as much as text
_REPORTED = 25  # steps


def train(
    model: CrossEncoder,
    questions: Sequence[Question],
    *,
    epochs: int = EPOCHS,
    seed: int = 0,
    log: Callable[[str], None] = print,
) -> None:
    """Trains in place, with a listwise softmax over the pairs of each question and a binary loss.

    The same questions in the same order and the same seed give the same weights on one machine.
    """
    chance = random.Random(seed)
    torch.manual_seed(seed)
    tokens = Tokens()
    optimiser = torch.optim.AdamW(_groups(model))
    rates = [group["lr"] for group in optimiser.param_groups]
    order = list(questions)
    steps = epochs * math.ceil(len(order) / AT_ONCE)
    step, losses, started = 0, [], time.monotonic()
    model.train()
    for _ in range(epochs):
        chance.shuffle(order)
        for start in range(0, len(order), AT_ONCE):
            step += 1
            share = min(step / (steps * _WARM), 1 - (step - 1) / steps)
            for group, rate in zip(optimiser.param_groups, rates, strict=True):
                group["lr"] = rate * share
            loss = _loss(model, tokens, order[start : start + AT_ONCE], chance)
            if loss is None:
                continue
            optimiser.zero_grad()
            torch.autograd.backward(loss)
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            losses.append(loss.item())
            if step % _REPORTED == 0:
                mean = sum(losses[-_REPORTED:]) / len(losses[-_REPORTED:])
                log(f"step {step} of {steps}, loss {mean:.3f}, {time.monotonic() - started:.0f} s")
    model.eval()


def _groups(model: CrossEncoder) -> list[dict[str, object]]:
    """The parameters with their rates: the head is new, and has further to go."""
    head = model.head
    body = [p for p in model.bert.parameters() if p.requires_grad]
    linear = [*head.first.parameters(), *head.importance.parameters()]
    return [
        {"params": [p for p in body if p.ndim > 1], "lr": RATE, "weight_decay": _DECAY},
        {"params": [p for p in body if p.ndim <= 1], "lr": RATE, "weight_decay": 0.0},
        {"params": linear, "lr": HEAD_RATE, "weight_decay": _DECAY},
        {"params": [head.scales, head.bias], "lr": _SCALAR_RATE, "weight_decay": 0.0},
    ]


def _loss(
    model: CrossEncoder, tokens: Tokens, questions: Sequence[Question], chance: random.Random
) -> torch.Tensor | None:
    """The loss of a step; None of questions that teach nothing."""
    pairs = [(number, question.text, pair) for number, question in enumerate(questions)
             for pair in question.pairs(chance)]  # fmt: skip
    if not pairs:
        return None
    pairs.sort(key=lambda each: len(each[1]) + len(each[2].passage))
    size = math.ceil(len(pairs) / _PARTS)
    parts = [pairs[start : start + size] for start in range(0, len(pairs), size)]
    with torch.autocast("cpu", torch.bfloat16):
        logits = torch.cat(
            [model(**tokens([(text, pair.passage) for _, text, pair in part])) for part in parts]
        ).float()
    group = torch.tensor([number for number, _, _ in pairs])
    wanted = torch.tensor([float(pair.answers) for _, _, pair in pairs])
    weight = torch.tensor([pair.weight for _, _, pair in pairs])
    binary = binary_cross_entropy_with_logits(logits, wanted, reduction="none")
    loss = _BINARY * (weight * binary).sum() / weight.sum()
    listwise = [
        -(torch.log_softmax(logits[group == each], 0) * wanted[group == each]).sum()
        / wanted[group == each].sum()
        for each in range(len(questions))
        if 0 < wanted[group == each].sum() < (group == each).sum()
    ]
    return loss + torch.stack(listwise).mean() if listwise else loss


def main(arguments: Sequence[str]) -> None:
    """Trains on the questions of candidate files."""
    parser = argparse.ArgumentParser(prog="python -m embeddings.training.train")
    parser.add_argument("weights", type=Path, help="the file to write")
    parser.add_argument("candidates", type=Path, nargs="+", help="candidates, one question a line")
    parser.add_argument("--from", type=Path, dest="begin", help="the weights to begin with")
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(arguments)
    model = CrossEncoder(given.layers)
    if given.begin:
        model.load_state_dict(torch.load(given.begin, weights_only=True))
    questions = list(read_questions(given.candidates))

    def log(line: str) -> None:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()

    log(f"{len(questions)} questions, {given.layers} layers, seed {given.seed}")
    train(model, questions, epochs=given.epochs, seed=given.seed, log=log)
    save(model, given.weights)


if __name__ == "__main__":
    main(sys.argv[1:])
