import pytest
from conftest import read_document

from corpus.release.boilerplate import boilerplate_rule, is_board_name, is_navigation


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("/END/", "end or translation mark"),
        ("- end -", "end or translation mark"),
        ("# # #", "end or translation mark"),
        ("* unofficial translation", "end or translation mark"),
        ("[Unofficial Translation]", "end or translation mark"),
        ("Begin text:", "end or translation mark"),
        ("End text.", "end or translation mark"),
        ("Back to Top", "end or translation mark"),
        ("----", "end or translation mark"),
        ("공공누리 제4유형", "licence or image caption"),
        ("1.13.(월).jpg 이미지입니다.", "licence or image caption"),
        ("Copyright 2023 MOFA. All rights reserved.", "licence or image caption"),
        ("© MOFA", "licence or image caption"),
        ("The below is attributable to Spokesperson Ned Price:", "attribution"),
        ("For media inquiries, please contact ClimateComms@state.gov.", "contact"),
        ("Media contact: press@state.gov", "contact"),
        ("+32 (0)460 75 45 53", "contact"),
        ("202-647-4000", "contact"),
        ("Tel.: +49 30 284447-42", "contact"),
        ("020 7946 0000", "contact"),
        ("6.75 6.75 6.50 7.25 7.25", ""),
        ("1945 1960 1980 2000 2020", ""),
        ("19\t20\t21\t22\t23\t24\t25", ""),
        ("1.00000000", ""),
        ("Zuletzt aktualisiert: 30.12.2016", "date line"),
        ("peter.stano@ec.europa.eu", "contact"),
        ("검색창 열기", "navigation"),
        ("Skip to content", "navigation"),
        ("Share this page", "navigation"),
        ("ENG", "navigation"),
        ("Twitter", "navigation"),
        ("Home > Press > Releases", "navigation"),
    ],
)
def test_lines_of_the_page_and_not_of_the_release(line: str, rule: str) -> None:
    assert boilerplate_rule(line, indented=False, title="") == rule


CONTENT = """\
For more information on human rights, contact with the office was resumed on May 3.
The minister opened a search for missing persons.
The menu of measures was discussed.
Back to normal life in Jeju after the typhoon, residents reopened their shops.
The hotline of the embassy is +82-2-3210-0404.
The following statement is attributable to the G7 Foreign Ministers: we condemn the attack.
The two sides agreed to end the text of the treaty with a protocol.
U.S. citizens in Sudan who need help should contact KhartoumACS@state.gov.
English is the language of the talks.
The Ministry opened a channel on YouTube.
"""


@pytest.mark.parametrize("sentence", CONTENT.splitlines())
def test_sentences_with_the_words_of_furniture_are_content(sentence: str) -> None:
    assert boilerplate_rule(sentence, indented=False, title="") == ""


DOUBTFUL = """\
Back to back meetings were held on May 3.
Copyright infringement was among the topics that the two sides discussed.
The two sides discussed all rights reserved to coastal States under UNCLOS.
The two sides agreed to amend the KOGL scheme.
양측은 저작물 보호를 위한 협력을 강화하기로 하였다.
To protect citizens the Ministry opened a contact point, sudan@mofa.go.kr, which took 300 calls.
For citizens in Sudan the embassy set up an e-mail address, sudan@mofa.go.kr, on May 3.
"""


@pytest.mark.parametrize("sentence", DOUBTFUL.splitlines())
def test_no_sentence_of_a_release_is_dropped(sentence: str) -> None:
    assert boilerplate_rule(sentence, indented=False, title="") == ""


@pytest.mark.parametrize(
    "block",
    [
        "3. Visit to the headquarters of YouTube",
        "o Talks with executives of Facebook and Twitter",
        "- Opening of the search (led by the coast guard)",
        "● Main menu items of the state dinner",
        "o 저작물 보호 협력",
    ],
)
def test_a_numbered_or_bulleted_block_of_the_body_is_content(block: str) -> None:
    page = f"Plans of the Two Sides\n\n2023-10-17\n\n1. They met.\n\n{block}\n\n4. They left.\n"
    document = read_document("a.txt", page.encode())
    assert block.split(maxsplit=1)[1] in [each.text for each in document.passages]


def test_the_years_in_a_line_of_their_own_are_no_telephone_number() -> None:
    assert boilerplate_rule("1950-1953", indented=False, title="") == ""
    assert boilerplate_rule("2023-10-17", indented=False, title="") != "contact"


def test_a_long_line_is_always_a_paragraph() -> None:
    line = "Copyright and all rights reserved were discussed, as was the site map. " * 5
    assert boilerplate_rule(line, indented=True, title="") == ""


