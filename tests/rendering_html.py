"""Releases as pages of five kinds.

Of today, of a blog, of an old board, saved by a word processor, and typed as plain text.
"""

import textwrap
from collections.abc import Callable
from html import escape
from itertools import count

from releases import Block, Release

Renderer = Callable[[Release], str]
SITE = "Ministry of Maritime Affairs"
ADDRESS = "https://www.maritime.example/press"


def semantic(release: Release) -> str:
    """A page of today: elements that say what they are, metadata, a cookie banner."""
    title = escape(release.title)
    headline = release.title.replace('"', '\\"')
    address = f"{ADDRESS}/{release.name}"
    dated = f', "datePublished": "{release.posted}T23:30:00-05:00"' if release.posted else ""
    day = f'<p class="meta"><time>{release.posted}</time></p>' if release.posted else ""
    heading = f"<h1>{title}</h1>" if title else ""
    stated = f', "headline": "{headline}"' if title else ""
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{f"{title} | {SITE}" if title else SITE}</title>
<meta property="og:site_name" content="{SITE}">
<meta property="og:title" content="{f"{title} | {SITE}" if title else SITE}">
<link rel="canonical" href="{address}">
<script type="application/ld+json">{{"@context": "https://schema.org", "@graph": [
{{"@type": "BreadcrumbList", "name": "Home"}},
{{"@type": "NewsArticle"{stated}{dated}, "mainEntityOfPage": {{"@id": "{address}"}}}}]}}</script>
<style>body {{ color: black }}</style></head>
<body class="page nav-open">
<a class="skip-link" href="#main">Skip to content</a>
<div id="cookie-banner" role="dialog"><p>We use cookies to make this site work and to learn how it
is used. You can choose which of them you accept, now and at any later time.</p>
<button>Accept all</button></div>
<header><a href="/"><img alt="" src="logo.png">{SITE}</a><nav><ul><li><a href="/news">News</a>
<li><a href="/about">About the Ministry</a></ul></nav></header>
<main id="main">
<nav aria-label="Breadcrumb"><ol><li><a href="/">Home</a></li><li>News</li></ol></nav>
<article><header>{heading}{day}</header>
{"".join(_semantic_block(block) for block in release.blocks)}
<aside><h2>Related</h2><ul><li><a href="/1">Minister Opens a Port</a></li></ul></aside>
<div class="share-bar"><a href="#">Facebook</a> <a href="#">Copy link</a></div>
</article></main>
<footer><p>© {SITE}. All rights reserved. 1 Harbour Street.</p></footer>
<script>document.write("<p>1. Not a paragraph.</p>")</script></body></html>"""


def _semantic_block(block: Block) -> str:
    text = _emphasised(block.text)
    if block.is_heading:
        return f"<h2>{text}</h2>\n"
    if block.printed.rstrip(".").isdecimal() and block.printed.endswith("."):
        return f'<ol start="{block.printed[:-1]}">\n  <li>\n    {text}\n  </li>\n</ol>\n'
    return f"<p>{escape(block.printed)} {text}</p>\n" if block.printed else f"<p>{text}</p>\n"


def board(release: Release) -> str:
    """A page of an old board: tables for layout, fonts, paragraphs between line breaks."""
    day = f"<tr><td>Date</td><td>{release.posted}</td></tr>" if release.posted else ""
    heading = f"<h3>{escape(release.title)}</h3>" if release.title else ""
    body = "".join(_board_block(block) for block in release.blocks)
    links = "".join(f'<li><a href="/{n}">{n}</a></li>' for n in ("Home", "Press", "Visas", "Map"))
    return f"""<html><head><title>{SITE}</title>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head>
<body bgcolor=white><div id=wrap><div id=gnb><ul>{links}</ul></div>
<form name=aspnetForm method=post><input type=hidden name=state value=1>
<table width=900 cellpadding=0><tr><td width=180 valign=top><ul>{links}</ul></td>
<td><div class=where>Home &gt; Press</div>
<div class="view_box">{heading}<table class=info>{day}<tr><td>hit</td><td>1,204</td></tr></table>
<table><tr><td><font size=2 face=Gulim>{body}</font></td></tr></table>
<div class="sns_share"><a href=#>Facebook</a><a href=#>Twitter</a></div></div>
<div class="btn_area"><a href=/list>List</a> <a href=/prev>Previous</a> <a href=/next>Next</a></div>
</td></tr></table></form>
<div id=footer>1 Harbour Street<br>Tel. +82 2 2100 0000<br>Copyright 2010 {SITE}</div>
</div></body></html>"""


def _board_block(block: Block) -> str:
    text = _emphasised(block.text)
    if block.is_heading:
        return f"<b>{text}</b><br><br>\n"
    return f"{escape(block.printed)} {text}<BR>\n<BR>\n"


def word(release: Release) -> str:
    """A page saved by a word processor: classes, spans, typed indents, numbered lists."""
    title = f"<h1><span lang=EN-US>{_spans(release.title)}<o:p></o:p></span></h1>"
    day = f"<p class=MsoNormal align=right><span>Date {release.posted}</span></p>"
    body = "".join(_word_block(block) for block in release.blocks)
    return f"""<html xmlns:o="urn:schemas-microsoft-com:office:office">
