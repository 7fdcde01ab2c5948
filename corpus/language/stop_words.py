"""Words that carry no meaning in a question: they are in every document, or only ask."""

STOP_WORDS = frozenset(
    "a an the of in on at to for from by with and or is are was were be been being do does did "
    "done what which who whom whose when where why how that this these those it its as about "
    "into there their they them he she him his her hers we us you i me my our your not no any some "
    "than then so if has have had will would can could should may might must shall s t d ll re "
    "ve m w also just please tell show give say says said summarize regarding concerning else "
    "such before after many much".split()
)

ASKING_WORDS = frozenset(
    "happen happened happens happening occur occurred take takes took place places get gets got "
    "go goes going went make makes made come comes came know known talk talks talked mention "
    "mentions mentioned news latest newest last recent recently earliest oldest anything "
    "something everything anyone thing things look looks ask asks asked".split()
)
"""Words of no meaning to speak of: which documents have them says nothing of what they hold."""
