import json

import pytest
from conftest import read_document

from corpus.document import Document


def head(*elements: str, body: str = "<h1>Talks on Trade</h1><p>One is.") -> Document:
    markup = f"<head>{''.join(elements)}</head><body>{body}"
    return read_document("a.html", markup.encode())


def ld(**facts: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(facts)}</script>'


@pytest.mark.parametrize(
    ("element", "posted", "place"),
    [
        (
            ld(**{"@type": "NewsArticle", "datePublished": "2023-10-17T23:30:00-05:00"}),
            "2023-10-17",
            "JSON-LD",
        ),
        (
            ld(
                **{
                    "@graph": [
                        {"@type": "Person"},
                        {"@type": ["WebPage"], "datePublished": "2023-10-17"},
                    ]
                }
            ),
            "2023-10-17",
            "JSON-LD",
        ),
        (
            "<meta property=article:published_time content='2023-10-17T00:00:00Z'>",
            "2023-10-17",
            "meta article:published_time",
        ),
        ("<meta name=DC.date.issued content=2023-10-17>", "2023-10-17", "meta dc.date.issued"),
        ("<meta name=date content=2023-10-17>", "2023-10-17", "meta date"),
        ("<meta name=date content=10/17/2023>", "2023-10-17", "meta date"),
        ("<meta name=date content=04/05/2023>", "None", ""),
        ("<meta name=date content='17. Oktober 2023, 10:00'>", "2023-10-17", "meta date"),
        ("<meta name=date content=1970-01-01>", "None", ""),
        (
            "<meta property=og:updated_time content=2023-10-17>",
            "2023-10-17",
            "meta og:updated_time",
        ),
        (
            "<meta name=acme:publicationdate content=2023-10-17>",
            "2023-10-17",
            "meta acme:publicationdate",
        ),
        ('<script>{"publishedAt": "2023-10-17T10:00"}</script>', "2023-10-17", "script"),
        ("<link rel=canonical href=https://e.org/2023/10/17/talks>", "2023-10-17", "address"),
        ("<link rel=canonical href=https://e.org/news/17-10-2023>", "2023-10-17", "address"),
        ("<meta name=date content=2023-02-30>", "None", ""),
        ("<meta name=date content=0001-01-01T00:00:00>", "None", ""),
        ("<meta name=date content=9999-12-31>", "None", ""),
        ("<meta name=date content=20231017>", "2023-10-17", "meta date"),
        (
            '<script type="application/ld+json">{"@type": "Article", "datePublished": </script>',
            "None",
            "",
        ),
        (ld(**{"@type": "Article", "datePublished": ["2023-10-17"]}), "None", ""),
        (ld(**{"@type": "Event", "datePublished": "2023-10-17"}), "2023-10-17", "script"),
    ],
)
def test_the_posted_day_is_stated_as_it_is_written(element: str, posted: str, place: str) -> None:
    document = head(element)
    assert (str(document.posted), document.posted_from) == (posted, place)


def test_a_time_element_is_a_posted_day_only_when_it_says_so() -> None:
    body = "<h1>Talks</h1><p>They meet on <time {} datetime=2023-10-17>Tuesday</time>."
    assert head(body=body.format("")).posted is None
    for mark in ("pubdate", "itemprop=datePublished", "class='entry published'"):
        assert str(head(body=body.format(mark)).posted) == "2023-10-17"


TEXT = "<p>One is agreed upon by all of the two sides who met." * 12


@pytest.mark.parametrize(
    "body",
    [
        "<time datetime=2023-10-17>17. Oktober 2023</time><h1>Talks</h1>{}",
        "<h1>Talks</h1><span class=entry-date>17 octobre 2023</span>{}",
        "<h1>Talks</h1><div class=meta>Von Ada Berg | 17.10.23</div>"
        "<div class=post-date>17.10.23</div>{}",
        "<h1>Talks</h1><div>Publicado el 17/10/2023 a las 22h03</div>{}",
        "<h1>Talks</h1>{}<p>Erstellt am: 17.10.2023</p>",
        "<div class=date>Montag, 3. Januar 2022</div><nav>{}</nav><h1>Talks</h1>"
        "<p class=date>17. Oktober 2023</p>{}",
        "<h1>Talks</h1><p>Updated: 19 October 2023</p><p>Published: 17 October 2023</p>{}",
        "<h1>Talks</h1><p>Valid since 3 May 2021</p><p>17 October 2023</p>{}",
        "<h1>Talks</h1><aside><span class=date>17.10.2023</span></aside>{}",
        "<h1>Talks</h1>{}<div class=comments><time datetime=2023-11-01>1. November 2023</time>"
        "</div><p>Geschrieben von Ada Berg am 17. Oktober 2023</p>",
    ],
)
def test_the_day_by_the_heading_dates_a_page_that_does_not_state_it(body: str) -> None:
    page = f"<html lang=es><body>{body.replace('{}', TEXT)}"
    document = read_document("a.html", page.encode())
    assert str(document.posted) == "2023-10-17", document.posted_from


