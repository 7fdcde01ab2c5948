import datetime
import re

import pytest
from conftest import cpu_seconds, read_document
from releases import releases
from rendering_html import RENDERERS
from test_corpus_collections import CORPORA, ideal, outline, real, rows
from test_corpus_readers import check

from corpus.document import Document
from corpus.errors import Unreadable
from corpus.metadata import Metadata
from corpus.readers import read_documents


def page(markup: str, name: str = "a.html") -> Document:
    document = read_document(name, markup.encode())
    check(document)
    return document


def passages(document: Document) -> list[tuple[str, str]]:
    return [(each.label, " ".join(each.text.split())) for each in document.passages]


def read(markup: str) -> list[tuple[str, str]]:
    return [(each.label, each.text) for each in page(markup).passages]


@pytest.mark.parametrize("template", RENDERERS)
def test_a_release_is_the_same_document_as_a_page(template: str) -> None:
    wrong = []
    for release in releases():
        made, text = page(RENDERERS[template](release)), release.document
        for name, one, other in (
            ("passages", passages(made), passages(text)),
            ("title", (made.title, made.title_stated), (text.title, text.title_stated)),
            ("posted", made.posted, text.posted),
        ):
            if one != other:
                wrong.append((release.name, name, one, other))
    assert wrong == []


@real
def test_a_seed_as_a_page_is_parsed_as_a_person_would() -> None:
    document = read_document("b.html", (CORPORA / "seed_variants" / "b.html").read_bytes())
    parse = ideal()["seeds/001_42ed6d72edbdcc67.txt"]
    assert [(each.label, each.text) for each in document.passages] == outline(parse)
    assert (document.title, document.title_stated) == (parse["title"], True)
    assert (document.board, str(document.posted)) == (parse["board"], parse["date_posted"])
    assert [str(day) for day in document.events] == ["2023-10-16"]


@real
def test_the_state_pages_have_the_passages_of_their_text() -> None:
    """The fragments hold neither title nor date: these are stated beside them."""
    known = same = extra = 0
    for row in list(rows("us_state"))[::4]:
        stated = Metadata(row["title"], datetime.date.fromisoformat(row["date"]), "manifest")
        raw, txt = CORPORA / "us_state" / row["raw"], CORPORA / "us_state" / row["file"]
        (document,) = read_documents(row["raw"], raw.read_bytes(), stated)
        left = [text for _, text in passages(read_document(row["file"], txt.read_bytes()))]
        known += len(left)
        for _, text in passages(document):
            if text in left:
                left.remove(text)
                same += 1
            else:
                extra += 1
        assert (document.title, str(document.posted)) == (row["title"], row["date"])
    assert same / known > 0.995
    assert extra / known < 0.005


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (
            "<p>One <b>is</b>n<i>’t</i> two.<p>Two\n  is.",
            [("¶1", "One isn’t two."), ("¶2", "Two is.")],
        ),
        ("<p>One&nbsp;is &amp; two.", [("¶1", "One\xa0is & two.")]),
        (
            "One is.<br><br>Two is.<BR/>\n<br />Three is.",
            [("¶1", "One is."), ("¶2", "Two is."), ("¶3", "Three is.")],
        ),
        (
            "<p>1. One is.<br>o Two is.<br>2. Three is.",
            [("1", "One is."), ("1 o 1", "Two is."), ("2", "Three is.")],
        ),
        (
            "<p>The ministers of the four countries met on<br>the island.",
            [("¶1", "The ministers of the four countries met on\nthe island.")],
        ),
        (
            "<div>One is.<div>Two is.</div>Three is.</div>",
            [("¶1", "One is."), ("¶2", "Two is."), ("¶3", "Three is.")],
        ),
        ("<p>He said <q>we agree</q>.", [("¶1", "He said “we agree”.")]),
        (
            "<p>One is<sup><a href='#n1'>1</a></sup> in m<sup>2</sup> on the 3<sup>rd</sup>.",
            [("¶1", "One is[1] in m2 on the 3rd.")],
        ),
        (
            "<p>The treaty<sup>1</sup> holds.<sup>2</sup> 5 km<sup>2</sup>, 10<sup>12</sup>.",
            [("¶1", "The treaty[1] holds.[2] 5 km2, 1012.")],
        ),
        ("<p>See note.<sup>1</sup></p><p>One is.</p>", [("¶1", "See note.[1]"), ("¶2", "One is.")]),
        ("<p>See <a>it<span class='x sr-only'> (a new window)</span></a>.", [("¶1", "See it.")]),
        ("<p>It is https://e.org/<wbr>a.", [("¶1", "It is https://e.org/a.")]),
        (
            "<p>It reads:<pre>if a:\n    b\n\n\nc</pre><p>So it ends.",
            [("¶1", "It reads:"), ("¶2", "if a:\n    b"), ("¶3", "c"), ("¶4", "So it ends.")],
        ),
        (
            "<blockquote><p>One is.</p></blockquote><figure><img><figcaption>Two is.</figure>",
            [("¶1", "One is."), ("¶2", "Two is.")],
        ),
    ],
)
def test_what_a_browser_sets_apart_is_a_paragraph(
    markup: str, expected: list[tuple[str, str]]
) -> None:
    assert read(markup) == expected


