import pytest
from conftest import cpu_seconds, read_document

from corpus.document import Document

HEAD = "Outcome of ROK-U.S. Talks\n\n2023-10-17\n\n"
SIGNS = "° ◦ ○ ● ㅇ ᄋ • ▪ ■ □ ▶ ◆ · ❍ ➢ ∙ ⦁ - – — o O".split()


def read(body: str) -> Document:
    document = read_document("a.txt", (HEAD + body).encode())
    labels = [each.label for each in document.passages]
    assert len(set(labels)) == len(labels)
    for passage in document.passages:
        assert passage.text == passage.span.of(document.text) == passage.text.strip() != ""
    return document


def outline(body: str) -> list[tuple[str, str, int | None]]:
    return [(each.label, each.text, each.parent) for each in read(body).passages]


def rules(document: Document) -> list[tuple[str, str]]:
    dropped = [(each.rule, each.span.of(document.text)) for each in document.dropped]
    return [each for each in dropped if each[0] not in ("title", "date line")]


@pytest.mark.parametrize("sign", SIGNS)
def test_every_bullet_sign_of_the_offices(sign: str) -> None:
    assert outline(f"1. One.\n{sign} First.\n\n{sign}  Second.\n2. Two.\n\t{sign} Third.\n") == [
        ("1", "One.", None),
        (f"1 {sign} 1", "First.", 0),
        (f"1 {sign} 2", "Second.", 0),
        ("2", "Two.", None),
        (f"2 {sign} 1", "Third.", 3),
    ]


@pytest.mark.parametrize(("outer", "inner"), [("o", "-"), ("-", "o"), ("○", "▪")])
def test_two_levels_by_order_of_appearance(outer: str, inner: str) -> None:
    page = f"1. One.\n{outer} A is.\n{inner} B is.\n{inner} C is.\n{outer} D is.\n{inner} E is.\n"
    assert outline(page) == [
        ("1", "One.", None),
        (f"1 {outer} 1", "A is.", 0),
        (f"1 {outer} 1 {inner} 1", "B is.", 1),
        (f"1 {outer} 1 {inner} 2", "C is.", 1),
        (f"1 {outer} 2", "D is.", 0),
        (f"1 {outer} 2 {inner} 1", "E is.", 4),
    ]


def test_bullets_without_a_paragraph_above_them() -> None:
    assert outline("● A is.\n\n● B is.\n- C is.\n") == [
        ("● 1", "A is.", None),
        ("● 2", "B is.", None),
        ("● 2 - 1", "C is.", 1),
    ]


def test_a_number_printed_again() -> None:
    assert outline("1. A is.\n2. B is.\n2. C is.\n2. D is.\no E is.\n1. F is.\n") == [
        ("1", "A is.", None),
        ("2", "B is.", None),
        ("2 bis", "C is.", None),
        ("2 bis 2", "D is.", None),
        ("2 bis 2 o 1", "E is.", 3),
        ("1 bis", "F is.", None),
    ]


@pytest.mark.parametrize("number", ["1.", "1)", "１．", "01.", "1．"])
def test_the_forms_of_a_number(number: str) -> None:
    assert outline(f"{number} A is.\n") == [("1", "A is.", None)]


def test_numbers_in_brackets_stand_under_a_number() -> None:
    assert outline("1. A is.\n2. (1) B is.\n(2) C is.\no D is.\n3. E is.\n(1) F is.\n") == [
        ("1", "A is.", None),
        ("2 (1)", "B is.", None),
        ("2 (2)", "C is.", 1),
        ("2 (2) o 1", "D is.", 2),
        ("3", "E is.", None),
        ("3 (1)", "F is.", 4),
    ]


def test_three_levels_of_an_enumeration() -> None:
    page = "1. A is.\n(1) B is.\n(A) C is.\n(B) D is.\n(2) E is.\n(A) F is.\n- G is.\n2. H is.\n"
    assert outline(page) == [
        ("1", "A is.", None),
        ("1 (1)", "B is.", 0),
        ("1 (1) (A)", "C is.", 1),
        ("1 (1) (B)", "D is.", 1),
        ("1 (2)", "E is.", 0),
        ("1 (2) (A)", "F is.", 4),
        ("1 (2) (A) - 1", "G is.", 5),
        ("2", "H is.", None),
    ]


