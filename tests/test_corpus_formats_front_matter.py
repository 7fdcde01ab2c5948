import pytest
from conftest import read_document

from corpus.formats.front_matter import front_matter

MATTER = '---\nlayout: post\ntitle: "Talks: the Outcome"\ndate: 2024-05-03T10:00:00+09:00\n'
MORE = "tags:\n  - korea\n- us\n# a remark\nurl: https://e.org/a\n---\n"


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("between", ["", "\n"])
def test_front_matter_states_facts_and_is_no_text(name: str, end: str, between: str) -> None:
    page = f"{MATTER}{MORE}{between}# Talks\n\nOne is.\n\nTwo is.\n".replace("\n", end)
    document = read_document(name, page.encode())
    assert (document.title, document.title_stated) == ("Talks: the Outcome", True)
    assert (str(document.posted), document.posted_from) == ("2024-05-03", "front matter")
    assert document.source == "https://e.org/a"
    assert [each.text for each in document.passages][-2:] == ["One is.", "Two is."]
    assert not any("layout" in each.text for each in document.passages)
    assert "layout: post" in (document.text if name == "a.txt" else document.outside)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "---",
        "---\n",
        "---\ntitle: Talks\n",
        "---\n\n---\n",
        "---\nThe two sides met.\n---\n",
        "---\ntitle: Talks\nThe two sides met.\n---\n",
        "Talks\n---\ntitle: x\n---\n",
        "---\ntitle: Talks\n" + "a: b\n" * 200 + "---\n",
    ],
)
def test_what_is_no_front_matter(text: str) -> None:
    assert front_matter(text)[0] == 0


def test_a_value_that_cannot_be_used_states_nothing() -> None:
    end, stated = front_matter("---\ndate: soon\ntitle: 'Talks'\nsource: a book\n...\nOne is.\n")
    assert (stated.title, stated.posted, stated.posted_from, stated.source) == (
        "Talks",
        None,
        "",
        "",
    )
    assert end == len("---\ndate: soon\ntitle: 'Talks'\nsource: a book\n...\n")


def test_a_value_goes_on_in_the_lines_below_it() -> None:
    title = "title: 'Fact Sheet: The\n  Ferry'"
    text = f"---\n{title}\ntags:\n  - a\n  b: c\ndate: 2024-05-03\n---\nIt left.\n"
    _, metadata = front_matter(text)
    assert (metadata.title, str(metadata.posted)) == ("Fact Sheet: The Ferry", "2024-05-03")


@pytest.mark.parametrize(
    ("value", "title"),
    [
        ('"Remarks by\\_Mr.\\u2019s\\\n  \\ Envoy \\"Kim\\""', 'Remarks by\u00a0Mr.’s Envoy "Kim"'),
        ("'The Envoy''s Talks'", "The Envoy's Talks"),
        ("Talks \\u2019 here", "Talks \\u2019 here"),
    ],
)
def test_a_value_is_what_its_quotes_mean(value: str, title: str) -> None:
    assert front_matter(f"---\ntitle: {value}\n---\n")[1].title.split() == title.split()
