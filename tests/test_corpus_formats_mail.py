"""Mail: forty releases sent in several ways, what a header states, and hostile messages."""

import datetime
import random
import time

import pytest
from conftest import read_document
from releases import Release, releases
from rendering_html import RENDERERS
from rendering_mail import LAYOUTS, alternative, mailbox, message, saved
from test_corpus_readers import check

from corpus.document import Document
from corpus.errors import Unreadable
from corpus.formats.mail.body_text import unflowed
from corpus.formats.mail.mail_reader import read_eml
from corpus.metadata import Metadata
from corpus.readers import read_documents


def passages(document: Document) -> list[tuple[str, str]]:
    return [(each.label, " ".join(each.text.split())) for each in document.passages]


def mail(body: str, *headers: str) -> bytes:
    return "\r\n".join(["From: a@example.org", *headers, "", body]).encode()


def texts(data: bytes) -> list[str]:
    return [passage.text for passage in read_document("a.eml", data).passages]


@pytest.mark.parametrize("layout", sorted(LAYOUTS))
@pytest.mark.parametrize("release", releases(), ids=lambda release: release.name)
def test_a_release_by_mail_is_the_release(release: Release, layout: str) -> None:
    ending, render, _ = LAYOUTS[layout]
    document = read_document(f"{release.name}{ending}", render(release))
    expected = release.document
    check(document)
    assert passages(document) == passages(expected)
    assert (document.title, document.posted) == (expected.title, expected.posted)
    assert document.posted_from == ("mail header" if expected.posted else "")


def test_a_mailbox_holds_a_document_for_each_message() -> None:
    data = mailbox(releases())
    documents = read_documents("press.mbox", data)
    assert [each.id for each in documents] == [f"press.mbox/{n}" for n in range(1, 41)]
    for release, document in zip(releases(), documents, strict=True):
        assert passages(document) == passages(release.document)
        assert (document.title, document.posted) == (
            release.document.title,
            release.document.posted,
        )


def test_a_message_without_words_keeps_its_number_in_the_mailbox() -> None:
    mark = b"From - Tue Oct 17 12:00:00 2023\n"
    one, two = mail("1. One is.\n\n>From here on.\n"), mail("")
    data = mark + one + b"\n" + mark + two + b"\n" + mark + one
    documents = read_documents("a.mbox", data)
    assert [each.id for each in documents] == ["a.mbox/1", "a.mbox/3"]
    assert [each.text for each in documents[0].passages] == ["One is.", "From here on."]


def test_a_line_that_begins_with_from_begins_no_message() -> None:
    data = b"From - Tue Oct 17 12:00:00 2023\n" + mail(
        "1. Talks were held.\n\nFrom March to May the two sides met.\n"
    ).replace(b"\r\n", b"\n")
    (document,) = read_documents("a.mbox", data)
    assert [each.text for each in document.passages][1] == "From March to May the two sides met."


@pytest.mark.parametrize(
    ("headers", "stated"),
    [
        (["Subject: Re: Fwd: FW:  Outcome of\r\n Talks"], Metadata("Outcome of Talks")),
        (["Subject: [Press] RE: Talks", "List-Id: <press.example.org>"], Metadata("Talks")),
        (["Subject: [Press] Talks"], Metadata("[Press] Talks")),
        (["Subject: =?euc-kr?B?wMy3sQ==?="], Metadata("이런")),
        (
            ["Date: Tue, 17 Oct 2023 23:30:00 -0900"],
            Metadata(posted=datetime.date(2023, 10, 17), posted_from="mail header"),
        ),
        (["Date: yesterday"], Metadata()),
        (["Date: Thu, 1 Jan 1900 00:00:00 +0000"], Metadata()),
        (["Date: Fri, 31 Dec 9999 00:00:00 +0000"], Metadata()),
        (["Archived-At: <https://example.org/a/1>"], Metadata(source="https://example.org/a/1")),
        (["Archived-At: <javascript:alert(1)>"], Metadata()),
    ],
)
def test_what_a_header_states(headers: list[str], stated: Metadata) -> None:
    (content,) = read_eml(mail("1. One is.\n", *headers))
    assert content.metadata == stated


