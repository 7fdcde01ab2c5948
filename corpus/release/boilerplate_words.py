"""The words of page boilerplate: each list once, for the rules in `release` and `formats`.

A string is an alternation for a regular expression, to be put into a group. Where two rules need
lists that differ, the lists are side by side: a page that lost its line breaks (`_INLINE`) is cut
only at words that no sentence of a release has.
"""

# Around the text: menus, languages, sharing

SKIP_LINKS = r"바로가기|건너뛰기|검색창|메뉴\s*(?:열기|닫기)|로고"
SKIP_LINKS_INLINE = "바로가기|열기|닫기|건너뛰기"

LANGUAGES = "KOR|ENG|JPN|CHN|FRA|ESP|RUS|한국어|국문|영문|English|日本語|中文"
LANGUAGES_INLINE = "KOR|ENG|한국어|English"

SOCIAL_SITES = "facebook|instagram|twitter|youtube|linkedin|flickr|kakao ?talk"

BOARD_WORDS = frozenset(
    "press news media releases release briefings briefing statements speeches announcements "
    "notices ministry board view room centre center latest countries regions and & updates".split()
)
"""A line of nothing but these words names a board."""

BOARD_OPENINGS_INLINE = "Press|Ministry|News|Media|View"
BOARD_ENDINGS_INLINE = "Releases?|News|Briefings?|Board|Room"

RELATED = r"links?|content|articles?|documents?|news|topics|pages?"
"""What a page offers as "related ..." on a line of its own."""

READ_ON_ADJECTIVES = (
    "related|latest|more|recent|popular|further|other|also|featured|next|previous|quick|useful|"
    "external|important"
)
READ_ON_NOUNS = (
    "news|articles?|links?|documents?|pages?|stories|releases?|content|"
    "topics?|reading|information|posts?|publications?|resources?"
)
"""With an adjective of those above, the heading of links behind a text; wider than `RELATED`, since
it only ever takes links."""

IN_A_BROWSER = "browser|web ?page|online"
IN_A_BROWSER_ANYWHERE = "browser|html|online"
"""In a mail of a few words, which need not be one sentence."""

CLASS_WORDS = frozenset(
    "nav navbar navi navigation gnb lnb menu skip share sharing sns social sidebar pagination "
    "pager paging footer masthead banner popup modal toolbar login topbar".split()
)
CLASS_WORDS_OF_LARGE_PARTS = frozenset(
    "cookie cookies consent gdpr breadcrumb breadcrumbs crumbs related recommended advert adverts "
    "advertisement newsletter subscribe comments".split()
)
"""Words in the ids and classes of boilerplate elements; those of the second list name elements that
may be as long as an article."""

PAGE_NUMBER = r"page|p\.|pg\.|seite|쪽|페이지"

# Above the text: labels of its facts

DATE_LABELS = (
    r"date|(?:posted|published|filed|written|issued|dated)(?: on)?|(?:release|meeting) date|"
    r"date (?:filed|issued|posted|published|of issue|of publication|of (?:the )?meeting)|"
    r"datum|(?:veröffentlicht|erstellt|erschienen)(?: am)?|publié(?:e)?(?: le)?|mis en ligne le|"
    r"fecha(?: de publicación)?|publicad[oa](?: el| em| a)?|data(?: de publicação)?|"
    r"pubblicat[oa](?: il)?|opublikowano|data publikacji|дата(?: публикации)?|опубликовано|"
    r"发布(?:时间|日期)|發布(?:時間|日期)|日期|时间|公開日|掲載日|発表日|作成日|작성일|등록일|게시일"
)
ACT_LABELS = (
    r"filed:\s(?-i:[A-Z ]{3,40})(?=\s\d)|"
    r"(?:date )?(?:filed|entered|decided|issued|adopted|released|dated|approved|delivered|signed|"
    r"rendered|promulgated|created)(?: on)?|"
    r"(?:judgment|decision|order|opinion|ruling)(?: of| dated)?|"
    r"date of (?:the )?(?:judgment|decision|order|adoption|issue|release)|decision date|"
    r"(?:urteil|beschluss|bescheid|erlass|verordnung)(?: vom)?|entscheidungsdatum|"
    r"(?:verkündet|beschlossen|erlassen|ausgefertigt|verabschiedet)(?: am)?|"
    r"(?:arrêt|jugement|décision|arrêté|décret|ordonnance)(?: du)?|en date du|"
    r"(?:rendue?|adoptée?|signée?|prononcée?|délivrée?)(?: le)?|"
    r"(?:sentencia|auto|resolución|decreto)(?: de| del)?|"
    r"(?:dictad[oa]|aprobad[oa]|emitid[oa]|firmad[oa])(?: el)?|fecha de (?:emisión|resolución)|"
    r"披露日期|公告日期|日期"
)
"""Before the day of an act, in lines of its caption."""

DATE_LABELS_INLINE = "Date|Posted|작성일|등록일"

HIT_LABELS = "hits?|views?|조회수?"
HIT_LABELS_INLINE = "hits?|views?|조회수"

TITLE_LABELS = "title|subject|제목"
SOURCE_LABELS = "source|url|link|출처"
BYLINE_LABELS = "from|by|author|published by"

