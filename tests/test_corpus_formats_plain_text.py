import re
import textwrap

import pytest

from corpus.formats.plain_text import text_lines
from corpus.text.logical_lines import starts_block

PAGE = (
    "Special Envoy Meets Her Counterpart in Jakarta and in Singapore Today",
    "1. The two sides shared their assessments of the grave situation on the Korean Peninsula, "
    "including the release of evidence on military cooperation between two States last week.",
    "o The first bullet is also long enough to be wrapped by a program that counts to seventy-two.",
    "o The second is short.",
    "2. They left.",
)


def texts(text: str) -> list[str]:
    return [line.text for line in text_lines(text)]


def test_a_line_is_the_exact_range_of_the_text_without_blanks() -> None:
    text = "\ufeff One \n\n\t\xa0Two\u200b\r\n\x0cThree\n\n\nFour\n"
    lines = text_lines(text)
    assert [line.text for line in lines] == ["One", "Two", "Three", "Four"]
    assert all(line.span.of(text) == line.text for line in lines)
    assert [line.gap for line in lines] == [False, True, True, True]
    assert [line.indented for line in lines] == [False, True, False, False]


@pytest.mark.parametrize("width", [60, 72, 78])
def test_hard_wrapped_paragraphs_are_joined(width: int) -> None:
    wrapped = "\n\n".join("\n".join(textwrap.wrap(line, width)) for line in PAGE)
    assert [" ".join(each.split()) for each in texts(wrapped)] == list(PAGE)


def test_hard_wrapped_paragraphs_that_follow_each_other_without_a_blank_line() -> None:
    wrapped = "\n".join("\n".join(textwrap.wrap(line, 72)) for line in PAGE)
    assert [" ".join(each.split()) for each in texts(wrapped)] == list(PAGE)


def test_a_year_at_the_start_of_a_wrapped_line_opens_no_paragraph() -> None:
    text = (
        "The two sides shared their assessments of the grave situation in the year\n"
        "2023. Then they shared their assessments of the grave situation on it all\n"
        "and they further shared their assessments of the grave situation on the\n"
        "Korean Peninsula.\n"
    )
    assert len(texts(text)) == 1


def test_a_number_that_a_program_wrapped_opens_no_paragraph() -> None:
    paragraph = (
        "1. The two sides shared their assessments of the grave situation (on October "
        "16) and of the evidence on military cooperation that was released in October "
        "15. They then decided to respond to provocations of every kind on the Korean "
        "Peninsula."
    )
    wrapped = re.sub(r" (1[56][.)])", r"\n\1", paragraph).replace("Korean ", "Korean\n")
    assert len(texts(wrapped + "\n\n2. They left.\n\nThey came again.\n")) == 3


def test_one_line_for_each_paragraph_is_left_alone() -> None:
    assert texts("\n".join(PAGE)) == list(PAGE)
    assert texts("\r\n".join(PAGE)) == list(PAGE)


def test_short_lines_that_were_not_wrapped_are_left_alone() -> None:
    short = ["Joint Statement", "Seoul", "1. One is.", "And it goes on.", "2. Two is.", "The end."]
    assert texts("\n".join(short)) == short


def test_a_page_on_one_line_is_cut_before_its_labels() -> None:
    page = (
        "바로가기 메뉴 본문 바로가기 KOR Press Releases "
        "Special Envoy Meets Counterpart (October 16) Date 2023-10-17 hit 3,463 "
        "1. Amb. Kim met in Seoul. 2. The two sides agreed. "
        "o The Ministry will act. 3. They left."
    )
    assert texts(page)[-5:] == [
        "Date 2023-10-17 hit 3,463",
        "1. Amb. Kim met in Seoul.",
        "2. The two sides agreed.",
        "o The Ministry will act.",
        "3. They left.",
    ]
    assert texts(page)[-6] == "Special Envoy Meets Counterpart (October 16)"


def test_a_line_without_rising_numbers_is_one_paragraph() -> None:
    line = "The two sides met in 2023. They agreed to 2. and to 7. of the plan."
    assert texts(line) == [line]


def test_an_enumeration_inside_a_paragraph_of_a_two_line_release_is_not_cut() -> None:
    lines = ["1. Amb. Kim met his counterpart.", "2. They agreed on: 1. Sanctions; 2. Dialogue."]
    assert texts("\n".join(lines)) == lines


@pytest.mark.parametrize(
    "line",
    ["1. One", "12. One", "(3) One", "3) One", "１． One", "1.", "o The", "O “The", "° the", "°the",
     "- one", "※붙임", "* note", "ㅇ협의"],
)  # fmt: skip
def test_signs_that_open_a_block(line: str) -> None:
    assert starts_block(line)


@pytest.mark.parametrize(
    "line",
    ["1.5 million", "1.13.(월)", "2023. It was", "-5 degrees", "o lower", "of the", "-- dash",
     "*starred", "One", "°", "oOne"],
)  # fmt: skip
def test_what_only_looks_like_a_sign(line: str) -> None:
    assert not starts_block(line)


def test_a_word_with_a_hyphen_is_wrapped_as_a_whole() -> None:
    paragraph = "They called the talks timely, now that security in Europe and in the Indo-Pacific "
    paragraph += "hang together; Directors-General spoke of it, and the wide-ranging agenda too."
    for width in range(40, 80):
        wrapped = "\n".join(textwrap.wrap(paragraph, width, break_on_hyphens=False))
        assert [" ".join(each.split()) for each in texts(f"{wrapped}\n\n{wrapped}\n")] == [
            paragraph
        ] * 2