@pytest.mark.parametrize(
    ("markup", "labels"),
    [
        (
            "<ol><li>One is.<li>Two is.<ul><li>Three is.<ul><li>Four is.</ul></ul></ol>",
            ["1", "2", "2 • 1", "2 • 1 ◦ 1"],
        ),
        ("<ol start=4><li>One is.<li value=9>Two is.<li>Three is.</ol>", ["4", "9", "10"]),
        ("<ol reversed><li>One is.<li>Two is.</ol>", ["2", "1"]),
        (
            "<ol><li>One is.<ol><li>Two is.<li>Three is.</ol><li>Four is.</ol>",
            ["1", "1 (1)", "1 (2)", "2"],
        ),
        ("<ol start=x><li>1. One is.<li>2. Two is.</ol>", ["1", "2"]),
        ("<ol><li><p>One is.</p><p>Two is.</p></ol>", ["1", "1 ¶2"]),
        ("<ol><li><h3>Trade</h3><p>One is.</p></ol>", ["1"]),
        ("<p>1. One is.<ul><li>o Two is.<li>o Three is.</ul>", ["1", "1 o 1", "1 o 2"]),
        ("<p>One is.<ul><li><ul><li>Two is.</ul></ul>", ["¶1", "¶1 ◦ 1"]),
        ("<table><tr><td>1.<td>One is.<tr><td>2.<td>Two is.</table>", ["1", "2"]),
        ("<ol start=2><li><ul><li>One is.</ul></ol>", ["2 • 1"]),
    ],
)
def test_items_are_labelled_as_a_browser_numbers_them(markup: str, labels: list[str]) -> None:
    assert [label for label, _ in read(markup)] == labels


@pytest.mark.parametrize(
    ("kind", "number", "texts"),
    [
        ("a", 27, ["aa. One is."]),
        ("A", 3, ["C. One is."]),
        ("i", 4, ["iv. One is."]),
        ("I", 1999, ["MCMXCIX. One is."]),
        ("a", 0, ["0. One is."]),
        ("I", 4000, ["4000. One is."]),
    ],
)
def test_letters_and_roman_numbers_are_kept(kind: str, number: int, texts: list[str]) -> None:
    document = page(f"<ol type={kind} start={number}><li>One is.</ol>")
    assert [document.text] == texts


def test_a_row_is_a_line_unless_the_table_is_layout() -> None:
    assert read("<table><tr><th>Country<th>Minister<tr><td>Austria<td><p>A. Brown</table>") == [
        ("¶1", "Austria\tA. Brown"),
    ]
    layout = "<table><tr><td><p>One is.<p>Two is.<td>Three is.</table>"
    assert [text for _, text in read(layout)] == ["One is.", "Two is.", "Three is."]


