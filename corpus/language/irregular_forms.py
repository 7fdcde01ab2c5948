"""The forms of English words that no ending makes: `freeze` and `froze`, `wife` and `wives`."""

from functools import cache

_FORMS = (
    "arise arose arisen|awake awoke awoken|bear bore borne born|beat beaten|become became|"
    "begin began begun|bend bent|bid bade bidden|bind bound|bite bit bitten|bleed bled|"
    "blow blew blown|break broke broken|breed bred|bring brought|build built|burn burnt|buy bought|"
    "catch caught|choose chose chosen|cling clung|come came|creep crept|deal dealt|dig dug|"
    "do does did done|draw drew drawn|dream dreamt|drink drank drunk|drive drove driven|"
    "dwell dwelt|eat ate eaten|fall fell fallen|feed fed|feel felt|fight fought|find found|"
    "flee fled|fling flung|fly flew flown|forbid forbade forbidden|forget forgot forgotten|"
    "forgive forgave forgiven|freeze froze frozen|get got gotten|give gave given|go went gone|"
    "grind ground|grow grew grown|hang hung|have has had|hear heard|hide hid hidden|hold held|"
    "keep kept|kneel knelt|know knew known|lay laid|lead led|lean leant|leap leapt|learn learnt|"
    "leave left|lend lent|lie lay lain|light lit|lose lost|make made|mean meant|meet met|pay paid|"
    "prove proven|ride rode ridden|ring rang rung|rise rose risen|run ran|saw sawn|say said|"
    "see saw seen|seek sought|sell sold|send sent|sew sewn|shake shook shaken|shine shone|"
    "shoot shot|show shown|shrink shrank shrunk|sing sang sung|sink sank sunk|sit sat|"
    "slay slew slain|sleep slept|slide slid|sling slung|smell smelt|sow sown|speak spoke spoken|"
    "speed sped|spell spelt|spend spent|spill spilt|spin spun|spoil spoilt|spring sprang sprung|"
    "stand stood|steal stole stolen|stick stuck|sting stung|stink stank stunk|stride strode|"
    "strike struck stricken|strive strove striven|swear swore sworn|sweep swept|"
    "swell swelled swollen|swim swam swum|swing swung|take took taken|teach taught|"
    "tear tore torn|tell told|think thought|throw threw thrown|tread trod trodden|"
    "understand understood|wake woke woken|wear wore worn|weave wove woven|weep wept|win won|"
    "wind wound|wring wrung|write wrote written|"
    "child children|man men|woman women|person people|foot feet|tooth teeth|goose geese|"
    "mouse mice|louse lice|ox oxen|half halves|life lives|wife wives|knife knives|leaf leaves|"
    "loaf loaves|shelf shelves|calf calves|thief thieves|wolf wolves|self selves|elf elves|"
    "crisis crises|analysis analyses|basis bases|thesis theses|hypothesis hypotheses|"
    "emphasis emphases|axis axes|oasis oases|criterion criteria|phenomenon phenomena|"
    "index indices|matrix matrices|appendix appendices|curriculum curricula|"
    "memorandum memoranda|referendum referenda|addendum addenda|medium media|datum data|"
    "bacterium bacteria|stimulus stimuli|nucleus nuclei|alumnus alumni"
)
_PREFIXES = ("", "fore", "mis", "out", "over", "re", "un", "under", "up", "with")
"""What stands before a verb whose forms stay: `withdrew`, `rebuilt`."""


def other_forms(word: str) -> set[str]:
    """The other forms of an irregular word in lower case; empty for any other word."""
    found: set[str] = set()
    for prefix in _PREFIXES:
        if word.startswith(prefix):
            forms = _forms().get(word.removeprefix(prefix), set())
            found |= {prefix + form for form in forms}
    return found - {word}


@cache
def _forms() -> dict[str, set[str]]:
    known: dict[str, set[str]] = {}
    for forms in map(str.split, _FORMS.split("|")):
        for form in forms:
            known.setdefault(form, set()).update(forms)
    return known
