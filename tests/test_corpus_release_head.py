import textwrap

import pytest
from conftest import cpu_seconds, read_document

from corpus.document import Document

TITLE = "ROK-U.S. Talks on the DPRK (October 16)"
BODY = "1. The two sides met in Seoul.\n\n2. They agreed to meet again.\n"


def read(head: str, name: str = "release.txt") -> Document:
    document = read_document(name, f"{head}\n\n{BODY}".encode())
    assert [each.label for each in document.passages][-2:] == ["1", "2"]
    assert [each.text for each in document.passages][-2:] == [
        "The two sides met in Seoul.",
        "They agreed to meet again.",
    ]
    return document


def rules(document: Document) -> list[tuple[str, str]]:
    return [(each.rule, each.span.of(document.text)) for each in document.dropped]


def test_the_whole_head_of_a_board_page() -> None:
    document = read(
        "바로가기 메뉴\n본문 바로가기\n주메뉴 바로가기\n검색창 열기\nKOR\n\nPress Releases\n\n"
        f"{TITLE}\n\nDate\n2023-10-17\nhit\n3463"
    )
    assert (document.title, document.title_stated) == (TITLE, True)
    assert document.board == "Press Releases"
    assert (str(document.posted), document.posted_from) == ("2023-10-17", "date block")
    assert [str(day) for day in document.events] == ["2023-10-16"]
    assert rules(document) == [
        ("navigation", "바로가기 메뉴"),
        ("navigation", "본문 바로가기"),
        ("navigation", "주메뉴 바로가기"),
        ("navigation", "검색창 열기"),
        ("navigation", "KOR"),
        ("board", "Press Releases"),
        ("title", TITLE),
        ("date label", "Date"),
        ("date block", "2023-10-17"),
        ("hits", "hit"),
        ("hits", "3463"),
    ]


@pytest.mark.parametrize(
    ("block", "posted", "kind"),
    [
        ("Date\n2023-10-17\nHit\n3,463", "2023-10-17", "date block"),
        ("작성일\n2023-10-17\n조회수\n3463", "2023-10-17", "date block"),
        ("Date 2013.04.25 Hit 1,234", "2013-04-25", "date block"),
        ("Date: 2013.04.25\nViews: 1,234", "2013-04-25", "date block"),
        ("Posted on October 17, 2023", "2023-10-17", "date block"),
        ("17 October 2023", "2023-10-17", "date line"),
        ("02.07.2024", "2024-07-02", "date line"),
        ("2023-10-17 14:30", "2023-10-17", "date line"),
        ("2023-10-17T14:30:00+09:00", "2023-10-17", "date line"),
        ("2023. 10. 17.(화)", "2023-10-17", "date line"),
        ("2023년 10월 17일 (화요일) 14:30", "2023-10-17", "date line"),
        ("Tuesday, October 17, 2023", "2023-10-17", "date line"),
        ("Tue, 17 Oct 2023 20:22:05 +0000", "2023-10-17", "date line"),
        ("17 October 2023 at 10 a.m. GMT", "2023-10-17", "date line"),
        ("April06,200712:44 AM EDT", "2007-04-06", "date line"),
    ],
)
def test_the_shapes_of_a_date_block(block: str, posted: str, kind: str) -> None:
    document = read(f"{TITLE}\n\n{block}")
    assert (str(document.posted), document.posted_from) == (posted, kind)
    assert document.title == TITLE
    assert document.passages[0].label == "1"


def test_a_date_above_the_title() -> None:
    document = read(f"October 17, 2023\n\n{TITLE}")
    assert (document.title, str(document.posted)) == (TITLE, "2023-10-17")


def test_a_title_that_begins_with_its_date_is_a_title() -> None:
    document = read("January 29-30, 2022 ROK-U.S. Talks\n\n2022-02-01")
    assert document.title == "January 29-30, 2022 ROK-U.S. Talks"
    assert str(document.posted) == "2022-02-01"