def test_a_term_stands_before_its_definition() -> None:
    markup = "<dl><dt>GPS<dd>Global Pivotal State.<dt>DLC<dd>One is.<dd>Two is.</dl>"
    assert [text for _, text in read(markup)] == [
        "GPS\tGlobal Pivotal State.",
        "DLC\tOne is.",
        "Two is.",
    ]


def test_headings_are_headings_of_what_follows() -> None:
    document = page(
        "<h1>Talks</h1><p>One is.</p><h2>Trade</h2><p>Two is.<p><b>Aid</b><br>Three is."
    )
    assert document.title == "Talks"
    assert [each.heading for each in document.passages] == ["", "Trade", "Aid"]
    long = "<h1>Talks</h1><h2>" + "The two sides agreed on it. " * 12 + "</h2>"
    assert len(page(long).passages) == 1


SITE = [
    "<script>document.write('<p>No.')</script>",
    "<style>p { color: red }</style><noscript>No.</noscript><template><p>No.</template>",
    "<nav><ul><li>No.</ul></nav><aside><p>No.</aside><dialog open>No.</dialog>",
    "<header><a href=/>No.</a></header>",
    "<footer><p>No.</footer>",
    "<p hidden>No.<p aria-hidden=true>No.<p style='display: none'>No.",
    "<form><label>No.</label><input value=No><button>No.</button></form>",
    "<div class=cookie-consent><p>No. " + "We use them. " * 9 + "</div>",
    "<div id=shareBar><a href=#>No.</a></div><ol class=breadcrumb><li>No.</ol>",
    "<div role=navigation>No.</div><div role=contentinfo>No.</div>",
    "<ul><li><a href=/1>No.</a><li><a href=/2>No.</a> | <li><a href=/3>No.</a></ul>",
    "<section class='related'><h2>No.</h2><p><a href=/>No.</a> A teaser.</section>",
]


@pytest.mark.parametrize("part", SITE)
def test_the_parts_of_a_site_are_not_in_the_text(part: str) -> None:
    content = "<p>The two sides met in Seoul and agreed on trade.</p>" * 8
    assert page(f"<body>{part}{content}{part}").text.count("\n\n") == 7


@pytest.mark.parametrize("part", [part for part in SITE if part[:3] not in ("<sc", "<st")])
def test_what_holds_the_words_of_a_page_is_its_content(part: str) -> None:
    content = "The two sides met in Seoul and agreed on trade. " * 30
    tag, rest = part.split(">", 1)
    if "<template" not in part and "hidden" not in part:
        assert content.strip() in page(f"{tag}><p>{content}</p>{rest}").text


@pytest.mark.parametrize(
    "markup",
    [
        "<form id=aspnetForm><h1>Talks</h1><p>One is.</p></form>",
        "<body class='nav-open cookie'><h1>Talks</h1><p>One is.</p>",
        "<article><header><h1>Talks</h1></header><p>One is.</p></article>",
        "<header><h1>Talks</h1></header><p>One is.</p>",
        "<h1>Talks</h1><div class=entry-content><p>One is.</p></div><p>Tags</p>",
        "<div style='display:none'><h1>Talks</h1><p>One is.</p></div>",
        "<main><h1>Talks</h1><p>One is.<br aria-hidden=true><br></main>",
        "<h1>Talks</h1><section id=related-work><p>One is.</section><p>Two is. Three is.",
        "<h1>Talks</h1><div id=social-aid class=section><p>One is.</div><p>Two is. Three is.",
        "<h1>Talks</h1><p class=share>One is.<pre class=menu>Two is.</pre><p>Three is. Four is.",
    ],
)
def test_content_is_kept_whatever_it_stands_in(markup: str) -> None:
    document = page(markup)
    assert (document.title, document.passages[0].text) == ("Talks", "One is.")


