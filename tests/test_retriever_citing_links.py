from urllib.parse import unquote

import pytest

from retriever.citing.links import passage_link

PAGE = "https://www.mofa.example/view.do?seq=322308"
TEXT = (
    "The two sides shared their assessments of the situation on the Korean Peninsula, and agreed "
    "to further enhance ROK-U.S. coordination on information sharing and response measures."
)


def directive(link: str) -> str:
    return link.split(":~:text=")[1]


def test_a_passage_is_named_by_its_first_and_last_words() -> None:
    assert passage_link(PAGE, TEXT) == (
        PAGE + "#:~:text=The%20two%20sides%20shared%20their%20assessments"
        ",on%20information%20sharing%20and%20response%20measures"
    )


def test_a_short_passage_is_named_whole_without_the_signs_around_it() -> None:
    assert passage_link(PAGE, "“We agreed.”") == PAGE + "#:~:text=We%20agreed"
    assert passage_link(PAGE, "North Korea’s envoy came.").endswith(
        "#:~:text=North%20Korea%E2%80%99s%20envoy%20came"
    )


def test_signs_with_a_meaning_in_a_directive_are_encoded() -> None:
    link = passage_link(PAGE, "Follow-up: trade, aid & visas")
    assert directive(link) == "Follow%2Dup%3A%20trade%2C%20aid%20%26%20visas"


def test_characters_are_those_of_the_page() -> None:
    assert directive(passage_link(PAGE, "양측은 합의하였다.\xa0 끝")).startswith("%EC%96%91")
    assert "%C2%A0%20" in passage_link(PAGE, "It ends.\xa0 It goes on.")


@pytest.mark.parametrize(
    ("source", "before"),
    [
        ("https://e.org/a", "https://e.org/a#:~:text="),
        ("https://e.org/a#", "https://e.org/a#:~:text="),
        ("https://e.org/a#part", "https://e.org/a#part:~:text="),
        ("https://e.org/a#part:~:text=old", "https://e.org/a#part:~:text="),
        ("http://e.org/?a=1&b=2", "http://e.org/?a=1&b=2#:~:text="),
    ],
)
def test_a_fragment_of_the_address_is_kept(source: str, before: str) -> None:
    assert passage_link(source, "One is.") == before + "One%20is"


def test_the_end_is_not_met_before_the_end() -> None:
    text = "A b c d e f. " + "We will go on with it. " * 2 + "In May we will go on with it."
    assert unquote(directive(passage_link(PAGE, text))).endswith(",May we will go on with it")
    assert directive(passage_link(PAGE, "one two three four five six seven " * 9)).count(",") == 0


def test_the_ends_stand_in_one_block_of_the_page_each() -> None:
    row = "Austria\tVice-Chancellor Werner Kogler, Minister of Arts\t2022"
    assert directive(passage_link(PAGE, row)) == "Austria,2022"


@pytest.mark.parametrize(
    ("source", "page", "link"),
    [
        ("https://e.org/a.pdf", 3, "https://e.org/a.pdf#page=3"),
        ("https://e.org/a.PDF?x=1#page=9", 3, "https://e.org/a.PDF?x=1#page=3"),
        ("https://e.org/a.pdf", None, "https://e.org/a.pdf"),
    ],
)
def test_a_pdf_opens_at_its_page(source: str, page: int | None, link: str) -> None:
    assert passage_link(source, TEXT, page) == link


@pytest.mark.parametrize(
    "source", ["", "a.txt", "file:///etc/passwd", "javascript:alert(1)", "https://", "http://[::1"]
)
def test_only_addresses_of_the_web_are_linked(source: str) -> None:
    assert passage_link(source, TEXT) == ""


def test_a_text_without_words_opens_the_page() -> None:
    assert passage_link(PAGE, " … ") == PAGE
