from contextlib import suppress

import pytest
from conftest import cpu_seconds, read_document

from corpus.document import Document
from corpus.errors import Unreadable


def read(text: str) -> Document:
    document = read_document("note.md", text.encode())
    for passage in document.passages:
        assert passage.text == passage.span.of(document.text) != ""
    return document


def labelled(document: Document) -> list[tuple[str, str]]:
    return [(each.label, " ".join(each.text.split())) for each in document.passages]


PAGE = """# Joint Statement on Jeju

First paragraph that is soft
wrapped on two lines.

- item one is here.
- item two is here.

## Measures ##

1. One thing was
   agreed.
2. Another thing was agreed.
   o First bullet here
   o Second bullet, which
   is wrapped.

   Continuation of it.
"""


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_blocks_of_a_page_whatever_its_line_ends(end: str) -> None:
    document = read(PAGE.replace("\n", end))
    assert document.title == "Joint Statement on Jeju"
    assert labelled(document) == [
        ("¶1", "First paragraph that is soft wrapped on two lines."),
        ("¶1 • 1", "item one is here."),
        ("¶1 • 2", "item two is here."),
        ("1", "One thing was agreed."),
        ("2", "Another thing was agreed."),
        ("2 o 1", "First bullet here"),
        ("2 o 2", "Second bullet, which is wrapped."),
        ("2 ¶2", "Continuation of it."),
    ]
    assert [each.heading for each in document.passages] == [""] * 3 + ["Measures"] * 5


def test_a_heading_under_its_line() -> None:
    document = read("Joint Statement\n=====\n\n2024-05-03\n\nOne is.\n\nMeasures\n---\n\nTwo is.\n")
    assert (document.title, str(document.posted)) == ("Joint Statement", "2024-05-03")
    assert [each.heading for each in document.passages] == ["", "Measures"]


def test_a_rule_between_paragraphs_is_none() -> None:
    document = read("# Joint Statement\n\nOne is.\n\n---\n\nTwo is.\n\n***\n\nThree is.\n")
    assert labelled(document) == [("¶1", "One is."), ("¶2", "Two is."), ("¶3", "Three is.")]


@pytest.mark.parametrize("blank", ["\f", "\v", "\x1c", "\x85", "\u2028", "\u2029"])
def test_other_line_ends_keep_every_line_in_its_place(blank: str) -> None:
    document = read(f"# Joint Statement\n\nOne is.\n{blank}\n## Measures\n\nTwo{blank}is.\n")
    assert labelled(document) == [("¶1", "One is."), ("¶2", "Two is.")]
    assert [each.heading for each in document.passages] == ["", "Measures"]


FRONT = (
    "title: {q}Joint Statement on Jeju{q}\ndate: {q}2024-05-03{q}\nsource: {q}https://e.org/a{q}"
)


def check_front(document: Document) -> None:
    assert (document.title, document.title_stated) == ("Joint Statement on Jeju", True)
    assert str(document.posted) == "2024-05-03"
    assert document.source == "https://e.org/a"
    assert labelled(document) == [("¶1", "One is.")]
    assert document.passages[0].heading == ""


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_front_matter_gives_title_date_and_source(end: str) -> None:
    page = f"---\n{FRONT.format(q='')}\n---\n\n# Joint Statement on Jeju\n\nOne is.\n"
    check_front(read(page.replace("\n", end)))


def test_front_matter_in_quotation_marks() -> None:
    check_front(read("---\n" + FRONT.format(q='"') + "\n---\n\nOne is.\n"))


def test_front_matter_with_other_keys_first() -> None:
    check_front(read("---\nlayout: post\n" + FRONT.format(q="") + "\n---\n\nOne is.\n"))


def test_front_matter_with_other_keys_last() -> None:
    check_front(read("---\n" + FRONT.format(q="") + "\nauthor: An Office\n---\n\nOne is.\n"))


def test_front_matter_with_a_list() -> None:
    title, rest = FRONT.format(q="").split("\n", 1)
    check_front(read(f"---\n{title}\ntags:\n  - korea\n  - us\n{rest}\n---\n\nOne is.\n"))


def test_a_fenced_text_can_be_cited() -> None:
    document = read("# Statement\n\nOne is.\n\n```\nThe two sides agreed.\n```\n\nTwo is.\n")
    assert any("The two sides agreed." in each.text for each in document.passages)