@pytest.mark.parametrize("inner", ["main", "article", "div role=main", "div class=entry-content"])
def test_the_main_content_is_chosen(inner: str) -> None:
    content = "<h1>Talks</h1>" + "<p>The two sides met in Seoul and agreed on trade.</p>" * 9
    end = inner.split()[0]
    made = page(f"<div>Weather: rain.</div><{inner}>{content}</{end}><p>Read this next week.</p>")
    assert "Weather" not in made.text
    assert "week" not in made.text


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("<meta charset=euc-kr><p>양측은 합의하였다.".encode("cp949"), "양측은 합의하였다."),
        (
            "<?xml version='1.0' encoding='windows-1251'?><p>Стороны встретились.".encode("cp1251"),
            "Стороны встретились.",
        ),
        (
            b"<meta http-equiv=a content='text/html; charset=ISO-8859-1'><p>Caf\xe9 \x93is\x94.",
            "Café “is”.",
        ),
        ("<meta charset=euc-kr><p>° 양측은.".encode(), "° 양측은."),
        ("<p>양측은.".encode("utf-16"), "양측은."),
        ("\ufeff<meta charset=euc-kr><p>양측은.".encode(), "양측은."),
        ("<meta charset=nonsense><p>Café is.".encode("cp1252"), "Café is."),
        (b"<meta charset=rot13><p>One is.", "One is."),
    ],
)
def test_the_encoding_is_marked_declared_or_guessed(data: bytes, text: str) -> None:
    assert read_document("a.htm", data).text == text


def test_reading_is_repeatable() -> None:
    markup = RENDERERS["board"](releases()[0])
    assert page(markup) == page(markup)


def test_a_title_above_the_main_content_is_the_title() -> None:
    page = (
        b"<title>Pier News</title><header><h1>Pier Repairs Begin</h1></header><main>"
        b"<p>The pier is closed for repairs until June.</p>"
        b"<p>It cost <del>40</del> <ins>55</ins> crowns.</p></main>"
    )
    document = read_document("a.html", page)
    assert document.title == "Pier Repairs Begin"
    assert [each.text for each in document.passages] == [
        "The pier is closed for repairs until June.", "It cost 55 crowns.",
    ]  # fmt: skip


def test_links_behind_the_text_are_no_passages_but_can_be_seen() -> None:
    document = page(
        "<main><p>The two sides agreed to meet again in May.</p><p><a href=/t>Ports</a></p>"
        "<p><a href=/p>Privacy <b>policy</b></a> | <a href=/l>Legal notice</a></p>"
        "<p>© 2024 The Ministry</p></main>"
    )
    assert [each.label for each in document.passages] == ["¶1"]
    assert [(each.rule, each.span.of(document.text)) for each in document.dropped] == [
        ("links", "Ports"),
        ("links", "Privacy policy | Legal notice"),
        ("licence or image caption", "© 2024 The Ministry"),
    ]


@pytest.mark.parametrize(
    "markup",
    [
        "<p>Those were designated:</p><ul><li><a href=/a>Anna Trussell</a></ul>",
        "<p>Those joined:</p><p><a href=/n>Norway</a></p><p><a href=/s>Sweden</a></p>",
        "<p>They spoke.</p><p><a href=/d>Denmark signed the treaty on 5 May 2023.</a></p>",
        "<p>They spoke.</p><p><a href=/a>The first text</a></p><p>They left again.</p>",
        "<p>They spoke.</p><p>See the <a href=/a>joint statement</a></p>",
        f"<p>They spoke.</p><p><a href=/a>{'They agreed on a long list. ' * 5}</a></p>",
        "<p><a href=/a>Minister Meets Envoy</a></p><p><a href=/b>Envoy Meets Minister</a></p>",
    ],
)
def test_linked_words_of_the_text_stay(markup: str) -> None:
    assert not [each for each in page(f"<main>{markup}</main>").dropped if each.rule == "links"]


def test_a_typed_text_on_a_page_is_read_as_a_text() -> None:
    parts = ("Talks in Oslo", "Date 2023-05-04", "1. They met &amp; spoke.", "2. They left.")
    typed = "\r\n\r\n".join(parts)
    document = page(f"<body><a href=/>Home</a><pre>{typed}</pre><p>The office</p></body>")
    assert (document.title, str(document.posted)) == ("Talks in Oslo", "2023-05-04")
    assert passages(document) == [("1", "They met & spoke."), ("2", "They left.")]