@pytest.mark.parametrize(("before", "behind"), [("(", ")"), ("", ")"), ("", ".")])
def test_letters_and_roman_numerals_under_a_paragraph(before: str, behind: str) -> None:
    a, b, i, ii = (f"{before}{each}{behind}" for each in ("a", "b", "i", "ii"))
    page = f"They agree:\n\n{a} A is.\n\n{i} B is.\n\n{ii} C is.\n\n{b} D is.\n\nThe end is.\n"
    assert outline(page) == [
        ("¶1", "They agree:", None),
        (f"¶1 {a}", "A is.", 0),
        (f"¶1 {a} {i}", "B is.", 1),
        (f"¶1 {a} {ii}", "C is.", 1),
        (f"¶1 {b}", "D is.", 0),
        ("¶2", "The end is.", None),
    ]


def test_the_ninth_letter_is_no_roman_numeral() -> None:
    page = "1. A is.\n" + "".join(f"({letter}) B is.\n" for letter in "abcdefghij")
    assert [label for label, _, _ in outline(page)][-3:] == ["1 (h)", "1 (i)", "1 (j)"]


@pytest.mark.parametrize(
    "line", ["(U) The Ambassador met.", "(c) They met.", "(more) They met.", "A. Blinken met."]
)
def test_what_follows_nothing_of_an_enumeration_is_text(line: str) -> None:
    assert outline(f"1. A is.\n{line}\n")[1] == ("1 ¶2", line, 0)


def test_numbers_in_brackets_alone_are_paragraphs_side_by_side() -> None:
    assert outline("(1) A is.\n\n(2) B is.\n\n(3) C is.\n") == [
        ("(1)", "A is.", None),
        ("(2)", "B is.", None),
        ("(3)", "C is.", None),
    ]


def test_a_number_on_its_own_line() -> None:
    assert outline("1.\nA is.\n\n2.\n\n\nB is.\n") == [("1", "A is.", None), ("2", "B is.", None)]


def test_two_numbers_on_their_own_line() -> None:
    assert outline("1. A is.\n\n2. (1)\nB is.\n\n(2)\nC is.\n") == [
        ("1", "A is.", None),
        ("2 (1)", "B is.", None),
        ("2 (2)", "C is.", 1),
    ]


def test_a_number_whose_text_is_missing_takes_no_other_number() -> None:
    assert outline("1.\n\n2. B is.\n") == [("2", "B is.", None)]
    assert outline("1. A is.\n\n2.\n\n3.\n\nC is.\n")[-1] == ("3", "C is.", None)


def test_a_bullet_after_a_lone_number_is_its_bullet() -> None:
    assert [label for label, text, _ in outline("1.\n\no A is.\no B is.\n") if text == "B is."] == [
        "1 o 2"
    ]


def test_an_unnumbered_paragraph_continues_the_number_above() -> None:
    assert outline("1. A is.\nB is.\n° C is.\n\nD is.\n° E is.\n2. F is.\n") == [
        ("1", "A is.", None),
        ("1 ¶2", "B is.", 0),
        ("1 ° 1", "C is.", 0),
        ("1 ¶3", "D is.", 0),
        ("1 ° 2", "E is.", 0),
        ("2", "F is.", None),
    ]


def test_paragraphs_without_any_sign_are_counted() -> None:
    assert outline("A is.\n\nB is.\n- C is.\n\nD is.\n") == [
        ("¶1", "A is.", None),
        ("¶2", "B is.", None),
        ("¶2 - 1", "C is.", 1),
        ("¶3", "D is.", None),
    ]


def test_notes_belong_to_what_stands_above_them() -> None:
    assert outline("1. A is.\n* B is.\n* C is.\n2. D is.\no E is.\n* F is.\n※ G is.\n※H.\n") == [
        ("1", "A is.", None),
        ("1 * 1", "B is.", 0),
        ("1 * 2", "C is.", 0),
        ("2", "D is.", None),
        ("2 o 1", "E is.", 3),
        ("2 o 1 * 1", "F is.", 4),
        ("2 o 1 ※ 1", "G is.", 4),
        ("2 o 1 ※ 2", "H.", 4),
    ]


