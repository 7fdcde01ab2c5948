"""The models of an index: as they are named, and as they are once prepared."""

from dataclasses import dataclass

from corpus.language.languages import language_of
from embeddings import DEFAULT_MODEL, Encoder, open_encoder, open_multilingual, prepare
from embeddings.model import Kind
from retriever.index.home import Home
from retriever.progress import Progress


@dataclass(frozen=True, slots=True)
class ModelNames:
    """What an index is to be made with: names or folders of models, and the other `languages` in
    which questions are asked, by their English names."""

    encoder: str = DEFAULT_MODEL
    reranker: str | None = None
    languages: tuple[str, ...] = ()


DEFAULT_MODELS = ModelNames()


@dataclass(frozen=True, slots=True)
class Models:
    """The fingerprints of the prepared models of a generation; one is for questions in other
    `languages`, where there are any."""

    encoder: str
    reranker: str | None = None
    multilingual: str | None = None
    languages: tuple[str, ...] = ()


def prepare_models(
    home: Home, names: ModelNames, progress: Progress, *, download: bool = False
) -> Models:
    """Prepares the models that need it; raises the errors of `embeddings`."""

    def prepared(name: str, kind: Kind) -> str:
        card = prepare(
            name, home.models, kind=kind, download=download, elsewhere=home.own_models,
            progress=lambda what: progress(what, 0, 0),
        )  # fmt: skip
        return card.fingerprint

    return Models(
        prepared(names.encoder, "encoder"),
        prepared(names.reranker, "reranker") if names.reranker else None,
        open_multilingual(language_of).card.fingerprint if names.languages else None,
        names.languages,
    )


def encoders_of(home: Home, models: Models) -> tuple[Encoder, Encoder | None]:
    """The encoder of the passages, and that for questions in other languages, if there is one."""
    encoder = open_encoder(home.models_with(models.encoder), models.encoder)
    return encoder, open_multilingual(language_of) if models.multilingual else None