ISSUED = "adopted|issued|published|released|posted|updated|dated"
"""Before a date at the head of a text."""
PUBLISHED = "published|posted|updated|modified|reviewed"
"""Before a date below a text; a sentence may begin with the others."""
PUBLISHED_ABROAD = (
    r"veröffentlicht|erstellt|erschienen|publiée?|publicad[oa]|pubblicat[oa]|opublikowano|"
    r"опубликовано"
)
UPDATED_ABROAD = (
    r"(?:zuletzt\s)?(?:aktualisiert|geändert|bearbeitet)|mis(?:e)? à jour|actualizad[oa]|"
    r"atualizad[oa]|aggiornat[oa]|zaktualizowano|обновлено"
)
OF_A_DAY = r"am|vom|den|le|li|du|el|em|il|del?|dal|z dnia|dnia|от"
"""Between a label or place and its day, in other languages."""

# Who issues the text

OFFICES = r"spokesperson|public relations|press (?:office|team)|ministry|department"
"""A line that has one of them names an office."""
OFFICES_AFTER_DATE = "press|team|office|service|news"

OFFICIALS = (
    "Secretary|Minister|Spokes(?:person|man|woman)|Ambassador|Director|President|Envoy|"
    "Representative|Counselor|Coordinator|Commissioner|Administrator"
)
"""Behind a name: the author."""
OFFICIALS_BEFORE_NAME = "Secretary|Minister|President|Ambassador|Director|Envoy|Representative"
"""Before a name: somebody in a title, who is no author."""

ROLES = (
    rf"{OFFICIALS}|nominee|member|judge|justice|officer|chair(?:man|woman|person)?|professor|manager|"
    r"head|chief|attorney|counsel|commander|general|colonel|captain|senator|governor|mayor|ranger|"
    r"editor|reporter|correspondent|author|analyst|engineer|scientist|researcher|economist|founder|"
    r"partner|fellow|adviser|advisor|delegate|rapporteur|treasurer|clerk|inspector|superintendent|"
    r"leiter(?:in)?|vorsitzende[r]?|sprecher(?:in)?|direktor(?:in)?|präsident(?:in)?|"
    r"directeur|directrice|président[e]?|porte-parole|ministre|presidente|ministr[oa]|"
    r"portavoz|director[a]?|direttore|presidenta"
)
"""Behind a name and a comma: what somebody is."""

TEXT_KINDS = (
    r"(?:press|news|media)\s(?:release|statement|communiqu[eé]|note|advisory|briefing|information)|"
    r"statement|readout|transcript|remarks|speech|communiqu[eé]|보도자료|보도참고자료"
)
TEXT_KINDS_ABROAD = (
    r"(?:presse|medien)?mitteilung|(?:presse|medien)information|presseerklärung|meldung|"
    r"communiqué(?: de presse)?|comunicado(?: (?:de|à) (?:prensa|imprensa))?|"
    r"nota (?:de prensa|à imprensa|de imprensa|informativa)|comunicato(?: stampa)?|"
    r"komunikat(?: prasowy)?|пресс-релиз|сообщение для сми"
)
RECORD_LABELS = (
    r"present|apologies(?: for absence)?|absent|in attendance|attend(?:ees|ance|ing)|regrets|"
    r"members|chair(?:ed by|person|man|woman)?|quorum|(?:minutes|notes) (?:taken )?by|note-?taker|"
    r"secretary|time|venue|location|place|decided|decision|actions?(?: items?)?|resolved|motion|"
    r"anwesend(?:e)?|entschuldigt|abwesend(?:e)?|teilnehmer(?:innen)?|vorsitz|protokoll|ort|zeit|"
    r"beschluss|présents?|excusés?|absents?|secrétaire|lieu|heure|presentes?|ausentes?|excusados?|"
    r"asistentes?|lugar|hora|presenti|assenti|luogo|ora|obecni|nieobecni|присутствовали|"
    r"отсутствовали|出席者?|欠席者?|缺席|地点|地點|場所|참석자?|불참자?|장소"
)
"""Labels of what minutes record; with a value behind, a line is content."""

ACT_KINDS = (
    "RESOLUTION|DECREE|ORDER|ORDINANCE|DECISION|DIRECTIVE|REGULATIONS?|RULING|PROTOCOL|RECOMMENDATION|"
    "VERORDNUNG|BESCHLUSS|ERLASS|ARRÊTÉ|DÉCRET|DÉCISION|RÉSOLUTION|RESOLUCIÓN|DECRETO|DECISIÓN|"
    "UCHWAŁA|ROZPORZĄDZENIE|ПОСТАНОВЛЕНИЕ|РАСПОРЯЖЕНИЕ|ПРИКАЗ|УКАЗ"
)
"""In capitals above the title: what an act is."""

# Below the text: ends, contacts

END_MARK = r"/\s*end\s*/"
UNOFFICIAL = r"un-?official\s+translation"
UNOFFICIAL_INLINE = r"unofficial\s+translation"

TELEPHONE = r"\+?\(?\d(?:[\s().\-/]*\d){6,}"
TELEPHONE_ALONE = (
    r"(?:tel(?:ephone)?\.?|phone|fax|mobile?|전화)?\s?:?\s?"
    r"(?:\+|\(?00?\d|1-)(?=(?:\D{0,3}\d){7,14}\D{0,2}$)[\d\s().\-/]+|"
    r"\(?\d{2,4}\)?[\s.\-/]\d{3,4}[.\-]\d{4}|\d{3}\s\d{3}\s\d{4}"
)
"""A line that is nothing else: with the sign of a number before 8 to 15 digits, or in its groups.
Figures in a row are none."""