def test_some_typed_lines_of_a_page_are_a_part_of_it() -> None:
    markup = "<p>They agreed on this table, and on nothing more:</p><pre>a  1\nb  2</pre>"
    assert read(markup)[1] == ("¶2", "a  1\nb  2")


def test_a_day_that_a_page_states_under_a_name_of_its_own() -> None:
    head = "<meta name='portal:first-published' content='2023-05-04T09:00Z'>"
    document = page(f"<head>{head}</head><p>They met in Oslo again.</p>")
    assert (str(document.posted), document.posted_from) == (
        "2023-05-04", "meta portal:first-published",
    )  # fmt: skip


def rows_of(table: str) -> list[tuple[str, str, str]]:
    """The passages of a page with this table, with the heads of their columns and what they stand
    under."""
    document = page(f"<h1>Aid</h1><p>What was paid out is below.<table>{table}</table>")
    return [(each.text, each.columns, each.heading) for each in document.passages[1:]]


def test_a_row_has_the_heads_of_its_columns() -> None:
    head = "<thead><tr><th>Land<th>2022<th>2023</thead>"
    assert rows_of(f"{head}<tr><th scope=row>Belmar<td>14<td>3<tr><td><td>6<td>") == [
        ("Belmar\t14\t3", "Land\t2022\t2023", ""),
        ("6", "2022", ""),
    ]


def test_a_head_that_is_not_marked_is_known_by_what_is_below_it_or_its_bold_type() -> None:
    table = "<tr><td>Land<td>2022<td>2023<tr><td>Belmar<td>14<td>3<tr><td>Sanesia<td>6<td>22"
    assert [columns for _, columns, _ in rows_of(table)] == ["Land\t2022\t2023"] * 2
    table = "<tr><td><b>Land</b><td><b>Minister</b><tr><td>Belmar<td>A. Kim"
    assert rows_of(table) == [("Belmar\tA. Kim", "Land\tMinister", "")]
    table = "<tr><td>Land<td>Minister<tr><td>Belmar<td>A. Kim"
    assert [columns for _, columns, _ in rows_of(table)] == ["", ""]


def test_heads_of_two_rows_name_a_column_together() -> None:
    head = "<tr><th rowspan=2>Land<th colspan=2>Aid<tr><th>paid<th>planned"
    assert rows_of(f"{head}<tr><td>Belmar<td>14<td>3<tr><td>Sanesia<td colspan=2>6") == [
        ("Belmar\t14\t3", "Land\tAid paid\tAid planned", ""),
        ("Sanesia\t6", "Land\tAid paid / Aid planned", ""),
    ]


def test_a_cell_that_spans_rows_and_a_row_across_stand_over_what_is_below() -> None:
    head = "<tr><th>Land<th>Year<th>Aid"
    table = "<tr><td rowspan=2>Belmar<td>2022<td>14<tr><td>2023<td>3<tr><td>Torvik<td>2022<td>9"
    assert rows_of(f"{head}<tr><td colspan=3>Europe{table}") == [
        ("Belmar\t2022\t14", "Land\tYear\tAid", "Europe"),
        ("2023\t3", "Year\tAid", "Europe · Land: Belmar"),
        ("Torvik\t2022\t9", "Land\tYear\tAid", "Europe"),
    ]


def test_a_row_across_with_a_figure_is_a_passage_too() -> None:
    table = "<tr><th>Land<th>Aid<tr><td colspan=2>In 2023<tr><td>A<td>1<tr><td>B<td>2<tr><td>C<td>3"
    assert [(text, under) for text, _, under in rows_of(table)] == [
        ("In 2023", ""), ("A\t1", "In 2023"), ("B\t2", "In 2023"), ("C\t3", "In 2023"),
    ]  # fmt: skip


def test_a_head_is_dropped_as_one_and_its_words_are_kept_outside() -> None:
    document = page("<p>It was paid.<table><tr><th>Land<th>Aid<tr><td>Belmar<td>14</table>")
    assert [each.rule for each in document.dropped] == ["column head"]
    assert "Land\tAid" in document.outside


