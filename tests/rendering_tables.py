"""Files of the other formats that are read, made here: workbooks, slides, books, archives."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from html import escape


def archived(parts: Mapping[str, str | bytes]) -> bytes:
    """An archive of these parts."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return data.getvalue()


def workbook(sheets: Mapping[str, Sequence[Sequence[object]]], **formats: str) -> bytes:
    """A workbook with these sheets; `formats` are the formats of cells by their places."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    for place, form in formats.items():
        book.worksheets[0][place].number_format = form
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


_DRAWING = (
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def relations(targets: Mapping[str, tuple[str, str]]) -> str:
    """What a part refers to: the kind and the target by the id."""
    each = "".join(
        f'<Relationship Id="{key}" Type="{_KINDS}/{kind}" Target="{target}"/>'
        for key, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="x">{each}</Relationships>'


def _shape(lines: Sequence[str], place: str = "") -> str:
    held = f'<p:nvPr><p:ph type="{place}"/></p:nvPr>' if place else ""
    texts = "".join(f"<a:p><a:r><a:t>{escape(each)}</a:t></a:r></a:p>" for each in lines)
    return f"<p:sp>{held}<p:txBody>{texts}</p:txBody></p:sp>"


def slides(pages: Sequence[tuple[str, Sequence[str], str]]) -> bytes:
    """Slides, each of a title, lines and a note; their names are in another order than they are."""
    parts: dict[str, str | bytes] = {}
    names = {f"r{n}": f"slides/slide{len(pages) - n}.xml" for n in range(len(pages))}
    order = "".join(f'<p:sldId id="{256 + n}" r:id="r{n}"/>' for n in range(len(pages)))
    parts["ppt/presentation.xml"] = (
        f"<p:presentation {_DRAWING}><p:sldIdLst>{order}</p:sldIdLst></p:presentation>"
    )
    parts["ppt/_rels/presentation.xml.rels"] = relations(
        {key: ("slide", name) for key, name in names.items()}
    )
    for (title, lines, note), name in zip(pages, names.values(), strict=True):
        number = _shape(["7"], "sldNum")
        body = _shape(lines) + number + _shape([title], "title")
        parts[f"ppt/{name}"] = f"<p:sld {_DRAWING}><p:cSld>{body}</p:cSld></p:sld>"
        base = name.removeprefix("slides/")
        parts[f"ppt/slides/_rels/{base}.rels"] = relations(
            {"n": ("notesSlide", f"../notesSlides/{base}")}
        )
        parts[f"ppt/notesSlides/{base}"] = f"<p:notes {_DRAWING}>{_shape([note], 'body')}</p:notes>"
    return archived(parts)


def book(title: str, chapters: Sequence[tuple[str, str]]) -> bytes:
    """A book whose chapters are a heading and a paragraph each."""
    items = "".join(
        f'<item id="c{n}" href="ch{n}.xhtml" media-type="application/xhtml+xml"/>'
        for n in range(len(chapters))
    )
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
    package = (
        '<package xmlns="x" xmlns:dc="y"><metadata>'
        f"<dc:title>{title}</dc:title><dc:creator>Ada Quist</dc:creator></metadata>"
        f"<manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    parts: dict[str, str | bytes] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": (
            '<container xmlns="x"><rootfiles><rootfile full-path="OPS/book.opf"/>'
            "</rootfiles></container>"
        ),
        "OPS/book.opf": package,
    }
    for n, (heading, text) in enumerate(chapters):
        parts[f"OPS/ch{n}.xhtml"] = (
            f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>{heading}</title></head>'
            f"<body><h1>{heading}</h1><p>{text}</p></body></html>"
        )
    return archived(parts)


def hwpx(paragraphs: Sequence[str], table: Sequence[Sequence[str]] = ()) -> bytes:
    """A document of Hangul in XML."""

    def typed(text: str, more: str = "") -> str:
        return f"<hp:p><hp:run>{more}<hp:t>{escape(text)}</hp:t></hp:run></hp:p>"

    def cells(row: Sequence[str]) -> str:
        return "".join(f"<hp:tc><hp:subList>{typed(each)}</hp:subList></hp:tc>" for each in row)

    rows = "".join(f"<hp:tr>{cells(row)}</hp:tr>" for row in table)
    grid = f'<hp:tbl colCnt="{len(table[0])}">{rows}</hp:tbl>' if table else ""
    body = "".join(map(typed, paragraphs)) + (typed("", grid) if table else "")
    return archived(
        {
            "mimetype": "application/hwp+zip",
            "Contents/section0.xml": f'<hs:sec xmlns:hs="s" xmlns:hp="p">{body}</hs:sec>',
        }
    )


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A compound file with these streams, whose storages stand before a `/` in the names."""
    sector = 512
    entries: list[tuple[str, int, bytes]] = [("Root Entry", 5, b"")]
    children: dict[str, list[int]] = {"": []}
    for name in sorted({n.rpartition("/")[0] for n in streams if "/" in n}):
        children[""].append(len(entries))
        children[name] = []
        entries.append((name, 1, b""))
    for name, data in streams.items():
        folder, _, base = name.rpartition("/")
        children[folder].append(len(entries))
        # Of 4,096 bytes at least, so that it is in sectors of its own.
        entries.append((base, 2, data.ljust(4_096, b"\0")))
    none, end = 0xFFFFFFFF, 0xFFFFFFFE
    directory, body, fat = b"", b"", []
    first_of = {}
    directory_sectors = -(-len(entries) * 128 // sector)
    position = 1 + directory_sectors
    for number, (_, kind, data) in enumerate(entries):
        if kind == 2:
            count = -(-len(data) // sector)
            first_of[number] = position
            fat += [*range(position + 1, position + count), end]
            body += data.ljust(count * sector, b"\0")
            position += count
    fat = [0xFFFFFFFD, *range(2, 1 + directory_sectors), end, *fat]
    sibling = {}
    child = {}
    for folder, numbers in children.items():
        owner = 0 if not folder else next(n for n, e in enumerate(entries) if e[0] == folder)
        child[owner] = numbers[0] if numbers else none
        sibling |= dict(zip(numbers, [*numbers[1:], none], strict=True))
    sizes = dict.fromkeys(first_of, 0)
    for number, (name, kind, data) in enumerate(entries):
        sizes[number] = len(data)
        encoded = name.encode("utf-16-le") + b"\0\0"
        directory += struct.pack(
            "<64sHBBIII16sIQQIQ",
            encoded, len(encoded), kind, 1,
            none, sibling.get(number, none), child.get(number, none), b"",
            0, 0, 0, first_of.get(number, end), sizes[number] if kind == 2 else 0,
        )  # fmt: skip
    assert len(fat) <= 128, "one sector of the allocation table is enough for tests"
    table = struct.pack("<128I", *fat, *[none] * (128 - len(fat)))
    header = struct.pack(
        "<8s16sHHHHH6sIIIIIIIII109I",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, b"",
        0, 1, 1, 0, 4_096, end, 0, end, 0, 0, *[none] * 108,
    )  # fmt: skip
    return header + table + directory.ljust(directory_sectors * sector, b"\0") + body


def outlook(subject: str, body: str, **others: str) -> bytes:
    """A message of Outlook in Unicode; `others` are further properties by their numbers."""
    properties = {"0037": subject, "1000": body, **{k[1:]: v for k, v in others.items()}}
    streams = {
        f"__substg1.0_{number}001F": text.encode("utf-16-le") for number, text in properties.items()
    }
    # 14 May 2024 in steps of 100 ns since 1601.
    sent = struct.pack("<IIQ", 0x00390040, 6, 133_601_760_000_000_000)
    streams["__properties_version1.0"] = bytes(32) + sent
    return compound(streams)


def hwp(paragraphs: Sequence[str], flags: int = 1) -> bytes:
    """A document of Hangul of version 5."""

    def record(tag: int, level: int, data: bytes) -> bytes:
        return struct.pack("<I", tag | level << 10 | len(data) << 20) + data

    section = b"".join(
        record(66, 0, bytes(22)) + record(67, 1, f"{text}\r".encode("utf-16-le"))
        for text in paragraphs
    )
    packed = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    header = b"HWP Document File".ljust(32, b"\0") + struct.pack("<II", 0x05000300, flags)
    return compound(
        {"FileHeader": header, "BodyText/Section0": packed.compress(section) + packed.flush()}
    )
