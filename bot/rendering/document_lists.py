"""Lists of documents in words: how many there are, and which are shown."""

from bot.rendering.phrases import one_line
from corpus.language.sentences import sentence_spans
from retriever.answering.answer import Answer, Hit


def reason_in_words(answer: Answer, how_to_see_all: str = "") -> str:
    """The reason for the verdict; of a list also which of the documents it shows, and how one gets
    to see the others."""
    listed, mentioned = answer.listed, answer.mentioned
    if not (listed and mentioned and answer.passages):
        return answer.reason
    count = len(answer.passages)
    more = f", {how_to_see_all}" if how_to_see_all and count < mentioned.documents else ""
    if is_one(answer):
        end = "first" if listed.oldest_first else "last"
        return f"this is the {end}; {answer.reason}{more}"
    if count == mentioned.documents:
        return answer.reason
    end = "oldest" if listed.oldest_first else "newest"
    return f"{answer.reason}; the {end} {_are(count)} shown{more}"


def is_one(answer: Answer) -> bool:
    """Whether an answer is the first or last of the documents that were asked for."""
    return answer.listed is not None and answer.listed.is_one and len(answer.passages) == 1


def mentions_in_words(answer: Answer) -> list[str]:
    """Which documents there are beside those that are shown or counted, a sentence each."""
    mentioned = answer.mentioned
    if mentioned is None:
        return []
    if not answer.listed:
        left_out = left_out_in_words(answer, len(answer.passages))
        return [left_out] if left_out else []
    sentences = []
    if mentioned.copies:
        count = mentioned.copies
        more = "1 more is a copy" if count == 1 else f"{count:,} more are copies"
        sentences.append(f"Copies count once: {more} of these.")
    if mentioned.undated:
        without = f"{_documents(mentioned.undated)} without a day"
        sentences.append(f"Not counted: {without}, which may be of that time.")
    return sentences


def left_out_in_words(answer: Answer, shown: int) -> str:
    """How many documents name what a question names, where the first passages, so many as are
    `shown`, are not of all of them; else empty."""
    mentioned = answer.mentioned
    if mentioned is None:
        return ""
    of = {hit.document.id for hit in answer.passages[:shown]}
    known = len(of.intersection(mentioned.shown))
    if mentioned.documents <= known:
        return ""
    names = " and ".join(map(one_line, mentioned.names))
    more = "" if mentioned.complete else "More than "
    verb = "names" if mentioned.documents == 1 else "name"
    return f"{more}{_documents(mentioned.documents)} {verb} {names}; {_are(known)} shown."


def is_excerpt(answer: Answer, hit: Hit) -> bool:
    """Whether one sentence of a passage is enough to show, since it stands in a list."""
    return answer.listed is not None and not is_one(answer) and not hit.columns


def excerpt(hit: Hit) -> str:
    """The sentence of a passage that mentions what is asked for; else its first one."""
    start, end = hit.highlights[0] if hit.highlights else (0, 0)
    first = (span.of(hit.text) for span in sentence_spans(hit.text))
    return hit.text[start:end] or next(first, hit.text)


def _documents(count: int) -> str:
    return "1 document" if count == 1 else f"{count:,} documents"


def _are(count: int) -> str:
    return f"{count} {'is' if count == 1 else 'are'}"