def test_a_labelled_title_date_and_source() -> None:
    document = read(f'Title: "{TITLE}"\nDate: 2023-10-17\nSource: https://example.org/x?seq=1')
    assert (document.title, str(document.posted)) == (TITLE, "2023-10-17")
    assert document.source == "https://example.org/x?seq=1"
    assert read("제목 외교부 장관 회담\n작성일 2023-10-17").title == "외교부 장관 회담"


@pytest.mark.parametrize(
    "title",
    [
        "Title IX Enforcement Guidance Released",
        "Subject Matter Experts Meet in Seoul",
        "Title of Ambassador Conferred on Mr. Kim",
    ],
)
def test_a_title_may_begin_with_the_word_title(title: str) -> None:
    assert read(f"{title}\n\n2023-10-17").title == title


def test_a_bare_address_is_the_source() -> None:
    assert (
        read(f"{TITLE}\n\n<https://mofa.example/v?seq=3>").source == "https://mofa.example/v?seq=3"
    )


def test_photo_captions_that_repeat_the_title() -> None:
    document = read(f"{TITLE} (1)\n{TITLE} (2)\n\n2023-10-17")
    assert (document.title, str(document.posted)) == (TITLE, "2023-10-17")
    assert ("photo caption", f"{TITLE} (1)") in rules(document)


def test_a_title_that_ends_in_a_number_is_whole() -> None:
    assert (
        read("Meeting of Working Group (1)\n\n2023-10-17").title == "Meeting of Working Group (1)"
    )


@pytest.mark.parametrize("remark", ["[Unofficial Translation]", "(Unofficial Translation)"])
def test_a_remark_in_brackets_is_no_title(remark: str) -> None:
    assert read(f"{remark}\n\n{TITLE}").title == TITLE
    assert read(f"{TITLE}\n\n{remark}").title == TITLE


def test_the_name_of_the_site_above_its_navigation_is_no_title() -> None:
    document = read(f"Harbour Watch\nSkip to content\nOpen menu\n{TITLE}\n2023-10-17")
    assert document.title == TITLE
    assert rules(document)[0] == ("site name", "Harbour Watch")


def test_a_subtitle_between_dashes() -> None:
    document = read(f"{TITLE}\n\n- The two sides discussed A and B -")
    assert document.subtitle == "The two sides discussed A and B"
    assert [each.label for each in document.passages] == ["1", "2"]


def test_bylines_below_the_title() -> None:
    office, name = "Office of the Spokesperson", "Antony J. Blinken, Secretary of State"
    document = read(f"{TITLE}\n2022-03-16\n{office}\n{name}")
    assert document.byline == f"{office}; {name}"
    assert document.title == TITLE


def test_the_title_printed_again_is_dropped() -> None:
    document = read(f"{TITLE}\n\n2023-10-17\n\n{TITLE.upper()}")
    assert ("title again", TITLE.upper()) in rules(document)
    assert document.byline == ""


def test_without_a_title_the_first_sentence_serves() -> None:
    document = read("")
    assert (document.title, document.title_stated) == ("The two sides met in Seoul.", False)
    assert (document.posted, document.posted_from, document.events) == (None, "", ())
    assert rules(document) == []


def test_a_long_first_sentence_is_cut_at_a_word() -> None:
    document = read_document("a.txt", b"1. " + b"Amb. Kim met " * 20 + b"them.\n")
    assert document.title.endswith(" …")
    assert len(document.title) <= 122
    assert document.passages[0].text.startswith(document.title.removesuffix(" …"))


@pytest.mark.parametrize(
    ("name", "posted"),
    [
        ("year/2021-05-20_visit.txt", "2021-05-20"),
        ("2021-05-20.txt", "2021-05-20"),
        ("2021-13-20_visit.txt", "None"),
        ("2021-05-201.txt", "None"),
        ("2021-05-20/visit.txt", "None"),
        ("20210520-visit.txt", "2021-05-20"),
        ("5Oct2006 visit.txt", "2006-10-05"),
        ("visit_2021_05_20.txt", "None"),
        ("minutes 20 mai 2021.txt", "2021-05-20"),
        ("v1.2.21.txt", "None"),
        ("2021-05-20 to 2021-05-22.txt", "None"),
    ],
)
def test_the_date_of_a_file_name_is_the_last_resort(name: str, posted: str) -> None:
    document = read(TITLE, name)
    assert str(document.posted) == posted
    assert document.posted_from == ("" if posted == "None" else "file name")
    assert str(read(f"{TITLE}\n\n2023-10-17", name).posted) == "2023-10-17"