def test_quoted_replies_signatures_and_forwarded_headers_are_no_passages() -> None:
    body = (
        "---------- Forwarded message ---------\nFrom: A <a@example.org>\n"
        "Date: Tue, Oct 17, 2023\nSubject: Talks\n\n"
        "1. The two sides met.\n\nOn Mon, Oct 16, 2023 at 9:00 AM B wrote:\n\n"
        "> 1. What was agreed?\n> 2. When?\n\n2. They agreed to meet again.\n\n"
        "-- \nPress Office\nExample Street 5\n"
    )
    assert texts(mail(body)) == ["The two sides met.", "They agreed to meet again."]


def test_a_message_of_nothing_but_a_quotation_is_read() -> None:
    assert len(texts(mail("> 1. The two sides met.\n> 2. They agreed.\n"))) > 0


def test_a_flowed_text_is_joined_as_the_standard_says() -> None:
    text = "One \ntwo \nthree\n\n  stuffed\n>> a \n>> b\n-- \nname"
    assert unflowed(text) == "One two three\n\n stuffed\n>> a b\n-- \nname"
    assert unflowed("가 \n나", delete_space=True) == "가나"


@pytest.mark.parametrize(
    ("charset", "body"),
    [
        ("us-ascii", "1. “One” is.".encode()),
        ("ks_c_5601-1987", "1. 똠방각하 is.".encode("cp949")),
        ("iso-8859-1", "1. “One” is.".encode("cp1252")),
        ("no-such", "1. 하나 is.".encode()),
        ("utf-8", "1. Genève is.".encode("latin-1")),
    ],
)
def test_a_wrong_charset_costs_no_character(charset: str, body: bytes) -> None:
    data = mail("", f"Content-Type: text/plain; charset={charset}") + body
    (text,) = texts(data)
    assert "\ufffd" not in text
    assert text in ("“One” is.", "똠방각하 is.", "하나 is.", "Genève is.")


def test_an_attached_message_is_read_when_the_mail_has_no_words() -> None:
    inner = message(releases()[20], releases()[20].text)
    outer = message(releases()[3], "")
    outer.add_attachment(inner)
    assert passages(read_document("a.eml", outer.as_bytes())) == passages(releases()[20].document)


def test_what_is_attached_is_named_when_there_is_nothing_else() -> None:
    outer = message(releases()[3], "")
    outer.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="a.pdf")
    with pytest.raises(Unreadable, match=r"it has no text but a\.pdf"):
        read_document("a.eml", outer.as_bytes())


def test_the_page_is_read_where_the_text_only_names_it() -> None:
    made = message(releases()[3], "View this message in your browser.")
    page = '<link rel="canonical" href="https://e.org/"><p>They met in Genève.</p>'
    made.add_alternative(page, subtype="html", charset="iso-8859-1")
    (content,) = read_eml(made.as_bytes())
    assert content.text.split("\n\n")[-1].strip() == "They met in Genève."
    assert content.metadata.title == releases()[3].title
    assert content.metadata.source == "https://e.org/"
    (content,) = read_eml(alternative(releases()[3]))
    assert releases()[3].title in content.text


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no header"),
        (b"No mail at all, only words.", "no header"),
        (b"Subject: a\n", "it has no text but its header"),
        (b"Subject: a\nContent-Type: multipart/mixed; boundary=x\n\n--x--\n", "it has no text"),
    ],
)
def test_what_is_no_mail_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read_document("a.eml", data)


@pytest.mark.parametrize("template", RENDERERS)
def test_a_page_saved_in_one_file_is_the_page(template: str) -> None:
    for release in releases()[::3]:
        page = RENDERERS[template](release)
        one, other = read_document("a.html", page.encode()), read_document("a.mhtml", saved(page))
        check(other)
        assert passages(one) == passages(other)
        assert (one.title, one.posted) == (other.title, other.posted)
        assert other.source == (one.source or "https://www.maritime.example/talks")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no header"),
        (b"Subject: a\n\nNo page at all.\n", "it holds no page"),
        (saved("<p></p>"), "it is empty"),
    ],
)
def test_a_saved_file_without_a_page_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read_document("a.mht", data)


def test_a_mailbox_of_one_endless_line_is_refused() -> None:
    line = b"From " + b"x" * 5_000_000
    for data in (line, b"From - Tue Oct 17 12:00:00 2023\n" + line, b"x" * 5_000_000):
        with pytest.raises(Unreadable):
            read_documents("a.mbox", data)