def test_stars_without_anything_above_them_stand_side_by_side() -> None:
    assert outline("* A is.\n* B is.\n* C is.\n") == [
        ("* 1", "A is.", None),
        ("* 2", "B is.", None),
        ("* 3", "C is.", None),
    ]


@pytest.mark.parametrize("line", ["1.5 million fled.", "1.13.(월) It was.", "2024. It was."])
def test_a_number_that_is_no_label_is_text(line: str) -> None:
    assert outline(f"1. A is.\n\n{line}\n") == [("1", "A is.", None), ("1 ¶2", line, 0)]


@pytest.mark.parametrize("mark", [" /END/", "/end/", "\n/END/", " * unofficial translation"])
def test_an_end_mark_is_dropped_and_recorded(mark: str) -> None:
    document = read(f"1. A is.\n2. B is.{mark}\n")
    assert [each.text for each in document.passages] == ["A is.", "B is."]
    assert rules(document) == [
        ("end or translation mark", mark if not mark.startswith("\n") else mark[1:])
    ]


def test_two_end_marks_behind_the_last_sentence() -> None:
    assert outline("1. A is.\n2. B is. * unofficial translation /END/\n")[-1][1] == "B is."


def test_an_end_mark_inside_a_sentence_is_text() -> None:
    assert outline("1. They met to /end/ it all.\n")[0][1] == "They met to /end/ it all."


def test_the_signature_of_an_office() -> None:
    office = "Spokesperson and Deputy Minister for Public Relations of MOFA"
    document = read(f"1. A is.\n\n2. B is.\n\n                {office}\n\n/END/\n")
    assert [each.label for each in document.passages] == ["1", "2"]
    assert rules(document) == [("signature", office), ("end or translation mark", "/END/")]


def test_an_indented_block_with_a_label_is_no_signature() -> None:
    page = "1. A is.\n\n\t2. The Ministry sent a team to Sudan\n\n\to The Department sent aid\n"
    assert outline(page) == [
        ("1", "A is.", None),
        ("2", "The Ministry sent a team to Sudan", None),
        ("2 o 1", "The Department sent aid", 1),
    ]


def test_a_block_of_contacts() -> None:
    document = read(
        "A is.\n\nB is.\n\nPeter Stano\nLead Spokesperson\n+32 (0)460 75 45 53\nps@ec.europa.eu\n\n"
        "For media inquiries, please contact ClimateComms@state.gov.\n"
    )
    assert [each.text for each in document.passages] == ["A is.", "B is."]
    assert [rule for rule, _ in rules(document)] == ["contact"] * 5


def test_a_paragraph_beside_an_address_is_kept() -> None:
    page = "A is.\n\nThe hotline was opened.\n+82-2-3210-0404\n"
    assert [text for _, text, _ in outline(page)] == ["A is.", "The hotline was opened."]


def test_the_licence_at_the_end() -> None:
    document = read("1. A is.\n\n1.13.(월).jpg 이미지입니다.\n공공누리 제4유형\n© 2023 MOFA\n")
    assert [each.label for each in document.passages] == ["1"]
    assert [rule for rule, _ in rules(document)] == ["licence or image caption"] * 3


def test_a_source_at_the_end() -> None:
    document = read("1. A is.\n\nSource: https://e.org/a\n\nLink: https://e.org/b\n")
    assert document.source == "https://e.org/a"
    assert [each.label for each in document.passages] == ["1"]


def test_turns_of_a_transcript_stand_under_the_question() -> None:
    document = read(
        "MR PRICE: Good afternoon.\n\nQUESTION: What did they agree?\n\nMR PRICE:\xa0 Much.\n\n"
        "And more.\n\nQUESTION: Who?\n\nMINISTER LE DRIAN (interpreted): We.\n"
    )
    assert [(each.label, each.speaker, each.parent) for each in document.passages] == [
        ("¶1", "MR PRICE", None),
        ("¶2", "QUESTION", None),
        ("¶3", "MR PRICE", 1),
        ("¶4", "MR PRICE", 1),
        ("¶5", "QUESTION", None),
        ("¶6", "MINISTER LE DRIAN", 4),
    ]
    assert document.passages[2].text == "MR PRICE:\xa0 Much."