<head><meta http-equiv=Content-Type content="text/html; charset=utf-8">
<meta name=Generator content="Microsoft Word 15 (filtered)"><title>Document1</title>
<!--[if gte mso 9]><xml><o:Author>Press office</o:Author></xml><![endif]-->
<style><!-- p.MsoNormal {{ margin: 0cm }} --></style></head>
<body lang=EN-US style='word-wrap:break-word'><div class=WordSection1>
{title if release.title else ""}
{day if release.posted else ""}
<p class=MsoNormal><span lang=EN-US><o:p>&nbsp;</o:p></span></p>
{body}</div></body></html>"""


def _word_block(block: Block) -> str:
    text = _spans(block.text)
    if block.is_heading:
        return f"<h2><a name=_Toc1></a>{text}</h2>\n"
    number = block.printed.rstrip(".")
    if number.isdecimal() and block.printed.endswith("."):
        item = f"<li class=MsoNormal style='margin:0'>{text}</li>"
        return f"<ol style='margin-top:0cm' start={number} type=1>{item}</ol>\n"
    indent = "&nbsp;&nbsp;&nbsp;&nbsp;&nbsp; " if block.printed else ""
    sign = f"<![if !supportLists]><span>{escape(block.printed)}<span>&nbsp;&nbsp; </span></span>"
    return f"<p class=MsoListParagraph>{indent}{sign if block.printed else ''}{text}</p>\n"


def _emphasised(text: str) -> str:
    """The text with some words in bold and in italics, wrapped as an editor wraps it."""
    words = [escape(each) for each in text.split()]
    for position in range(2, len(words), 11):
        words[position] = f"<strong>{words[position]}</strong>"
    for position in range(5, len(words), 17):
        words[position] = f"<em>{words[position]}</em>"
    breaks = count(1)
    return "".join(each + ("\n" if next(breaks) % 12 == 0 else " ") for each in words).strip()


def _spans(text: str) -> str:
    """The text in spans that begin and end within words, as a word processor leaves them."""
    size = 23
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    return "".join(
        f"<span lang=EN-US style='mso-fareast-font-family:Batang'>{escape(piece)}</span>"
        for piece in pieces
    )


def blog(release: Release) -> str:
    """A page of a blog: its tags, what to read next, comments, all around the article."""
    day = release.posted
    shown = f"{day.day} {day:%B %Y}" if day else ""
    stated = f'<meta name="blog:first-published-at" content="{day}T08:00:00Z">' if day else ""
    body = "".join(
        f"<h3>{escape(block.text)}</h3>\n" if block.is_heading else f"<p>{escape(block.line)}</p>\n"
        for block in release.blocks
    )
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8">{stated}
<title>{f"{escape(release.title)} – " if release.title else ""}{SITE}</title></head>
<body class="single single-post">
<div id="page"><header class="site-header"><p><a href="/">{SITE}</a></p></header>
<main id="primary"><article class="hentry"><header>
{f"<h1>{escape(release.title)}</h1>" if release.title else ""}
<dl class="facts"><dt>From:</dt><dd><a href="/office">Maritime Office</a></dd>
{f"<dt>Published</dt><dd>{shown}</dd>" if shown else ""}</dl></header>
<div class="entry-content">{body}</div>
<footer class="entry-footer"><p>Posted in <a href="/press">Press Releases</a></p>
<p>Tags</p><p><a href="/t/ports">Ports</a>, <a href="/t/sea">Sea</a></p></footer></article>
<p><a href="/next">Minister Opens a Harbour Office in the South</a></p>
<p>{f"Last updated {shown}" if shown else ""}</p>
<div id="comments"><h2>A thought on this</h2><p>Good news for everyone, thank you.</p></div>
</main><footer class="site-footer">Powered by a program.</footer></div></body></html>"""


def typed(release: Release) -> str:
    """A page of the first years: the release as it was typed, wrapped at 72 signs."""
    day = f"Date {release.posted}" if release.posted else ""
    lines = (release.title, day, *(block.line for block in release.blocks))
    wrapped = ("\n".join(textwrap.wrap(line, 72, break_on_hyphens=False)) for line in lines if line)
    text = "\n\n".join(wrapped)
    return (
        f"<html><head><title>{SITE}</title></head><body><pre>\n{escape(text)}\n</pre></body></html>"
    )


RENDERERS: dict[str, Renderer] = {
    "semantic": semantic, "blog": blog, "board": board, "word": word, "typed": typed,
}  # fmt: skip