def test_a_short_fenced_text_can_be_cited_and_heads_nothing() -> None:
    document = read("# Statement\n\nOne is.\n\n```\n300 tons\n```\n\nTwo is.\n")
    assert any("300 tons" in each.text for each in document.passages)
    assert [each.heading for each in document.passages if each.text == "Two is."] == [""]


def test_a_fenced_text_below_the_title_is_no_byline() -> None:
    document = read("# Statement\n\n```\nThe two sides agreed.\n```\n\nTwo is.\n")
    assert document.byline == ""
    assert any("The two sides agreed." in each.text for each in document.passages)


def test_each_row_of_a_table_is_read_once() -> None:
    document = read("# Statement\n\nOne is.\n\n| a | b |\n|---|---|\n| one | two |\n| 3 | 4 |\n")
    assert [(each.text, each.columns) for each in document.passages] == [
        ("One is.", ""), ("one\ttwo", "a\tb"), ("3\t4", "a\tb"),
    ]  # fmt: skip
    assert [each.span.of(document.text) for each in document.dropped][1:] == ["a\tb"]


def test_stars_under_a_heading_are_a_list_of_that_heading() -> None:
    document = read("# Statement\n\nIntro is.\n\n## Measures\n\n* one is.\n* two is.\n")
    assert labelled(document) == [("¶1", "Intro is."), ("• 1", "one is."), ("• 2", "two is.")]
    assert [each.parent for each in document.passages] == [None, None, None]


def test_a_heading_keeps_signs_that_belong_to_it() -> None:
    assert read("# About C# ##\n\nOne is.\n").title == "About C#"


def test_the_words_of_raw_html_are_read_and_its_tags_are_not() -> None:
    text = (
        "# Talks\n\n<p>They agreed on visas.</p>\n\n<div class='x'>\nThey will meet <b>again</b>.\n"
        "</div>\n\n<!-- Not this. -->\n\n<script>\nnot this\n</script>\n\nThey left.\n"
    )
    document = read_document("a.md", text.encode())
    assert [each.text for each in document.passages] == [
        "They agreed on visas.", "They will meet again.", "They left.",
    ]  # fmt: skip


def test_a_long_paragraph_over_a_rule_is_no_heading() -> None:
    long = "The two sides agreed on many things that day. " * 10
    document = read_document("a.md", f"# Talks\n\n{long}\n---\n\nThey left.\n".encode())
    assert document.passages[0].text.startswith("The two sides agreed")


@pytest.mark.parametrize("unit", ["<a>", "<", ">", "<a", "</b> ", "<p", "<script>", "<!--", "\n "])
def test_no_markup_takes_long(unit: str) -> None:
    data = f"<p>{unit * (60_000 // len(unit))}x\n\nThey left.\n".encode()
    with suppress(Unreadable):  # too deeply nested, or nothing to read
        assert cpu_seconds(lambda: read_document("a.md", data)) < 3


@pytest.mark.parametrize(
    ("block", "texts"),
    [
        ("<div>\nThe two agreed\non six ships.\n</div>", ["The two agreed on six ships."]),
        ("<div><script>var x = 1;</script></div>", []),
        ("<div>\n<style>\np {color: red}\n</style>\nThey met.\n</div>", ["They met."]),
        ("<div\n class='x'\n id='y'>\nThey met.\n</div>", ["They met."]),
        ("<p>They met.</p><p>They parted.</p>", ["They met.", "They parted."]),
        ("<pre>Ships: 12</pre>", ["Ships: 12"]),
        ("<div><script>never closed", []),
    ],
)
def test_a_block_of_raw_html_gives_its_paragraphs(block: str, texts: list[str]) -> None:
    document = read_document("a.md", f"# Talks\n\nThey came.\n\n{block}\n".encode())
    assert [each.text for each in document.passages] == ["They came.", *texts]


def test_a_long_heading_has_no_signs() -> None:
    title = "Joint Statement of the Ministers " + "of Elbonia and Ostland " * 15
    document = read_document("a.md", f"# {title}\n\nThey left. They met.\n".encode())
    assert document.title == title.strip()