@pytest.mark.parametrize(
    "title",
    [
        "Minister Meets with Executives of Facebook and Twitter",
        "Minister Meets with the CEO of YouTube",
        "ROK, U.S. to Open Search for the Missing",
        "New Site Map of Joint Excavation Unveiled",
        "Back to School in Gaza",
        "Back to the Negotiating Table",
        "Copyright Agreement Signed with Viet Nam",
        "Ministry Adopts KOGL for Its Photographs",
        "외교부 로고 공모전 결과",
    ],
)
def test_a_title_above_a_date_block_is_never_furniture(title: str) -> None:
    document = read(f"Press Releases\n\n{title}\n\nDate\n2023-10-17\nhit\n33")
    assert (document.title, document.title_stated) == (title, True)


@pytest.mark.parametrize(
    "lead",
    [
        "The Minister returned today from his visit to the U.S.",
        "The Minister met the Premier on the morning of May 3 (Seoul time)",
        "The Minister said: “We shall meet again”",
    ],
)
def test_a_first_paragraph_is_no_byline(lead: str) -> None:
    document = read(f"{TITLE}\n\n2023-10-17\n\n{lead}")
    assert document.byline == ""
    assert document.passages[0].text == lead


def test_a_title_and_a_date_alone_keep_the_date() -> None:
    document = read_document("a.txt", f"{TITLE}\n\n2023-10-17\n".encode())
    assert [each.text for each in document.passages] == [TITLE]
    assert str(document.posted) == "2023-10-17"


def test_the_beginning_of_a_wrapped_paragraph_is_no_byline() -> None:
    text = (
        "Seizure of Four Boats\n\n5 May 2021\n\n"
        "The Harbour Police seized four boats on Sunday. Captain\n"
        "Rolf Ember said the boats had carried contraband tobacco from\nOstland.\n\n"
        "The boats lie in the north basin and will be sold in June.\n"
    )
    document = read_document("a.txt", text.encode())
    assert (document.title, str(document.posted)) == ("Seizure of Four Boats", "2021-05-05")
    words = " ".join(" ".join(each.text.split()) for each in document.passages)
    assert "seized four boats on Sunday. Captain Rolf Ember said" in words


@pytest.mark.parametrize(
    "line",
    ["Dravnik, 12 September 2022", "Adopted on 12 September 2022", "Port Velm, September 12, 2022",
     "Issued: 12 September 2022"],
)  # fmt: skip
def test_a_place_or_a_verb_may_stand_before_the_date(line: str) -> None:
    document = read_document("a.txt", f"Judgment of the River Court\n\n{line}\n\n{BODY}".encode())
    assert str(document.posted) == "2022-09-12"
    assert line not in [each.text for each in document.passages]


def test_a_title_that_names_a_place_and_a_day_stays_the_title() -> None:
    title = "Meeting of Ministers in Seoul, October 16, 2023"
    document = read_document("a.txt", f"{title}\n\n2023-10-17\n\n{BODY}".encode())
    assert (document.title, str(document.posted)) == (title, "2023-10-17")


def test_a_title_that_was_wrapped_is_on_one_line() -> None:
    title = "Foreign Minister Meets the Ambassador-at-large for Ports on the Sidelines of the Forum"
    body = "1. They met in Oslo and agreed on a number of things, all on ports and none on ships."
    for width in range(40, 70):
        wrapped = "\n\n".join("\n".join(textwrap.wrap(each, width)) for each in (title, body))
        document = read_document("a.txt", f"{wrapped}\n\n2. They left.\n".encode())
        assert document.title == title
        assert [each.label for each in document.passages] == ["1", "2"]


