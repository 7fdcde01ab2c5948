"""Everything that the bot says itself, in one place; answers are the documents' own words."""

EXAMPLES = (
    "What was agreed with Sung Kim?",
    "What is the latest on sanctions?",
    "Who met in Jakarta in October 2023?",
)
SHOW_MORE, SHOW_CONTEXT, SHARE, RETRY = (
    "Show more",
    "Show in context",
    "Share to channel",
    "Try again",
)
HELPFUL, NOT_HELPFUL = "Helpful", "Not helpful"
NOT_IN_THREADS = "In a thread, mention me instead: slash commands do not work there."
NO_ANSWER = "Nothing answers that."
NOTHING_NEAR = "Try a full name, a date or a document title."
BUILDING = "The index is being built; ask again in a minute or two."
NO_INDEX = "There is no index yet; the bot's operators have to run `pincite index` once."
EMPTY_CORPUS = "There is no document here that I may answer from."
BUSY = "Too many questions are waiting just now; please ask again in a minute."
TOO_OLD = "This answer is too old; please ask again."
THANKED = "Thank you; that is noted."
SEARCHING = "is searching…"
LOADING = "One moment…"
SHARED_ALREADY = "This answer has been shared already."
FILE_NOT_READ = "The file was not read; only the text is a question."
ASKED_FOR_TEXT = "There is no text here that I could look for."
UNCONFIRMED = "Slack did not confirm that my answer arrived. If you cannot see it, try again."
PRIVACY = (
    "I read only what is addressed to me. Questions are kept for {days} days so that follow-ups "
    "work, and are never logged."
)
REFUSED_EXTERNAL = "I only answer members of this workspace, and not in shared channels."
REFUSED_GUEST = "I only answer full members of this workspace."
REFUSED_PLACE = "No documents may be shown in this place; ask me in a direct message."


def could_not_search(reference: str) -> str:
    """What an asker is told when something failed; the reference stands in the log."""
    return (
        f"I could not search just now (reference {reference}). "
        "Nothing was posted to the channel. Please try again."
    )


def usage(command: str) -> str:
    """How to ask."""
    return f"Ask a question, for example `{command} {EXAMPLES[0]}`"


def do_not_fit(count: int) -> str:
    """What a modal says when it cannot hold all passages."""
    return f"{passages(count)} more: too much for this window; ask for something narrower."


def passages(count: int) -> str:
    """A number of passages in words."""
    return f"{count} passage" if count == 1 else f"{count} passages"
