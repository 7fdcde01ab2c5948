"""What can be wrong with a document or a folder of documents.

CorpusError
├── FolderMissing        the folder is not there or cannot be listed
├── NoWorkers            the processes that read files cannot be started
└── Unreadable           one file cannot become a document; it is skipped and its reason is shown
    └── OutOfTime        reading it takes more processor time than a file may take
"""


class CorpusError(Exception):
    """Base of all errors of this package; the message states the problem and what to do."""


class FolderMissing(CorpusError):
    """A corpus folder does not exist, is no folder, or cannot be listed."""


class NoWorkers(CorpusError):
    """The processes in which files are read cannot be started."""


class Unreadable(CorpusError):
    """A file cannot be read as a document; the message is the reason, without the file's name."""


class OutOfTime(Unreadable):
    """Reading a file takes more processor time than a file may take."""