def test_a_signature_is_indented_names_an_office_and_is_no_sentence() -> None:
    office = "Spokesperson and Deputy Minister for Public Relations of MOFA"
    assert boilerplate_rule(office, indented=True, title="") == "signature"
    assert boilerplate_rule(office, indented=False, title="") == ""
    assert boilerplate_rule("The Ministry will go on.", indented=True, title="") == ""


def test_the_title_again() -> None:
    assert (
        boilerplate_rule("ROK–U.S. TALKS", indented=False, title="ROK-U.S. Talks") == "title again"
    )
    assert boilerplate_rule("ROK-U.S. Talks, day 2", indented=False, title="ROK-U.S. Talks") == ""


@pytest.mark.parametrize("line", ["Press Releases", "Ministry News", "Press Briefings", "Media"])
def test_names_of_boards(line: str) -> None:
    assert is_board_name(line)


@pytest.mark.parametrize("line", ["", "Press Releases on Jeju", "Jeju News", "Talks"])
def test_other_lines_are_no_boards(line: str) -> None:
    assert not is_board_name(line)


def test_navigation_is_short_and_no_sentence() -> None:
    assert is_navigation("Skip to main content")
    assert not is_navigation("They agreed to skip to content.")
    assert not is_navigation("Skip to content " * 5)


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("Published 3 May 2022", "date line"),
        ("Last updated: 2022-05-03 10:15", "date line"),
        ("Posted on May 3, 2022", "date line"),
        ("Published in 2022 by the two ministries", ""),
        ("Updated figures will follow in May 2022.", ""),
        ("Tags", "navigation"),
        ("Related links:", "navigation"),
        ("Posted in Press Releases", "navigation"),
        ("Tagged ports, sea", "navigation"),
        ("Topics: ports and the sea", "navigation"),
        ("Posted in Oslo, he reported on ports.", ""),
        ("Topics were ports and the sea", ""),
        ("Share prices fell", ""),
    ],
)
def test_when_and_where_a_page_was_filed(line: str, rule: str) -> None:
    assert boilerplate_rule(line, indented=False, title="") == rule


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("Having trouble viewing this email? View it as a Web page.", "navigation"),
        ("View this message in your browser", "navigation"),
        ("SUBSCRIBER SERVICES: Manage Subscriptions | Unsubscribe All | Help", "navigation"),
        ("This email was sent to reader@example.org by a service for the ministry", "navigation"),
        ("You are receiving this e-mail since you asked for it.", "navigation"),
        ("This message was clear: the talks go on.", ""),
        ("View this in the light of the talks.", ""),
    ],
)
def test_what_a_mailing_service_writes_around_a_release(line: str, rule: str) -> None:
    assert boilerplate_rule(line, indented=False, title="") == rule


@pytest.mark.parametrize(
    "line",
    [
        "This message was sent to the President of Elbonia by the six ministers on 5 May 2023.",
        "Unsubscribe rules for spam were agreed by 30 states in Geneva.",
        "Stay connected and in step is what the two leaders promised each other in Oslo",
        "View this treaty as a promise that both sides made online and at sea",
        "Topics: trade, fish and the release of 14 sailors held since May",
        "This email was sent to all ambassadors on Monday, urging restraint.",
        "This e-mail was sent by the Minister to his staff.",
        "Update your settings before the election to be able to vote",
        "Topics: trade, shipping and the release of all detained sailors",
        "Tagged as terrorists were six men and two firms",
        "Categories: food, fuel and fertiliser are exempt from the sanctions",
        "You have received this message of peace with open hearts, the Pope told them.",
        "Change settings: the ministers agreed on a new clock for the strait.",
        "Unsubscribe: 30 states agreed to a ban on unwanted mail at the conference",
        "Copyright 2021 rules were agreed by 30 states in Geneva.",
        "Media inquiries to the minister were answered at press@x.org",
        "© marks are protected under the treaty of 2023, both sides said.",
    ],
)
def test_what_only_begins_like_furniture_is_a_paragraph(line: str) -> None:
    assert boilerplate_rule(line, indented=False, title="") == ""


@pytest.mark.parametrize(
    "line",
    [
        "Tags: Iran, sanctions, 2023",
        "Topics: COVID-19",
        "Tags: U.S. Department of State",
        "© mofa.example",
        "Update your preferences or unsubscribe from this list",
        "This email was sent to you by the U.S. Department of State",
        "View it online at https://www.mofa.example",
    ],
)
def test_the_forms_of_furniture(line: str) -> None:
    assert boilerplate_rule(line, indented=False, title="")