def test_a_bare_q_is_a_turn_of_the_press() -> None:
    document = read("Q\xa0\xa0 Sir, when?\n\nTHE PRESIDENT: Soon.\n\nQ\xa0\xa0 Why?\n\nBecause.\n")
    assert [(each.speaker, each.parent) for each in document.passages] == [
        ("Q", None),
        ("THE PRESIDENT", 0),
        ("Q", None),
        ("Q", None),
    ]


@pytest.mark.parametrize(
    "line", ["The two sides: they met.", "Amb. Kim: he met.", "At 9:00 it was."]
)
def test_a_colon_alone_makes_no_speaker(line: str) -> None:
    assert [each.speaker for each in read(f"A is.\n\n{line}\n").passages] == ["", ""]


def test_headings_are_context_and_no_passages() -> None:
    document = read("1. A is.\n\nMeasures on Trade\n\nB is.\n\nC is.\n\nHUMAN RIGHTS\n\n1. D is.\n")
    assert [(each.label, each.text, each.heading) for each in document.passages] == [
        ("1", "A is.", ""),
        ("¶1", "B is.", "Measures on Trade"),
        ("¶2", "C is.", "Measures on Trade"),
        ("1 bis", "D is.", "HUMAN RIGHTS"),
    ]
    assert rules(document) == [("heading", "Measures on Trade"), ("heading", "HUMAN RIGHTS")]


def test_a_short_last_line_is_no_heading() -> None:
    assert [text for _, text, _ in outline("A is.\n\nB is.\n\nA last word\n")][-1] == "A last word"


def test_a_very_long_paragraph_is_cut_between_its_sentences() -> None:
    sentence = "The two sides agreed on a word. "
    texts = [text for _, text, _ in outline(sentence * 300 + "\n\nThe end is.\n")]
    assert texts[-1] == "The end is."
    assert " ".join(texts[:-1]) == (sentence * 300).strip()
    assert all(len(text) <= 1200 and text.endswith("word.") for text in texts[:-1])
    assert len(texts) == 10  # 37 sentences of 32 characters fit into 1200


@pytest.mark.parametrize("words", ["and the port " * 3_000, "ab" * 10_000, "a" + " " * 9_000 + "b"])
def test_a_sentence_that_is_longer_than_any_paragraph_is_cut(words: str) -> None:
    texts = [text for _, text, _ in outline(f"They met. {words}.\n\nThe end is.\n")]
    assert max(map(len, texts)) <= 4_000
    assert "".join("".join(texts).split()) == "".join(f"They met. {words}. The end is.".split())


def test_a_paragraph_of_ordinary_length_is_one_passage() -> None:
    text = ("The two sides agreed on a word. " * 100).strip()
    assert outline(text + "\n\nThe end is.\n")[0] == ("¶1", text, None)


@pytest.mark.parametrize("item", ["to support solutions for the ocean; and", "to end the plan, or"])
def test_an_item_of_a_running_list_is_no_heading(item: str) -> None:
    page = f"They agreed on the following.\n\n{item}\n\nto stop the trade.\n"
    assert [text for _, text, _ in outline(page)][1] == item


@pytest.mark.parametrize("words", ["In 2018 they left it. In 2019 —", "So as soon as we have –"])
def test_interrupted_words_of_a_transcript_are_no_heading(words: str) -> None:
    page = f"MR PRICE: They agreed.\n\n{words}\n\nQUESTION: Who agreed?\n"
    assert [text for _, text, _ in outline(page)][1] == words


def test_an_enumeration_that_begins_again_stands_beside_the_first() -> None:
    page = "1. A is.\n(a) B is.\n(b) C is.\n(a) D is.\n(b) E is.\n"
    assert [(label, parent) for label, _, parent in outline(page)] == [
        ("1", None), ("1 (a)", 0), ("1 (b)", 0), ("1 (a) bis", 0), ("1 (b) bis", 0),
    ]  # fmt: skip