@pytest.mark.parametrize(
    ("signs", "words"),
    [
        ("The **harbour** of *Busan* is `deep`.", "The harbour of Busan is deep."),
        ("See [the rules](https://e.org/a_(b) 'Rules') or <https://e.org>.",
         "See the rules or https://e.org."),
        ("See [the rules][1], and \\*this\\*.\n\n[1]: https://e.org", "See the rules, and *this*."),
        ("See [the rules]({% page "
         '"/rules" %}), or [ours]({{ site.base }}/a).', "See the rules, or ours."),
        ("They met.[^1]\n\n[^1]: In Oslo.", "They met.[1]|[1] In Oslo."),
        ("They met.[^1]\n\n[^1]: https://e.org", "They met.[1]|[1] https://e.org"),
        ("- [ ] Ask first.\n- [x] They asked.", "☐ Ask first.|☑ They asked."),
        ("Type <name> there, <b>please</b>.", "Type <name> there, please."),
        ("** Updates ** are 2 ** 3 and 4 ** 5.", "Updates are 2 ** 3 and 4 ** 5."),
        ("> They met.\n> They left.", "They met. They left."),
        ("They ~~met~~ left.<br>They came.", "They left.|They came."),
        ("Tom &amp; Jerry &lt;met&gt;.", "Tom & Jerry <met>."),
        ("```sh\nls **\n\n```", "ls **"),
        ("<details><summary>More on it.</summary>\n\nThey **met**.\n\n</details>",
         "More on it.|They met."),
    ],
)  # fmt: skip
def test_no_sign_of_markdown_is_shown_and_no_word_is_lost(signs: str, words: str) -> None:
    document = read(f"# Talks\n\nThey came to the talks.\n\n{signs}\n")
    shown = [" ".join(each.text.split()) for each in document.passages[1:]]
    assert shown == words.split("|")


def test_nested_lists_keep_their_numbers() -> None:
    document = read("# Rules\n\n3. They ask.\n   1. By mail.\n   2. By post.\n4. They wait.\n")
    assert labelled(document) == [
        ("3", "They ask."), ("3 (1)", "By mail."), ("3 (2)", "By post."), ("4", "They wait."),
    ]  # fmt: skip


def test_the_cells_of_a_table_have_no_signs() -> None:
    document = read("# Aid\n\n| **Land** | [Aid](a.md) |\n|:--|--:|\n| *A* \\| B | `6` |\n")
    assert [(each.text, each.columns) for each in document.passages] == [("A | B\t6", "Land\tAid")]


def test_a_table_of_html_within_markdown_is_a_table() -> None:
    document = read(
        "# Policy\n\n<table>\n<tr><td>Version</td><td>Date</td><td>Author</td></tr>\n\n"
        "<tr><td>2.0</td><td>2022-03-18</td><td>Dana Moss</td></tr>\n</table>\n\nIt holds.\n"
    )
    assert [(each.text, each.columns) for each in document.passages] == [
        ("2.0\t2022-03-18\tDana Moss", "Version\tDate\tAuthor"), ("It holds.", ""),
    ]  # fmt: skip


def test_a_comment_that_is_not_closed_hides_its_own_block_alone() -> None:
    document = read("# Talks\n\n<div><!-- not this\n\nThey met.\n\n<div><iframe>\n\nThey left.\n")
    assert [each.text for each in document.passages] == ["They met.", "They left."]


def test_templates_of_a_site_generator_are_no_words() -> None:
    page = (
        "---\ntitle: Leave\n---\n{% alert %} You may take leave. {% endalert %}\n\n"
        '[Apply]({{ site.url }}/apply) in {% channel "leave" "the leave room" %} today.\n\n'
        "{% include step.html a_b %}\n\n"
        "Use `{{ x }}` here.\n"
    )
    document = read_document("a.md", page.encode())
    assert [each.text for each in document.passages] == [
        "You may take leave.",
        "Apply in the leave room today.",
        "Use {{ x }} here.",
    ]
    assert "step.html" in document.outside
    assert (
        read_document("b.md", b"# X\n\nUse {{ x }} here.\n").passages[0].text == "Use {{ x }} here."
    )


def test_braces_that_are_no_template_are_words() -> None:
    body = (
        "Sets: {{1, 2}, {3}} and {{x}} of {{ site.title }}.\n\n"
        '{% raw %}{{ page.url }}{% endraw %} is shown, as {% callout "Hot surface" "red" %}.\n'
    )
    document = read_document("a.md", f"---\ntitle: Sets\n---\n\n{body}".encode())
    assert [each.text for each in document.passages] == [
        "Sets: {{1, 2}, {3}} and {{x}} of .",
        "{{ page.url }} is shown, as Hot surface.",
    ]