@pytest.mark.parametrize("depth", [100, 5_000])
def test_deep_nesting_is_read_or_refused(depth: int) -> None:
    kind = "Content-Type: multipart/mixed; boundary=b"
    parts = "".join(f"{kind}{n}\n\n--b{n}\n" for n in range(depth))
    carried = "Content-Type: message/rfc822\n\n" * depth + "Subject: b\n"
    for inner in (parts, carried):
        data = f"Subject: a\n{inner}\n1. One is.\n"
        try:
            check(read_document("a.eml", data.encode()))
        except Unreadable:
            assert depth > 50


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The bytes with a few changed, taken out, doubled or put elsewhere."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(changed) + 1)
        end = min(len(changed), at + chance.choice([1, 2, 20, 300]))
        kind = chance.randrange(5)
        if kind == 0:
            changed[at:end] = b""
        elif kind == 1:
            changed[at:at] = changed[at:end] * chance.choice([1, 2, 50])
        elif kind == 2:
            changed[at:end] = chance.randbytes(end - at)
        elif kind == 3:
            changed[at:at] = chance.choice(_MAIL_WORDS)
        else:
            piece = changed[at:end]
            del changed[at:end]
            to = chance.randrange(len(changed) + 1)
            changed[to:to] = piece
    return bytes(changed)


_MAIL_WORDS = [
    b"\n\n", b"\r\n", b"\x00", b"=?utf-8?q?", b"?=", b"Content-Type: ", b"multipart/mixed; ",
    b"boundary=", b"charset=", b"\nDate: ", b"\nSubject: ", b"message/rfc822\n\n", b"format=flowed",
    b"\nFrom a 12:00 \n", b"\xff\xfe", b'"', b"(", b"<", b"*0*=", b";", b"base64", b"utf-7",
    b"\nContent-Transfer-Encoding: ", b"\n> ", b"=C3", b"charset=utf-16\n", b"\nArchived-At: ",
]  # fmt: skip


def fuzz(seed: int, rounds: int) -> int:
    """Reads mutated mail; gives how many inputs were documents all the same."""
    chance = random.Random(seed)
    good = releases()
    seeds = [(ending, render(each)) for ending, render, _ in LAYOUTS.values() for each in good[:9]]
    seeds += [(".mbox", mailbox(good[:4])), (".mbox", mailbox(good[30:33]))]
    seeds += [(".mhtml", saved(make(good[5]))) for make in RENDERERS.values()]
    read = 0
    for _ in range(rounds):
        ending, data = chance.choice(seeds)
        try:
            documents = read_documents(f"a{ending}", mutated(data, chance))
        except Unreadable:
            continue
        for document in documents:
            check(document)
            document.text.encode()
            document.title.encode()
        read += 1
    return read


@pytest.mark.slow
def test_mutated_mail_is_read_or_refused() -> None:
    assert fuzz(5, 400) > 200


def test_paragraphs_below_a_rule_are_no_signature() -> None:
    treaty = (
        "The ministers also signed a treaty on fishing rights, which enters into force next year."
    )
    body = f"1. They met in Oslo.\n\n--\n\n2. {treaty}\n\n3. They left.\n"
    assert texts(mail(body))[-2:] == [treaty, "They left."]


def test_a_short_rule_above_numbered_paragraphs_is_no_signature() -> None:
    body = "1. They met in Oslo.\n\n--\n2. They signed a treaty.\n\n3. They left.\n"
    assert texts(mail(body))[-2:] == ["They signed a treaty.", "They left."]


@pytest.mark.parametrize("long", ["Spokesperson of the Ministry of Foreign Affairs" * 3, "Oslo"])
def test_a_signature_may_have_long_lines(long: str) -> None:
    words = (
        "They met in Oslo and agreed on six ships, which will leave the port in the spring. " * 3
    )
    assert texts(mail(f"1. {words}\n\n-- \nJohn Doe\n{long}\n")) == [words.strip()]


@pytest.mark.parametrize("rule", ["_" * 40, "-- ", "--"])
def test_a_release_below_a_rule_is_no_signature(rule: str) -> None:
    words = "The Minister met his counterpart in Oslo and the two agreed on six ships."
    body = f"MINISTRY OF SHIPS\n{rule}\n\n{words}\n\n{words}\n"
    assert texts(mail(body))[-2:] == [words, words]