def test_letters_below_roman_numerals_and_numbers_below_letters() -> None:
    page = (
        "1. A is.\n(i) B is.\n(a) C is.\n(1) D is.\n(2) E is.\n(b) F is.\n(ii) G is.\n(a) H is.\n"
    )
    assert [label for label, _, _ in outline(page)] == [
        "1", "1 (i)", "1 (i) (a)", "1 (i) (a) (1)", "1 (i) (a) (2)", "1 (i) (b)", "1 (ii)",
        "1 (ii) (a)",
    ]  # fmt: skip


def test_a_bullet_is_no_letter() -> None:
    page = "1. A is.\no B is:\n(a) C is.\n(b) D is.\no E is.\n(a) F is.\n2. G is.\n"
    assert [label for label, _, _ in outline(page)] == [
        "1", "1 o 1", "1 o 1 (a)", "1 o 1 (b)", "1 o 2", "1 o 2 (a)", "2",
    ]  # fmt: skip


def test_a_paragraph_interrupts_an_enumeration_and_does_not_end_it() -> None:
    assert outline("1. A is.\n(a) B is.\nC is.\n(b) D is.\n2. E is.\n(b) F is.\n") == [
        ("1", "A is.", None),
        ("1 (a)", "B is.", 0),
        ("1 ¶2", "C is.", 0),
        ("1 (b)", "D is.", 0),
        ("2", "E is.", None),
        ("2 ¶2", "(b) F is.", 4),
    ]


@pytest.mark.parametrize("line", ["a. m. was the hour.", "i. e. they did not agree."])
def test_an_abbreviation_is_no_item(line: str) -> None:
    assert outline(f"1. A is.\n{line}\n")[1] == ("1 ¶2", line, 0)


@pytest.mark.parametrize("items", ["(a) x\n", "i. x\nii. y\n", "(i) x\n(a) y\n(1) z\n- w\n"])
def test_no_enumeration_is_deeper_than_its_styles(items: str) -> None:
    labels: list[str] = []
    text = "1. A is.\n" + items * 5_000
    assert cpu_seconds(lambda: labels.extend(label for label, _, _ in outline(text))) < 5
    assert max(map(len, labels)) < 40


def test_links_below_a_heading_are_content_but_not_below_one_that_leads_on() -> None:
    def texts(heading: str) -> list[str]:
        named = ("Agreement on Fishing Rights", "Agreement on Grain")
        links = "".join(f"<p><a href=x>{each}</a></p>" for each in named)
        page = f"<h1>Talks in Oslo</h1><p>They met. They agreed.</p><h2>{heading}</h2>{links}"
        return [each.text for each in read_document("a.html", page.encode()).passages][1:]

    assert texts("Agreements Signed") == ["Agreement on Fishing Rights", "Agreement on Grain"]
    assert texts("Related Agreements Signed") == texts("Agreements Signed")
    assert texts("Related Documents") == texts("Read more") == texts("Quick links") == []


def test_numbers_of_several_levels_are_labels_where_they_count_on() -> None:
    assert outline(
        "1 Shipping lanes\n\n1.1 Lane north\n\nIt opens in May.\n\n1.2 Lane south\n\n"
        "It stays closed.\n\n2. Ports\n\n2.1. Harbour dues\n\n3.5 Million kroner were paid.\n"
    ) == [
        ("1", "Shipping lanes", None),
        ("1.1", "Lane north", 0),
        ("1.1 ¶2", "It opens in May.", 1),
        ("1.2", "Lane south", 0),
        ("1.2 ¶2", "It stays closed.", 3),
        ("2", "Ports", None),
        ("2.1", "Harbour dues", 5),
        ("2.1 ¶2", "3.5 Million kroner were paid.", 6),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "26. Januar ist der Tag, an dem der Hafen öffnet.",
        "3. März wird der neue Tag der Häfen.",
        "14. 01. 2020 wurde der Hafen geschlossen.",
        "1. 13.(월) 장관은 대사를 접견하였다.",
        "1.13.(월) 장관은 대사를 접견하였다.",
        "2.5 Million kroner were paid.",
    ],
)
def test_a_day_or_figure_at_a_lines_beginning_is_no_number(line: str) -> None:
    assert outline(f"They met in Oslo.\n\n{line}\n") == [
        ("¶1", "They met in Oslo.", None),
        ("¶2", line, None),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "人人生而自由，在尊严和权利上一律平等",
        "すべての人間は生れながらにして自由でありかつ尊厳と権利とについて平等である",
        "모든 사람은 태어날 때부터 자유롭고 존엄하다. 양측은 이를 확인하였다",
        "1 Year Ticket 404 kroner 538 kroner",
        "Norway 12.5 % 13.1 %",
        "Apologies: Lars Brandvold",
        "Er sagte: „Der Hafen bleibt offen.“",
        "Quorum (members): nine",
    ],
)
def test_a_sentence_a_row_or_a_record_is_no_heading(line: str) -> None:
    document = read(f"They met in Oslo.\n\n{line}\n\nThey agreed to meet again in Bergen.\n")
    assert [each.text for each in document.passages][1] == line
    assert not any(each.heading for each in document.passages)


