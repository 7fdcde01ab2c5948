"""Messages as a phone shows them: Block Kit as HTML, which a browser can make a picture of.

It knows the blocks that the bot sends. Whatever Slack shows literally is escaped.
"""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

PHONE = 390
"""Points that a phone is wide."""

_STYLE = """
body { margin: 0; width: 390px; background: #fff; color: #1d1c1d;
       font: 15px/1.45 'Noto Sans', 'DejaVu Sans', sans-serif; }
.message { padding: 12px 14px; display: flex; gap: 9px; }
.face { width: 36px; height: 36px; border-radius: 7px; background: #1d3557; flex: none; }
.body { min-width: 0; flex: 1; overflow-wrap: anywhere; }
.name { font-weight: 700; } .tag { background: #e8e8e8; color: #616061; font-size: 10px;
       border-radius: 3px; padding: 1px 3px; font-weight: 700; margin-left: 5px; }
.block { margin: 5px 0; white-space: pre-wrap; }
.context { font-size: 12.5px; color: #616061; line-height: 1.4; }
blockquote { margin: 4px 0; border-left: 4px solid #ddd; padding-left: 10px; }
a { color: #1264a3; text-decoration: none; }
.button { display: inline-block; border: 1px solid #bbb; border-radius: 7px; padding: 4px 10px;
       margin: 3px 6px 3px 0; font-size: 13.5px; font-weight: 700; }
.scroll { overflow: hidden; } table { border-collapse: collapse; font-size: 13.5px; }
td { border: 1px solid #ddd; padding: 4px 8px; vertical-align: top; }
tr:first-child td { font-weight: 700; background: #f8f8f8; }
.text { background: #f1f1f1; border-radius: 12px; margin: 10px 14px; padding: 8px 12px;
       font-size: 13px; overflow: hidden; display: -webkit-box; -webkit-line-clamp: 4;
       -webkit-box-orient: vertical; }
"""


def page_of(message: Mapping[str, Any], name: str) -> str:
    """A page with the notification of a message, four lines of it, and the message."""
    shown = "".join(map(_block, message["blocks"]))
    return (
        f"<!doctype html><meta charset='utf-8'><style>{_STYLE}</style>"
        f"<div class='text'><b>{escape(name)}</b><br>{message['text']}</div>"
        f"<div class='message'><div class='face'></div><div class='body'>"
        f"<span class='name'>{escape(name)}</span><span class='tag'>APP</span>{shown}</div></div>"
    )


def _block(block: Mapping[str, Any]) -> str:
    match block["type"]:
        case "rich_text":
            return _div("block", "".join(map(_part, block["elements"])))
        case "context":
            return _div("block context", "".join(escape(e["text"]) for e in block["elements"]))
        case "actions":
            return _div("block", _buttons(e["text"]["text"] for e in block["elements"]))
        case "context_actions":
            (votes,) = block["elements"]
            names = (votes[f"{sign}_button"]["text"]["text"] for sign in ("positive", "negative"))
            return _div("block", _buttons(f"{m} {n}" for m, n in zip("👍👎", names, strict=True)))
        case "table":
            return _div("block scroll", _table(block["rows"]))
    raise ValueError(f"no picture of {block['type']}")


def _part(part: Mapping[str, Any]) -> str:
    inside = "".join(map(_element, part["elements"]))
    is_quote = part["type"] == "rich_text_quote"
    return f"<blockquote>{inside}</blockquote>" if is_quote else _div("section", inside)


def _element(element: Mapping[str, Any]) -> str:
    text = escape(element["text"])
    text = f"<b>{text}</b>" if element.get("style", {}).get("bold") else text
    return f"<a>{text}</a>" if element["type"] == "link" else text


def _table(rows: Iterable[Iterable[Mapping[str, Any]]]) -> str:
    lines = ("".join(f"<td>{escape(cell['text'])}</td>" for cell in row) for row in rows)
    return "<table>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table>"


def _buttons(labels: Iterable[str]) -> str:
    return "".join(f"<span class='button'>{escape(label)}</span>" for label in labels)


def _div(name: str, inside: str) -> str:
    return f"<div class='{name}'>{inside}</div>"