@pytest.mark.parametrize("line", ["* Six ships are sold", "They agreed on six ships."])
def test_what_stands_below_two_hyphens_may_be_content(line: str) -> None:
    words = "They met in Oslo and agreed on six ships, which will leave the port in the spring."
    assert texts(mail(f"{words}\n\n--\n{line}\n"))[-1] in line


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        # An address book cut the words within a character, another wrote bytes as they are.
        ("=?utf-8?B?5aSW5Yqh55yB5oQ=?= =?utf-8?B?n+iwog==?=", "外务省感谢"),
        ("=?gb2312?B?zOyyxQ==?= and =?utf-8?Q?Gen=C3=A8ve?=", "天才 and Genève"),
        ("=?no-such?Q?Talks?=", "Talks"),
        ("Привет из Москвы", "Привет из Москвы"),
    ],
)
def test_a_subject_as_programs_write_it(subject: str, title: str) -> None:
    data = f"Subject: {subject}\r\n\r\n1. One is.\r\n"
    assert read_document("a.eml", data.encode()).title == title


def test_a_subject_in_bytes_of_a_legacy_encoding() -> None:
    data = "Subject: Привет из Москвы\n\n1. One is.\n".encode("koi8-r")
    assert read_document("a.eml", data).title == "Привет из Москвы"


@pytest.mark.parametrize(
    "before", [b"\xef\xbb\xbf", b"\r\n\n", b"From a@b Tue Oct 17 12:00:00 2023\n"]
)
def test_what_stands_before_the_header_is_passed_over(before: bytes) -> None:
    document = read_document("a.eml", before + b"Subject: Talks\n\n1. One is.\n")
    assert (document.title, document.lead) == ("Talks", "One is.")


def test_a_header_with_blanks_before_its_colons() -> None:
    assert (
        read_document("a.eml", b"From : a@b.org\nSubject  : Talks\n\n1. One is.\n").title == "Talks"
    )


def test_the_first_server_dates_a_message_without_a_date() -> None:
    received = "Received: from a by b; Wed, 18 Oct 2023 09:00:00 +0000\n"
    first = "Received: from c by a; Tue, 17 Oct 2023 23:00:00 +0000\n"
    document = read_document("a.eml", f"{received}{first}Subject: a\n\n1. One is.\n".encode())
    assert document.posted == datetime.date(2023, 10, 17)


def mixed(kind: str, *parts: str) -> bytes:
    """A message of these parts, each with its header."""
    body = "".join(f"--b\n{part}\n" for part in parts)
    return f"Subject: Outer\nContent-Type: multipart/{kind}; boundary=b\n\n{body}--b--\n".encode()


def test_all_texts_of_a_body_are_read_in_their_order() -> None:
    data = mixed(
        "mixed",
        "Content-Type: text/plain\n\nThe ship left Oslo.\n",
        "Content-Type: image/png; name=a.png\n\nx\n",
        "Content-Type: text/html\n\n<p>It came to Bergen at noon.</p>\n",
        "Content-Type: text/calendar\n\nBEGIN:VCALENDAR\n",
        "Content-Type: text/plain\n\nIt went on to Moss.\n",
    )
    document = read_document("a.eml", data)
    assert [each.text for each in document.passages] == [
        "The ship left Oslo.", "It came to Bergen at noon.", "It went on to Moss.",
    ]  # fmt: skip
    assert "a.png" in document.outside


def test_a_typed_form_that_lacks_the_words_of_the_page_gives_way_to_it() -> None:
    words = "The two sides met in Oslo and agreed on six ships for the harbour. "
    data = mixed(
        "alternative",
        "Content-Type: text/plain\n\nPlease use another program.\n",
        f"Content-Type: text/html\n\n<p>{words * 3}</p>\n",
    )
    assert read_document("a.eml", data).lead == (words * 3).strip()