def test_who_issued_a_page_is_its_byline() -> None:
    page = "<h1>Talks in Oslo</h1><dl><dt>From:<dd>Maritime Office<dt>Published<dd>4 May 2023</dl>"
    document = read_document("a.html", f"<main>{page}<p>They met again in Oslo.</p>".encode())
    assert (document.byline, str(document.posted)) == ("Maritime Office", "2023-05-04")
    assert [each.text for each in document.passages] == ["They met again in Oslo."]


@pytest.mark.parametrize(
    "author",
    [
        "Office of the Spokesperson",
        "Anna B. Trussell, Deputy Secretary of State for Management and Resources",
        "Carl Diaz, Department Spokesperson",
    ],
)
def test_who_speaks_is_no_title(author: str) -> None:
    page = f"<p>{author}</p><p>New York, New York</p><p>They met. They agreed.</p>"
    document = read_document("a.html", page.encode())
    assert (document.title, document.title_stated) == ("They met.", False)
    assert document.byline == f"{author}; New York, New York"
    titled = read_document("a.txt", f"Talks in Oslo\n\n{author}\n\n{BODY}".encode())
    assert (titled.title, titled.title_stated) == ("Talks in Oslo", True)


@pytest.mark.parametrize(
    "title", ["Office of the Envoy Opens in Oslo Today", "Anna Trussell, Carl Diaz Meet in Oslo"]
)
def test_what_only_begins_with_a_name_is_a_title(title: str) -> None:
    assert read(title).title == title


def test_a_long_remark_in_brackets_is_a_paragraph() -> None:
    remark = f"({'Following the explosion at the port, the two sides agreed on ships. ' * 3})"
    assert remark in [
        each.text
        for each in read_document("a.txt", f"{TITLE}\n\n{remark}\n\n{BODY}".encode()).passages
    ]
    assert ("remark", "[Unofficial Translation]") in rules(
        read(f"{TITLE}\n\n[Unofficial Translation]")
    )


def test_a_sentence_that_begins_with_a_day_is_no_date_line() -> None:
    document = read_document(
        "a.txt", f"{TITLE}\n\nMay 5, 2023, Press Office opened in Oslo\n\n{BODY}".encode()
    )
    assert document.posted is None


@pytest.mark.parametrize(
    "text",
    [
        "A title\n\nby" + "\t" * 4_000 + "x" * 200,
        "Title x Date" + " " * 80_000 + "1. Abc went. 2. Def went.",
        "a" + " " * 80_000 + "b.",
        "By: " * 20_000 + "\t",
    ],
)
def test_no_text_takes_long(text: str) -> None:
    data = f"{text}\n\n{BODY}".encode()
    assert cpu_seconds(lambda: read_document("a.txt", data)) < 2


MINISTRY, OTHER = "Ministry of Foreign Affairs of Elbonia", "Minister Diaz Meets Governor Ember"


