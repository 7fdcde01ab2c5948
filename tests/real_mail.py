"""Real mail beside mail-parser: `python tests/real_mail.py FOLDER...`, run by hand.

Of each message below the folders the subject, the day and the words of the body as Pincite reads
them and as mail-parser does (`pip install mail-parser`); what differs is listed to be looked at.
"""

import html
import logging
import re
import sys
from collections import Counter
from pathlib import Path

from corpus.document import Document
from corpus.errors import Unreadable
from corpus.formats.mail.headers import header
from corpus.formats.mail.mail_reader import parsed
from corpus.readers import read_documents

_TAGS = re.compile(r"<(?:style|script|title|head)\b.*?</[^>]*>|<[^>]*>", re.DOTALL | re.IGNORECASE)


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.casefold()))


def theirs(data: bytes) -> tuple[str, str, str]:
    """The subject, the day and the body as mail-parser reads them."""
    import mailparser

    mail = mailparser.parse_from_bytes(data)
    body = "\n".join(mail.text_plain)
    if not body.strip():
        body = html.unescape(_TAGS.sub(" ", "\n".join(mail.text_html)))
    day = re.search(r"\b(\d{1,2}) (\w{3})\w* (\d{4})", str(mail.message.get("Date") or ""))
    return " ".join((mail.subject or "").split()), day[0] if day else "", body


def ours(data: bytes) -> tuple[str, list[Document], str]:
    """The subject, the documents, and why there are none."""
    try:
        subject = header(parsed(data), "subject")
    except Unreadable:
        subject = ""
    try:
        return subject, list(read_documents("a.eml", data)), ""
    except Unreadable as error:
        return subject, [], str(error)


def main(folders: list[str]) -> None:
    logging.disable(logging.CRITICAL)
    files = [
        file
        for folder in folders
        for file in sorted(Path(folder).rglob("*"))
        if file.is_file() and (file.suffix == ".eml" or "mails" in file.parts)
    ]
    count: Counter[str] = Counter()
    found = wanted = 0
    for file in files:
        data = file.read_bytes()
        subject, documents, reason = ours(data)
        try:
            other, day, body = theirs(data)
        except Exception as error:  # whatever it raises
            other, day, body = "", "", ""
            print(f"{file.name}: mail-parser: {type(error).__name__}")
        text = "\n".join(f"{each.text}\n{each.outside}" for each in documents)
        expected = words(body)
        missing = expected - words(text)
        count["files"] += 1
        count["read"] += bool(documents)
        count["with words by mail-parser"] += bool(expected)
        count["subject as theirs"] += subject == other
        count["day"] += any(each.posted for each in documents)
        count["day by mail-parser"] += bool(day)
        count["U+FFFD"] += (subject + text).count("\ufffd")
        count["U+FFFD by mail-parser"] += (other + body).count("\ufffd")
        wanted, found = wanted + expected.total(), found + (expected - missing).total()
        if reason and expected:
            print(f"{file.name}: not read: {reason}; mail-parser has {expected.total()} words")
        elif missing.total() > 0.05 * expected.total():
            print(
                f"{file.name}: lacks {missing.total()} of {expected.total()}: {list(missing)[:8]}"
            )
        if subject != other:
            print(f"{file.name}: subject {subject!r}, mail-parser {other!r}")
        if bool(day) != any(each.posted for each in documents) and documents:
            print(f"{file.name}: day {documents[0].posted}, mail-parser {day!r}")
    print()
    for name, value in count.items():
        print(f"{name:28}{value:8,}")
    print(f"{'words of theirs in ours':28}{found / max(wanted, 1):8.1%} of {wanted:,}")


if __name__ == "__main__":
    main(sys.argv[1:])