def test_a_day_in_universal_time_yields_to_the_printed_one_beside_it() -> None:
    stated = "<meta property=article:published_time content=2023-10-18T03:30:00Z>"
    printed = "<h1>Talks</h1><time datetime=2023-10-{0}>October {0}, 2023</time>" + TEXT
    assert str(head(stated, body=printed.format(17)).posted) == "2023-10-17"
    assert str(head(stated, body=printed.format(15)).posted) == "2023-10-18"


@pytest.mark.parametrize(
    ("elements", "title"),
    [
        (["<meta property=og:title content='Talks on Trade - The Ministry'>"], "Talks on Trade"),
        (
            [
                "<meta property=og:title content='The Ministry'>",
                "<meta property=og:site_name content='The Ministry'>",
            ],
            "Talks on Trade",
        ),
        ([ld(**{"@type": "Article", "headline": "TALKS ON TRADE"})], "Talks on Trade"),
        ([ld(**{"@type": "Article", "headline": "Ministers Agree"})], "Ministers Agree"),
        (
            [
                "<meta property=og:title content='Ministers Agree | MoT'>",
                "<meta property=og:site_name content=MoT>",
            ],
            "Ministers Agree",
        ),
        (["<title>Another Name of the Page</title>"], "Talks on Trade"),
    ],
)
def test_a_stated_title_is_no_worse_than_the_printed_one(elements: list[str], title: str) -> None:
    assert head(*elements).title == title


def test_the_window_title_is_the_last_resort() -> None:
    stated = "<title>Ministers of Four Countries Agree on Trade | MoT</title>"
    assert head(stated, body="<p>One is.").title == "Ministers of Four Countries Agree on Trade"
    assert not head("<title>Document1</title>", body="<p>One is.").title_stated


@pytest.mark.parametrize(
    ("elements", "source"),
    [
        (["<link rel=canonical href=https://e.org/a>"], "https://e.org/a"),
        (["<meta property=og:url content=https://e.org/a>"], "https://e.org/a"),
        (
            [ld(**{"@type": "Article", "mainEntityOfPage": {"@id": "https://e.org/a"}})],
            "https://e.org/a",
        ),
        (["<!-- saved from url=(0015)https://e.org/a -->"], "https://e.org/a"),
        (["<link rel=canonical href=/a>", "<meta property=og:url content=ftp://e.org>"], ""),
        (["<link rel=canonical href='javascript:alert(1)'>"], ""),
        (["<link rel=canonical href='https://e.org/a b'>"], ""),
        (["<link rel=canonical href='https://[e.org'>"], ""),
    ],
)
def test_the_source_is_an_address_of_the_web(elements: list[str], source: str) -> None:
    assert head(*elements).source == source


def test_half_a_character_is_replaced() -> None:
    script = '<script type="application/ld+json">{"@type":"Article","headline":"A \\ud800 talk"}'
    document = head(f"{script}</script>", body="<p>One is.")
    assert document.title == "A \N{REPLACEMENT CHARACTER} talk"


def test_what_only_the_page_around_the_content_says_stands_outside() -> None:
    document = head(
        "<title>Talks on Trade</title><meta name=author content='Ada Fenwick'>",
        "<style>p {color: Umberton}</style>",
        body="<nav>Navidson</nav><main><h1>Talks on Trade</h1><p>One is held.<p><img alt=Altmann>"
        "</main><aside>Asidenko</aside><footer>Talks</footer><script>Scriptov</script>",
    )
    assert [each.text for each in document.passages] == ["One is held."]
    assert document.outside.split("\n")[-4:] == ["Navidson", "Asidenko", "Altmann", "Ada Fenwick"]


def test_the_words_of_a_heading_in_lines_stay_apart_and_its_link_is_none_of_them() -> None:
    page = (
        "<html><head><title>Ferry timetable - Town</title></head><body>"
        "<h1>Ferry<br>timetable<a href='#x'>¶</a></h1>"
        "<p>The ferry leaves at noon each day.</p></body></html>"
    )
    assert read_document("a.html", page.encode()).title == "Ferry timetable"