@pytest.mark.parametrize(
    "head",
    [
        [MINISTRY, OTHER, "2 May 2023"],
        [MINISTRY, "2 May 2023", OTHER],
        [MINISTRY.upper(), "PRESS RELEASE", "Oslo, 2 May 2023", OTHER],
        [MINISTRY, "Press release No. 12", OTHER, "2 May 2023"],
        [MINISTRY, "2 May 2023", "Press Release 12/2023", OTHER],
        ["FOR IMMEDIATE RELEASE", "2 May 2023", OTHER],
        ["FOR IMMEDIATE RELEASE: 2 May 2023", OTHER],
        ["EMBARGOED UNTIL 14:00 GMT", OTHER, "2 May 2023"],
        ["Embassy of Elbonia in Ostland", "Press Section", OTHER, "2 May 2023"],
        ["European External Action Service", OTHER, "Date: 2 May 2023"],
        ["외교부", "보도자료", OTHER, "2023. 5. 2."],
        ["2 May 2023", "Statement", OTHER],
        ["www.mfa.example", OTHER, "2 May 2023"],
        [
            "The White House",
            "Office of the Press Secretary",
            "For Immediate Release",
            "2 May 2023",
            OTHER,
        ],
        ["DEPARTMENT OF TRADE", "REPUBLIC OF ELBONIA", "MEDIA STATEMENT", "2 May 2023", OTHER],
        [
            "MISSION OF ELBONIA TO THE UNITED NATIONS",
            "OFFICE OF PRESS AND PUBLIC DIPLOMACY",
            "799 United Nations Plaza",
            "New York, N.Y. 10017",
            "FOR IMMEDIATE RELEASE",
            "2 May 2023",
            OTHER,
        ],
        ["Republic of Elbonia", "Board of Trade", "RESOLUTION", "of 02.05.2023", "No. 10", OTHER],
        ["United Nations", "CRC/C/GC/99", "Committee on Harbours", "2 May 2023", OTHER],
        ["DÉCRET No. 2023-17", "du 2 mai 2023", OTHER],
    ],
)  # fmt: skip
def test_a_letterhead_is_no_title(head: list[str]) -> None:
    document = read("\n\n".join(head))
    assert (document.title, str(document.posted)) == (OTHER, "2023-05-02")
    assert len(document.passages) == 2


@pytest.mark.parametrize(
    "title",
    [
        "Ministry of Foreign Affairs Summons Ambassador",
        "Ministry of Foreign Affairs of Elbonia holds talks",
        "Embassy of Elbonia Opens New Hall in Ostland",
        "Press Release: Talks in Oslo",
        "Statement by the Ministry of Foreign Affairs",
        "Department of State Briefing",
        "Joint Statement",
        "Ministry of Defence to Review Procurement",
        "Government of Elbonia to Support Ostland",
        "Embassy in Ostland to Reopen",
        "Mission to Mars",
        "Elbonia.com",
        "Embargo until peace talks resume",
        "Committee on Harbours Adopts Report",
        "Order and Peace",
    ],
)
def test_a_title_that_only_names_an_office_is_a_title(title: str) -> None:
    assert read(f"{title}\n\nDelegations Meet in Oslo\n\n2 May 2023").title == title


def test_a_title_below_a_letterhead_may_be_written_like_a_sentence() -> None:
    title = "Minister Diaz opens the new hall of ships in Oslo"
    assert read(f"{MINISTRY}\n\n{title}\n\n2 May 2023").title == title


def test_a_marked_title_is_no_letterhead_above_a_lower_heading() -> None:
    page = (
        "# Embassy of Japan in Seoul\n\n## Opening hours\n\nIt opens at nine. It closes at five.\n"
    )
    assert read_document("a.md", page.encode()).title == "Embassy of Japan in Seoul"


@pytest.mark.parametrize("line", ["Mr President", "Dear colleagues", "Excellencies,"])
def test_a_salutation_below_a_letterhead_is_no_title(line: str) -> None:
    assert (
        read(f"Statement\n\n{line}\n\nI thank you all. It is good to be here.").title == "Statement"
    )


def test_a_contact_above_the_title_is_no_title() -> None:
    contact = "Contact: Jane Doe, 202-555-0100"
    document = read(f"FOR IMMEDIATE RELEASE\n\n2 May 2023\n\n{contact}\n\n{OTHER}")
    assert (document.title, str(document.posted)) == (OTHER, "2023-05-02")


def test_what_is_planned_for_a_day_is_no_date_line() -> None:
    plans = "3 March 2023: press conference\n\n4 March 2023: visit to the office"
    document = read(f"Events This Week\n\n{plans}")
    assert document.posted is None
    assert [each.text for each in document.passages][:2] == plans.split("\n\n")


def test_an_office_above_no_title_is_the_title() -> None:
    assert read(f"{MINISTRY}\n\n2 May 2023").title == MINISTRY