def test_a_cell_of_several_short_lines_is_one_cell_where_the_table_has_a_head() -> None:
    table = "<tr><th>Land<th>Ports<tr><td>Belmar<td>North<br>South<tr><td>Torvik<td><p>East<p>West"
    assert [text for text, _, _ in rows_of(table)] == ["Belmar\tNorth South", "Torvik\tEast West"]
    prose = "<p>They met there and agreed on much, as was said." * 8
    found = rows_of(f"<tr><th>Land<th>Outcome<tr><td>Belmar<td>{prose}")
    assert found[-1][1:] == ("", "Belmar · Outcome")


def test_a_row_that_begins_with_a_number_or_ends_with_a_telephone_is_whole() -> None:
    table = "<tr><th>Rank<th>Land<th>Tel.<tr><td>1.<td>Belmar<td>Tel. 02-100-2000"
    assert rows_of(table) == [("1.\tBelmar\tTel. 02-100-2000", "Rank\tLand\tTel.", "")]


@pytest.mark.parametrize("cell", ["<td colspan=1000 rowspan=65534>", "<th colspan=1000>"])
def test_no_span_takes_long(cell: str) -> None:
    table = "<table>" + f"<tr>{(cell + 'a') * 20}<td>b<p>c" * 1_500 + "</table>"
    assert cpu_seconds(lambda: page(f"<p>They met.{table}")) < 10


SITE = (
    "<header><nav><a href=/>Home</a> <a href=/news>News</a></nav></header><main><article>"
    "<h1>Ministry on the harbour strike</h1>"
    "<p>The ministry said on Monday that the strike in the harbour of Bergen would end this week, "
    "after talks with both unions that had lasted for nine days and most of the nights.</p>"
    "<p>The minister thanked the mediators, who had come from Oslo, and promised them a report on "
    "the talks before the end of the year.</p>{}</article></main><footer>© Ministry</footer>"
)
FURNITURE = [
    "<div><a href=/t>Share on Trumpet</a> <a href=/m>Send by mail</a> <a href=/p>Print</a></div>",
    "<div class=more-stories><h3>More stories</h3><ul><li><a href=/1>Ferries late again</a></li>"
    "<li><a href=/2>Harbour to be dredged</a></li><li><a href=/3>New crane</a></li></ul></div>",
    "<ol class=commentlist><li class=comment><p>It will last until Christmas, I think.</p></li>"
    "<li class=comment><p>No, it will not, as everybody here knows by now.</p></li></ol>",
    "<section id=disqus_thread><p>It will last until Christmas, mark my words, all of you.</p>"
    "</section>",
]


@pytest.mark.parametrize("furniture", FURNITURE)
def test_furniture_around_a_text_is_no_passage_and_stays_searchable(furniture: str) -> None:
    document = page(SITE.format(furniture))
    assert document.title == "Ministry on the harbour strike"
    assert [each.text[:12] for each in document.passages] == ["The ministry", "The minister"]
    words = re.sub("<[^>]*>", " ", furniture).split()
    assert set(words) <= set(document.outside.split())


def test_a_page_of_comments_whose_text_a_script_loads_is_told_as_such() -> None:
    comments = "<li class=comment><p>It will last until Christmas, mark my words.</p>" * 9
    with pytest.raises(Unreadable, match="readers' comments, and not the text"):
        page(f"<h1>Strike</h1><div id=text></div><ol class=commentlist>{comments}</ol>")


@pytest.mark.parametrize("name", ["comments-closed", "comment-period", "request-for-comments"])
def test_a_page_about_comments_is_read(name: str) -> None:
    document = page(f"<h1>On comments</h1><div class={name}><p>They close today.</p></div>")
    assert [each.text for each in document.passages] == ["They close today."]


def test_what_is_for_those_who_run_no_script_is_read_where_nothing_else_is_there() -> None:
    assert read("<noscript><p>One is.</p></noscript>") == [("¶1", "One is.")]
    assert read("<p>Two is.</p><noscript><p>One is.</p></noscript>") == [("¶1", "Two is.")]


