"""Turns that say nothing of their own: thanks, greetings, exclamations, emoji."""

import re

_SAID = (
    r"ok(?:ay)?|k|(?:no |many )?thanks?|thank you|thx|ty|tysm|cheers|great|good|nice|cool|perfect|"
    r"awesome|amazing|excellent|brilliant|wonderful|super|fantastic|interesting|exactly|correct|"
    r"got it|gotcha|i see|understood|noted|right|sure|fine|alright|all right|agreed|yes|yep|yeah|"
    r"yup|no|nope|nah|please|sorry|oops|never ?mind|nvm|(?:that )?(?:makes|made) sense|"
    r"(?:that )?sounds good|good to know|well done|good job|(?:that|this|it) (?:really )?helps|"
    r"(?:that'?s|that is) (?:great|good|nice|cool|perfect|helpful|useful|interesting|all|right|it)|"
    r"(?:very |really |so )?helpful|(?:i )?appreciate (?:it|that)|wow|oh|ah|aha|uh|um|er+|huh|"
    r"h+m+|mh+m*|lol|lmao|ha(?:ha)+|phew|yay|whoa|omg|hello|hi|hiya|hey|bye|goodbye|"
    r"good (?:morning|afternoon|evening|night|day)|\+1|100\s?%|:[a-z0-9_+'-]+:|<@\w+>|"
    r"감사합니다|고맙습니다|안녕하세요|네|danke|merci|gracias|obrigad[oa]"
)
_WITH = (
    r"very much|so much|very|much|really|indeed|a lot|a bunch|again|all|everyone|everybody|folks|"
    r"team|bot|pincite|there|then|so|and|for (?:that|this|it|the (?:help|link|info|answer))|"
    r"(?:what|all) i (?:was looking for|needed|wanted)|to me"
)
_NOTHING = re.compile(
    rf"[^\w?:<+]*(?:{_SAID})(?!\w)(?:[^\w?:<+]*(?:{_SAID}|{_WITH})(?!\w))*[^\w?]*|\W*",
    re.IGNORECASE,
)
"""`Ok, thanks a lot!`, `hm`, `:tada:`, `!!!`; not `thanks?`, which asks."""
_OPENING = re.compile(rf"(?:(?:{_SAID})(?!\w)[\s,]*)+[.!]+\s*(?=\w)", re.IGNORECASE)


def is_courtesy(turn: str) -> bool:
    """Whether somebody only thanks, greets, agrees or exclaims, or types no word, and asks
    nothing."""
    return bool(turn) and bool(_NOTHING.fullmatch(turn))


def without_courtesy(turn: str) -> str:
    """The turn without the thanks or greeting that a full stop parts from what it asks."""
    opening = _OPENING.match(turn)
    return turn[opening.end() :] if opening else turn