def test_a_date_below_a_subtitle_is_the_posting_date() -> None:
    document = read(f"{OTHER}\n\nTalks on ships\n\n2 May 2023")
    assert (document.title, document.byline) == (OTHER, "Talks on ships")
    assert str(document.posted) == "2023-05-02"
    assert str(read(f"{OTHER}\n\nTalks on ships\n\nOslo, 2 May 2023").posted) == "2023-05-02"


def test_the_first_day_of_a_list_is_no_posting_date() -> None:
    document = read(f"{OTHER}\n\nOslo\n\n2 May 2023\n\nBergen\n\n3 May 2023")
    assert document.posted is None


@pytest.mark.parametrize(
    "behind",
    [" Office of the Spokesperson", " Press Office, Oslo", " | News Room", " - News release",
     " | Press Release No. 12", " Press Service of the MFA", ", by News Desk"],
)  # fmt: skip
def test_an_office_may_stand_behind_the_date(behind: str) -> None:
    document = read(f"{TITLE}\n\nMay 5, 2023{behind}")
    assert (str(document.posted), document.byline) == ("2023-05-05", "")


def test_a_long_remark_on_the_translation_hides_no_date() -> None:
    remark = f"[The following is a translation {'of the words of the minister ' * 3}]"
    assert str(read(f"{TITLE}\n\n{remark}\n\nMay 5, 2023").posted) == "2023-05-05"


def test_a_day_that_is_dotted_before_its_year_is_a_date_line() -> None:
    assert str(read(f"{TITLE}\n\nNov. 3.2021").posted) == "2021-11-03"


def test_a_date_of_publication_may_stand_below_the_first_paragraph() -> None:
    lines = [
        OTHER,
        "They met in Oslo today. They agreed.",
        "{}",
        "They will meet again. They left.",
    ]
    page = "\n\n".join(lines)
    published = read_document("a.txt", page.format("Published 3 March 2024").encode())
    assert (str(published.posted), published.posted_from) == ("2024-03-03", "date line")
    assert read_document("a.txt", page.format("Last updated 3 March 2024").encode()).posted is None


@pytest.mark.parametrize(
    ("line", "day", "place"),
    [
        ("26. Januar 2022", "2022-01-26", "date line"),
        ("Dienstag, 1. Februar 2022, 16.45 Uhr", "2022-02-01", "date line"),
        ("25 января 2022 года", "2022-01-25", "date line"),
        ("2022年1月25日", "2022-01-25", "date line"),
        ("Communiqué de presse du 25 janvier 2022", "2022-01-25", "date line"),
        ("Pressemitteilung Nr. 14 vom 25. Januar 2022", "2022-01-25", "date line"),
        ("Publicado el 25 de enero de 2022", "2022-01-25", "date block"),
        ("Filed: January 19, 2021", "2021-01-19", "date block"),
        ("発表日：2022年1月25日", "2022-01-25", "date block"),
        ("Berlin, den 25. Januar 2022", "2022-01-25", "place and date"),
        ("12 March 2024, Torvik City", "2024-03-12", "place and date"),
    ],
)
def test_date_lines_in_many_languages_above_and_below_a_title(
    line: str, day: str, place: str
) -> None:
    document = read(f"{OTHER}\n\n{line}")
    assert (document.title, str(document.posted)) == (OTHER, day)
    assert document.posted_from == place
    assert str(read(f"{line}\n\n{OTHER}\n\nTalks on ships").posted) in (day, "None")


@pytest.mark.parametrize(
    ("opening", "day"),
    [
        ("WASHINGTON, January 5, 2022 – The two sides met here.", "2022-01-05"),
        ("Pressemitteilung vom 25. Januar 2022 | Berlin – Die Seiten trafen sich.", "2022-01-25"),
        ("(21 November 2022) The two sides met here.", "2022-11-21"),
        ("On 3 May 2022 – a Tuesday – the two sides met here.", "None"),
        ("3 May 2022: the two sides met here.", "None"),
        ("They met on 3 May 2022 - again.", "None"),
    ],
)
def test_the_day_that_opens_the_first_paragraph(opening: str, day: str) -> None:
    document = read_document("a.txt", f"{OTHER}\n\n{opening}\n\n{BODY}".encode())
    assert str(document.posted) == day
    assert document.passages[0].text == opening


