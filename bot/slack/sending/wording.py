"""Everything that the bot says itself, in one place; answers are the documents' own words."""

from collections.abc import Iterable

from bot.rendering.phrases import chance_in_words, day_in_words

SHOW_MORE, SHOW_CONTEXT, SHARE, RETRY, SHOW_NEAREST, HOW_READ, TAKE_ALONG, THIS_ANSWERS = (
    "Show more",
    "Show in context",
    "Share to channel",
    "Try again",
    "Show the nearest",
    "How I read it",
    "Take along",
    "This answers it",
)
SHOW_ALL = "Show all"
FOLLOW, STOP = "Tell me when there is more", "Stop telling"
NEWS = "New"
FOLLOWED_HERE = "I will tell you here when new documents answer this."
FOLLOWED_DIRECTLY = "I will write to you when new documents answer this."
STOPPED = "I will tell no more of this."
NOT_FOLLOWED = "This is not followed any more."
FOLLOWING = "What I tell you of, or everybody in this channel, when new documents answer it:"
NOTHING_FOLLOWED = "You follow no question; type {how} and one, or click below an answer."
WEAKER = "weaker matches"
CHECK = "Check it"
EARLIER, LATER = "Earlier", "Later"
HELPFUL, NOT_HELPFUL = "Correct", "Wrong"
NOT_THERE, IS_THERE = "Right, not there", "It is there"
ASK, DOCUMENTS, PASSAGES, IN_CONTEXT, NEAREST_TITLE, ADD_WORDS = (
    "Ask the documents",
    "Documents",
    "Passages",
    "In context",
    "The nearest",
    "What is right?",
)
TOO_LONG = "The passage is too long for this window; copy it from “Show in context”."
AS_MARKDOWN = "As Markdown, with each source as a footnote, to copy:"
SUBMIT, SEND, CLOSE, CANCEL = "Ask", "Send", "Close", "Cancel"
SHARE_TITLE, SHARE_YES = "Share this answer?", "Share"
YOUR_QUESTION, WHAT_INSTEAD = "Your question", "What should I have found, and where?"
ASKED, LOOKED_FOR, NAMES, SPELLING, TIME, ORDER, SEARCHED_IN, WHY = (
    "You asked",
    "I looked for",
    "Names",
    "Spelling",
    "Time",
    "Order",
    "Where I looked",
    "Result",
)
ORDERS = {"latest": "the latest first", "earliest": "the earliest first"}
FOUND, POSSIBLE = "Likely an answer", "Possibly an answer"
OWN_WORDS = "The answer is their own words, with the place."
QUOTES = "I quote the paragraphs that answer."
HOW_TO_ASK = "Write to me here, or mention {name} in a channel."
TRY = "For example:"
CONTACT = "Questions about me?"
NOT_IN_THREADS = "In a thread, mention me instead: slash commands do not work there."
MAY_NOT_ANSWER = "This may not answer it"
NEAREST = "Nothing here seems to answer it. If something does, say so, and I can be improved."
NOTHING_MORE = "There is nothing more that is near."
THANKS_FOR_ANSWER = "Thank you. It is noted that this passage answers the question."
NOT_SHOWN = "That could not be answered."
NOTHING_NEAR = "Try a full name, a date or a document title."
BUILDING = "I am still reading the documents; please ask again in a minute or two."
NO_INDEX = "I have no documents yet; my operators have to run `pincite index` once."
BUSY = "Too many questions are waiting just now; please ask again in a minute."
TOO_OLD = "This answer is too old; please ask again."
SEARCHING = "is searching…"
LOADING = "One moment…"
SHARED_ALREADY = "This answer has been shared already."
SHARE_ELSEWHERE = "This answer can only be shared in the channel where it was asked for."
SHARE_UNCONFIRMED = (
    "Slack did not confirm that the answer was shared. If it is not in the channel, ask again and "
    "share that answer."
)
SHARE_EXPIRED = "Slack takes nothing for this answer any more; ask again and share the new answer."
NO_MODAL = "The window could not be opened; please click again."
SMALL_TALK = "I only know my documents; ask me about them whenever you like."
ASKED_FOR_TEXT = "There is no text here that I could look for."
POINTED_DELETED = "The message that you point at was deleted, so there is nothing to look for."
POINTED_OF_BOT = "The message that you point at was not written by a person; ask in your own words."
TYPE_A_QUESTION = "Please type a question."
UNCONFIRMED = "Slack did not confirm that my answer arrived. If you cannot see it, try again."
NOT_TAKEN = "Slack did not take my answer; try again in a moment."
TOO_LATE = "I was away and could not answer this in time; try again if you still want to know."
PRIVACY = (
    "I read only what is addressed to me. Questions are kept for {days} days so that follow-ups "
    "work, and are never logged."
)
REFUSED_EXTERNAL = "I only answer members of this workspace, and not in shared channels."
REFUSED_GUEST = "I only answer full members of this workspace."
REFUSED_UNKNOWN = (
    "I cannot tell guests from members, so I answer nobody; the bot's operators have to install "
    "the app again with the scope users:read."
)
REFUSED_SHARING = "I cannot tell who reads this channel, so I do not share anything here."
REFUSED_PLACE = "No documents may be shown in this place; ask me in a direct message."


