"""Flowed text (RFC 3676): a line that ends in a space goes on in the next one."""


def unflowed(text: str, *, delete_space: bool = False) -> str:
    """The text with its flowed lines joined; `delete_space` also takes the space (`DelSp=yes`)."""
    lines: list[str] = []
    flowing, depth = False, 0
    for line in text.split("\n"):
        words = line.lstrip(">")
        quoted, words = len(line) - len(words), words.removeprefix(" ")
        if flowing and quoted == depth and words != "-- ":
            lines[-1] += words
        else:
            lines.append(">" * quoted + " " * bool(quoted) + words)
        depth, flowing = quoted, words.endswith(" ") and words != "-- "
        if flowing and delete_space:
            lines[-1] = lines[-1][:-1]
    return "\n".join(lines)