@pytest.mark.parametrize("line", ["Articles 5 and 6", "Budget 2022 2023", "新闻发布会", "Phase 2"])
def test_a_short_line_above_a_paragraph_stays_a_heading(line: str) -> None:
    document = read(f"They met in Oslo.\n\n{line}\n\nThey agreed to meet again in Bergen.\n")
    assert document.passages[-1].heading == line


@pytest.mark.parametrize(
    "line", ["24%", "1 cup packed brown sugar", "$5,080 and over", "100 µm", "1/4", "a = b + c"]
)
def test_a_quantity_or_formula_is_no_heading(line: str) -> None:
    document = read(f"They met in Oslo.\n\n{line}\n\nThey agreed to meet again in Bergen.\n")
    assert [each.text for each in document.passages][1] == line
    assert not any(each.heading for each in document.passages)


@pytest.mark.parametrize(
    "line",
    [
        "Carol Spahn, Nominee for Director of the Harbour Board",
        "$171 Million in Humanitarian Assistance",
        "March 11, 2021",
        "The remarks will be streamed on the ministry’s page",
    ],
)
def test_a_heading_that_tells_something_is_a_passage_too(line: str) -> None:
    document = read(f"They met in Oslo.\n\n{line}\n\nThey agreed to meet again in Bergen.\n")
    assert [(each.text, each.heading) for each in document.passages] == [
        ("They met in Oslo.", ""),
        (line, ""),
        ("They agreed to meet again in Bergen.", line),
    ]


def test_a_marked_quantity_heads_what_follows() -> None:
    page = "## Prices\n\nThey are monthly.\n\n## 3 bedrooms\n\nIt costs 900.\n"
    document = read_document("a.md", page.encode())
    headings = [(each.text, each.heading) for each in document.passages]
    assert headings[-2:] == [("3 bedrooms", ""), ("It costs 900.", "3 bedrooms")]


def test_what_stands_between_numbered_labels_is_no_heading() -> None:
    page = (
        "5. Relevant policies\n\nNone\n\n6. Who should know\n\nThe Board\n\n7. Contact\n\nX is.\n"
    )
    texts = [text for _, text, _ in outline(f"They met.\n\n{page}")]
    assert {"None", "The Board"} <= set(texts)


def test_a_paragraph_that_is_marked_as_a_heading_is_a_passage() -> None:
    words = "The office reviews each request. " * 6
    page = f"<h1>Requests</h1><p>They met.</p><h2>2. {words}</h2><p>They left.</p>"
    document = read_document("a.html", page.encode())
    assert words.strip() in [each.text for each in document.passages]


def test_spaced_capitals_are_no_list_item() -> None:
    assert "O R D E R" in read("They met.\n\nO R D E R\n\nThe motion is denied.\n").text
    document = read_document("a.txt", b"O R D E R\n\nThe motion is denied.\n")
    assert document.title == "O R D E R"


def test_many_outlined_paragraphs_take_linear_time() -> None:
    page = "".join(f"{n // 90 + 1}.{n % 90 + 1} Item is.\n\n" for n in range(20_000))
    assert cpu_seconds(lambda: read_document("a.txt", page.encode())) < 10