def could_not_search(reference: str) -> str:
    """What an asker reads when something failed; the log has the reference too."""
    return (
        "I could not search just now, and posted nothing to the channel. Please try again; if it "
        f"does not work, tell my operators this code: {reference}"
    )


def scope_to_read_above(scope: str) -> str:
    """That the bot cannot see what a thread hangs from, and what to do about it."""
    return (
        f"I cannot see the message above, for which I need the scope {scope}. Repeat its question "
        "when you mention me, or forward the message to me."
    )


def files_not_read(names: Iterable[str]) -> str:
    """That files were not read, by name."""
    named = ", ".join(name for name in names if name) or "The file"
    return f"Not read: {named}. I look only for what is written in the message."


def more_followed(count: int) -> str:
    """How many followed questions a list has no room for."""
    return f"And {count:,} more, which come into view when some of these are stopped."


def usage(how: str, example: str) -> str:
    """How to ask, in one sentence."""
    return f"Ask a question, for example: {how} {example}" if example else f"Type {how} and ask."


def may_not_answer(lacking: str) -> str:
    """What is to be known before passages that may not answer are read: why, if that is known."""
    return f"{MAY_NOT_ANSWER}; {lacking}." if lacking else f"{MAY_NOT_ANSWER}, but is near."


def likely(probability: float, doubt: str, *, surely: bool) -> str:
    """How likely the passages answer, and what speaks against it."""
    chance = f"{FOUND if surely else POSSIBLE} ({chance_in_words(probability)})"
    return f"{chance}, but {doubt}." if doubt else f"{chance}."


def searched(text: str) -> str:
    """What a question was taken for that does not stand alone."""
    return f"Searched: “{text}”."


def spelt(typed: str, meant: str) -> str:
    """How a word was read."""
    return f"I read “{typed}” as “{meant}”."


def for_spelling(typed: str, meant: str) -> str:
    """How a word was read, in a list."""
    return f"{meant} for {typed}"


def either(names: Iterable[str]) -> str:
    """Alternatives in words."""
    return " or ".join(names)


def looked_through(count: int, newest: str | None) -> str:
    """What was searched, as a sentence."""
    return f"From {documents(count, newest)}."


def from_documents(count: int, sources: int) -> str:
    """How many passages there are, and of how many documents."""
    return f"{passages(count)} from {sources} documents" if sources > 1 else passages(count)


def passage(rank: int) -> str:
    """The name of a passage of an answer."""
    return f"Passage {rank}"


def also_in(count: int) -> str:
    """In how many other documents a passage stands too."""
    return f"also in {count} other {'document' if count == 1 else 'documents'}"


def do_not_fit(count: int) -> str:
    """What a modal says when it cannot hold all passages."""
    return f"{passages(count)} more: too much for this window; ask for something narrower."


def passages(count: int) -> str:
    """A number of passages in words."""
    return f"{count} passage" if count == 1 else f"{count} passages"


def documents(count: int, newest: str | None) -> str:
    """How many documents there are, and up to which ISO day."""
    until = f" up to {day_in_words(newest)}" if newest else ""
    return f"{count:,} {'document' if count == 1 else 'documents'}{until}"


def sentence_of(words: str) -> str:
    """Words as a sentence."""
    return f"{words[:1].upper()}{words[1:]}."


def all_documents(count: int) -> str:
    """What the button below a list that is not whole shows."""
    return f"{SHOW_ALL}: {documents(count, None)}"


def documents_do_not_fit(count: int) -> str:
    """What a modal says when it cannot hold all documents of a list."""
    return f"{documents(count, None)} more: too much for this window; name a year or another word."


def no_passage(count: int, newest: str | None) -> str:
    """That no passage answers, in how many documents up to which ISO day."""
    return f"No passage answers that in {documents(count, newest)}."


def withheld(count: int) -> str:
    """How many passages are not shown because their documents have changed."""
    return f"Not shown, since they changed after I read them: {passages(count)}."


def unreachable(names: str) -> str:
    """Which documents are not shown because their files cannot be read just now."""
    return f"Not shown, since their disk does not answer just now: {names}."


def damaged(count: int) -> str:
    """How many documents are not shown because the index no longer has what was read."""
    return (
        f"Not shown, since what I kept of them is damaged: {documents(count, None)}; my operators "
        "have to run `pincite index`."
    )


def shared(user: str, what: str) -> str:
    """Who shares an answer, and the line `what` that begins it."""
    return f"{user} shared: {what}"


def who_will_see(count: int, *, outsiders: bool) -> str:
    """What a user is asked to confirm before they share an answer."""
    if outsiders:
        return (
            f"Everyone in this channel will see the {passages(count)}, also people of other "
            "organisations, if this channel is shared with one."
        )
    return f"Everyone in this channel will see the {passages(count)}."


def mark_as(label: str) -> str:
    """What a vote does, for screen readers."""
    return f"Mark this answer as {label.lower()}"


def for_this(label: str) -> str:
    """What a button does, for screen readers."""
    return f"{label} for this question"


def several_folders(names: Iterable[str]) -> str:
    """Several corpus folders have one name, and what to do about it."""
    return (
        f"several folders are named {', '.join(sorted(names))}, which slack.folders cannot tell "
        "apart; rename all but one and run `pincite index` with the new names"
    )