@pytest.mark.parametrize(
    "title",
    ["Board minutes, 14 May 2024", "Annual Report, 14 May 2024", "Bericht vom 14.5.2024 zur Lage"],
)
def test_a_title_with_a_day_is_no_place_with_one(title: str) -> None:
    document = read(title)
    assert (document.title, str(document.posted)) == (title, "2024-05-14")
    assert document.posted_from == "title"


def test_what_minutes_record_is_content() -> None:
    document = read_document(
        "a.txt",
        f"Minutes of the Board\n\n12 March 2024\n\nPresent: Marta Lindqvist\n\n"
        f"Apologies: Lars Brandvold\n\n{BODY}".encode(),
    )
    assert [each.text for each in document.passages][:2] == [
        "Present: Marta Lindqvist",
        "Apologies: Lars Brandvold",
    ]
    assert not any(each.heading or each.label == "byline" for each in document.passages)


def test_a_line_that_tells_something_is_no_byline() -> None:
    told = "The country avoided the fifth level last night, but it may be down the line"
    document = read_document("a.txt", f"{OTHER}\n\n2 May 2023\n\n{told}\n\n{BODY}".encode())
    assert document.byline == ""
    assert told in [each.text for each in document.passages] + [
        each.heading for each in document.passages
    ]


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Filed: January 19, 2021", "2021-01-19"),
        ("Argued April 22, 2013—Decided June 13, 2013", "2013-06-13"),
        ("Case 1:19-cv-00123 Document 45 Filed 01/09/21 Page 1 of 7", "2021-01-09"),
        ("Date of decision: 14 March 2019", "2019-03-14"),
        ("BESCHLUSS vom 22. April 2020", "2020-04-22"),
        ("Arrêt du 3 mai 2018", "2018-05-03"),
        ("Sentencia de 4 de julio de 2019", "2019-07-04"),
        ("FILED: HARBOUR COUNTY CLERK 03/17/2015 11:58 AM", "2015-03-17"),
        ("29 September 2011", "2011-09-29"),
        ("He was signed on March 3, 2019 and they left it at that", "None"),
    ],
)
def test_the_day_of_a_caption(line: str, day: str) -> None:
    above = "Lindqvist v. Harbour Board\n\nThe motion is denied. It has no ground."
    page = f"{above}\n\n{line}\n\nIt is so.\n"
    assert str(read_document("a.txt", page.encode()).posted) == day


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("minutes 4-6-16.txt", "2016-04-06"),
        ("4-26-16.txt", "2016-04-26"),
        ("5-6-16.txt", "None"),
        ("20240702.txt", "2024-07-02"),
        ("192.168.1.16.txt", "None"),
    ],
)
def test_the_day_of_a_short_file_name(name: str, day: str) -> None:
    page = b"Minutes\n\nThe board met on April 6, 2016 in Oslo. It agreed.\n"
    assert str(read_document(name, page).posted) == day


@pytest.mark.parametrize(
    "above",
    [
        "PRESS RELEASE\n\nNo. 12/2025\n3 March 2025",
        "MINISTRY OF TRADE\nPress release 12/2025\n3 March 2025",
        "Press Release No. 12/2025\n3 March 2025",
        "Ref: 12/B/2025\n3 March 2025",
    ],
)
def test_the_title_below_a_number_and_a_day_leads_numbered_paragraphs(above: str) -> None:
    document = read(f"{above}\n\nPort of Ralt reopens after the storm")
    assert document.title == "Port of Ralt reopens after the storm"
    assert str(document.posted) == "2025-03-03"


@pytest.mark.parametrize(
    "line",
    [
        "Company created on 4 May 1988",
        "Patent issued May 5, 1987",
        "Law as adopted 5 June 1953",
    ],
)
def test_the_day_of_something_in_the_text_is_not_the_documents(line: str) -> None:
    assert read(f"History of the harbour\n\n{line}").posted is None
