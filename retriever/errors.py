"""What can go wrong between a question and its answer.

RetrieverError
├── NoIndex              nothing was indexed yet, or the named generation is not kept
├── FormatUnknown        the generation was built by another version of Pincite
├── GenerationDamaged    a file of the generation is missing, truncated or altered
│   └── RecordDamaged    a document or passage is no longer what was read
├── NothingToIndex       the folders hold no document that can be read
├── Busy                 another process is building the index
├── QuestionRefused      the question is empty or too long
├── CitationRefused      a citation is malformed or names nothing in the index
├── QuestionsRefused     a file of evaluation questions cannot be used
├── CalibrationDamaged   the fitted calibration of a model cannot be read
└── RunRefused           an earlier run or generation cannot be compared with
"""


class RetrieverError(Exception):
    """Base of all errors of this package; the message says what is the case and what to do."""


class NoIndex(RetrieverError):
    """There is no generation to ask."""


class FormatUnknown(RetrieverError):
    """The generation has a format that this version does not read."""


class GenerationDamaged(RetrieverError):
    """A file of the generation does not fit its manifest."""


class RecordDamaged(GenerationDamaged):
    """A document or passage of the generation is not what was read when it was indexed."""


class NothingToIndex(RetrieverError):
    """The folders hold no document that can be read."""


class Busy(RetrieverError):
    """Another process holds the lock of the index."""


class QuestionRefused(RetrieverError):
    """The question is empty or too long."""


class CitationRefused(RetrieverError):
    """The citation is malformed or names nothing in the index."""


class QuestionsRefused(RetrieverError):
    """A file of evaluation questions cannot be used."""


class CalibrationDamaged(RetrieverError):
    """The fitted calibration of a model cannot be read."""


class RunRefused(RetrieverError):
    """What an evaluation is to be compared with is no run of the same questions."""