def test_the_messages_that_one_carries_are_documents_of_their_own() -> None:
    inner = "Content-Type: message/rfc822\n\nSubject: {0}\n\nMessage {0} was sent from Oslo.\n"
    digest = mixed(
        "digest", "Content-Type: text/plain\n\nTwo messages are below.\n",
        inner.format("One"), inner.format("Two"),
    )  # fmt: skip
    documents = read_documents("a.eml", digest)
    assert [(each.id, each.title) for each in documents] == [
        ("a.eml", "Outer"), ("a.eml/1", "One"), ("a.eml/2", "Two"),
    ]  # fmt: skip
    mark = b"From - Tue Oct 17 12:00:00 2023\n"
    ids = [each.id for each in read_documents("a.mbox", mark + digest)]
    assert ids == ["a.mbox/1", "a.mbox/1.1", "a.mbox/1.2"]


def test_a_mailbox_whose_messages_state_their_length() -> None:
    body = b"The ship left.\n\nFrom Oslo it went at 12:00 sharp.\n"
    one = b"From a@b Tue Oct 17 12:00:00 2023\nSubject: One\nContent-Length: %d\n\n" % len(body)
    two = (
        b"From a@b Tue Oct 17 12:00:00 2023\nSubject: Two\nContent-Length: 999999\n\nIt is late.\n"
    )
    first, second = read_documents("a.mbox", one + body + b"\n" + two)
    assert [each.text for each in first.passages][-1] == "From Oslo it went at 12:00 sharp."
    assert (second.title, second.lead) == ("Two", "It is late.")


def test_a_mailbox_without_blank_lines_or_with_messages_that_have_no_header() -> None:
    mark = b"From a@b.org Tue Oct 17 12:00:00 2023\n"
    data = (
        mark + b"Subject: One\n\nThe ship left Oslo.\n" + mark + b"Subject: Two\n\nIt came back.\n"
    )
    assert [each.title for each in read_documents("a.mbox", data)] == ["One", "Two"]
    data = mark + b"\nThe ship left Oslo.\n\n" + mark + b"\nIt came back.\n"
    assert len(read_documents("a.mbox", data)) == 2


def test_messages_of_a_mailbox_that_are_no_documents_are_counted() -> None:
    mark = b"From - Tue Oct 17 12:00:00 2023\n"
    data = mark + mail("1. One is.\n") + b"\n" + mark + mail("")
    documents = read_documents("a.mbox", data)
    assert documents.left_out == (
        "it is read in part; left out: it has no text but its header (message 2)"
    )


def test_what_is_utf8_is_read_so_whatever_its_program_calls_it() -> None:
    data = "Content-Type: text/plain; charset=iso-8859-1\n\n1. They met in Genève.\n".encode()
    assert texts(data) == ["They met in Genève."]


def test_a_header_of_endless_parameters_is_cut() -> None:
    data = (
        b"Subject: Ship\nContent-Type: text/plain; " + b"a=b; " * 200_000 + b"\n\nIt left Oslo.\n"
    )
    before = time.process_time()
    assert texts(data) == ["It left Oslo."]
    assert time.process_time() - before < 5


def test_who_sent_it_to_whom_and_with_what_stands_outside() -> None:
    part = "text/plain; name=turbine.txt\r\nContent-Disposition: attachment; filename=turbine.txt"
    data = (
        "From: Karel Corvin <k@x.example>\r\nTo: Ama Oduya <a@x.example>\r\nCc: Bert Quist\r\n"
        'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n'
        f"The dam is leaking.\r\n--b\r\nContent-Type: {part}\r\n\r\nIt failed.\r\n--b\r\n"
        "Content-Type: application/pdf\r\nContent-Disposition: attachment\r\n\r\nx\r\n--b\r\n"
        "Content-Type: message/rfc822\r\n\r\nContent-Type: a/b; name=inner.b\r\n\r\nx\r\n--b--\r\n"
    )
    document = read_document("a.eml", data.encode())
    assert [each.text for each in document.passages] == ["The dam is leaking."]
    assert document.outside.splitlines()[:4] == [
        "From: Karel Corvin <k@x.example>", "To: Ama Oduya <a@x.example>", "Cc: Bert Quist",
        "Attached: turbine.txt, application/pdf",
    ]  # fmt: skip
    assert document.text.startswith(document.outside)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_message_saved_in_utf_16_is_read(encoding: str) -> None:
    data = "From: a@example.org\r\nSubject: Ferry\r\n\r\nThe ferry leaves at noon.\r\n"
    document = read_document("a.eml", data.encode(encoding))
    assert (document.title, document.passages[0].text) == ("Ferry", "The ferry leaves at noon.")