def test_reading_aids_and_soft_hyphens_are_not_shown() -> None:
    assert read("<p><ruby>子<rp>(</rp><rt>こ</rt><rp>)</rp></ruby>です。") == [("¶1", "子です。")]
    assert read("<p>The Welt&shy;bank met.") == [("¶1", "The Weltbank met.")]


def test_a_title_that_was_escaped_twice_is_read() -> None:
    document = page(
        "<head><meta property=og:title content='Trade &amp;amp; Ports'></head><p>It is."
    )
    assert document.title == "Trade & Ports"


def test_a_page_with_a_broken_byte_shows_it_and_is_read() -> None:
    (document,) = read_documents(
        "a.html", "<h1>Talks</h1><p>Genève met ".encode() + b"\xe9 today.<p>It is."
    )
    assert [each.text for each in document.passages] == ["Genève met \ufffd today.", "It is."]


def test_an_element_of_xhtml_that_ends_itself_holds_nothing() -> None:
    markup = "<?xml version='1.0'?><html><head><title/><script src='a.js'/></head><body><a id='x'/>"
    assert read(f"{markup}<p>One is.<br/></p><p>Two <img src='a'/>is.</p></body></html>") == [
        ("¶1", "One is."),
        ("¶2", "Two is."),
    ]


def test_a_number_that_is_set_apart_goes_with_its_words() -> None:
    item = "<li><div>{}</div><div>{}</div></li>"
    items = item.format(1, "cup brown sugar") + item.format("1/4", "cup butter")
    page = f"<h1>A cake of Oslo</h1><p>It is sweet.</p><ul>{items}</ul><p>Bake it.</p>"
    texts = [each.text for each in read_document("a.html", page.encode()).passages]
    assert texts[1:3] == ["1 cup brown sugar", "1/4 cup butter"]


def test_figures_that_are_further_definitions_stand_in_the_row_of_their_term() -> None:
    terms = "<dl><dt>Fat</dt><dd>5g</dd><dd>26%</dd><dt>Salt</dt><dd>1g</dd><dd></dd></dl>"
    page = f"<h1>A cake of Oslo</h1><p>It is sweet.</p>{terms}<p>Bake it.</p>"
    texts = [each.text for each in read_document("a.html", page.encode()).passages]
    assert texts[1:3] == ["Fat\t5g\t26%", "Salt\t1g"]


def test_a_formula_is_read_from_the_picture_that_shows_it() -> None:
    picture = r'<img class="mwe-math-fallback-image-inline" alt="{\displaystyle x_{1}}">'
    page = f"<h1>Sums</h1><p>The value {picture} is large.</p><p>A <img alt=dog> is here.</p>"
    texts = [each.text for each in read_document("a.html", page.encode()).passages]
    assert texts == ["The value x_{1} is large.", "A is here."]


@pytest.mark.parametrize(
    "directive", ['<?php $a = 1 > 0; echo "x"; ?>', '<%@ Page Language="C#" %>']
)
@pytest.mark.parametrize("name", ["a.php", "a.aspx", "a.html"])
def test_what_a_server_runs_is_no_text(directive: str, name: str) -> None:
    page = f"{directive}\n<!doctype html><html><body><h1>Port</h1><p>It is open.</p></body></html>"
    document = read_document(name, page.encode())
    assert (document.title, document.text) == ("Port", "Port\n\nIt is open.")


def test_a_heading_with_the_sites_name_in_the_window_is_the_title() -> None:
    page = (
        "<title>Oslo - Wikipedia</title><h1>Oslo</h1><div>From the free encyclopedia</div>"
        "<div>Jump to search</div><p>Oslo is a town. It has a port.</p>"
    )
    assert read_document("a.html", page.encode()).title == "Oslo"


def test_a_long_paragraph_takes_linear_time() -> None:
    page = f"<p>{'The two sides agreed on trade, and they met. ' * 20_000}</p>"
    assert cpu_seconds(lambda: read_document("a.html", page.encode())) < 8
