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

DATE_LABELS = r"date|posted(?: on)?|published(?: on)?|release date|작성일|등록일|게시일"
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

TEXT_KINDS = (
    r"(?:press|news|media)\s(?:release|statement|communiqu[eé]|note|advisory|briefing|information)|"
    r"statement|readout|transcript|remarks|speech|communiqu[eé]|보도자료|보도참고자료"
)

# Below the text: ends, contacts

END_MARK = r"/\s*end\s*/"
UNOFFICIAL = r"un-?official\s+translation"
UNOFFICIAL_INLINE = r"unofficial\s+translation"

TELEPHONE = r"\+?\(?\d(?:[\s().\-/]*\d){6,}"
TELEPHONE_ALONE = r"\+?\(?\d(?:[\s().\-/]*\d){8,}"
"""A line that is nothing else needs more digits: it could be a date and a time."""
