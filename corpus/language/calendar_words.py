"""The names of months and weekdays, which every rule about days is made of."""

import unicodedata

_MONTH_FORMS = (
    "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul",
    "august aug", "september sept sep", "october oct", "november nov", "december dec",
)  # fmt: skip

MONTHS = {
    form: number for number, forms in enumerate(_MONTH_FORMS, start=1) for form in forms.split()
}
"""The names and abbreviations of months in lower case, each with its number from 1."""

MONTH_NAMES = tuple(forms.split()[0].title() for forms in _MONTH_FORMS)
"""The months as English writes them, from January."""

MONTH_ABBREVIATIONS = frozenset(form for forms in _MONTH_FORMS for form in forms.split()[1:])
"""The abbreviations in lower case, without their dots."""

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
"""In the order of `datetime.date.weekday`."""

_WEEKDAYS_ABROAD = (
    "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag "
    "lundi mardi mercredi jeudi vendredi samedi dimanche "
    "lunes martes miércoles jueves viernes sábado domingo "
    "lunedì martedì mercoledì giovedì venerdì sabato domenica "
    "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira "
    "poniedziałek wtorek środa czwartek piątek sobota niedziela "
    "понедельник вторник среда четверг пятница суббота воскресенье "
    "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag "
    "måndag tisdag onsdag torsdag fredag lördag söndag mandag tirsdag lørdag søndag"
).split()

WEEKDAY_PATTERN = (
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b|[월화수목금토일](?:요일)?\b"
    rf"|[月火水木金土日]曜日?|星期[一二三四五六日天]|(?:{'|'.join(_WEEKDAYS_ABROAD)})\b"
    r"|(?:mo|di|mi|do|fr|sa|so)\.)"
)
"""A weekday as a date line has it, in lower case: `tuesday`, `tues`, `화`, `dienstag`."""

_MONTHS_BY_LANGUAGE = {
    "de": "Januar Jänner Jan, Februar Feber Feb, März Mär Mrz, April Apr, Mai, Juni Jun, "
    "Juli Jul, August Aug, September Sept Sep, Oktober Okt, November Nov, Dezember Dez",
    "fr": "janvier janv, février févr, mars, avril avr, mai, juin, juillet juil, août, "
    "septembre sept, octobre oct, novembre nov, décembre déc",
    "es": "enero ene, febrero feb, marzo mar, abril abr, mayo may, junio jun, julio jul, "
    "agosto ago, septiembre setiembre sept, octubre oct, noviembre nov, diciembre dic",
    "it": "gennaio gen, febbraio feb, marzo mar, aprile apr, maggio mag, giugno giu, luglio lug, "
    "agosto ago, settembre set, ottobre ott, novembre nov, dicembre dic",
    "pt": "janeiro jan, fevereiro fev, março mar, abril abr, maio mai, junho jun, julho jul, "
    "agosto ago, setembro set, outubro out, novembro nov, dezembro dez",
    "pl": "stycznia styczeń sty, lutego luty lut, marca marzec mar, kwietnia kwiecień kwi, "
    "maja maj, czerwca czerwiec cze, lipca lipiec lip, sierpnia sierpień sie, "
    "września wrzesień wrz, października październik paź, listopada listopad lis, "
    "grudnia grudzień gru",
    "ru": "января январь янв, февраля февраль февр, марта март мар, апреля апрель апр, мая май, "
    "июня июнь июн, июля июль июл, августа август авг, сентября сентябрь сент сен, "
    "октября октябрь окт, ноября ноябрь нояб ноя, декабря декабрь дек",
    "uk": "січня січень січ, лютого лютий лют, березня березень бер, квітня квітень квіт, "
    "травня травень трав, червня червень черв, липня липень лип, серпня серпень серп, "
    "вересня вересень вер, жовтня жовтень жовт, листопада листопад лист, грудня грудень груд",
    "cs": "ledna leden led, února únor úno, března březen bře, dubna duben dub, "
    "května květen kvě, června červen čvn, července červenec čvc, srpna srpen srp, září zář, "
    "října říjen říj, listopadu listopad lis, prosince prosinec pro",
    "nl": "januari jan, februari feb, maart mrt, april apr, mei, juni jun, juli jul, "
    "augustus aug, september sep, oktober okt, november nov, december dec",
    "sv": "januari jan, februari feb, mars, april apr, maj, juni, juli, augusti aug, "
    "september sep, oktober okt, november nov, december dec",
    "da": "januar jan, februar feb, marts mar, april apr, maj, juni jun, juli jul, august aug, "
    "september sep, oktober okt, november nov, december dec",
    "nb": "januar jan, februar feb, mars mar, april apr, mai, juni jun, juli jul, august aug, "
    "september sep, oktober okt, november nov, desember des",
    "fi": "tammikuuta tammikuu, helmikuuta helmikuu, maaliskuuta maaliskuu, huhtikuuta huhtikuu, "
    "toukokuuta toukokuu, kesäkuuta kesäkuu, heinäkuuta heinäkuu, elokuuta elokuu, "
    "syyskuuta syyskuu, lokakuuta lokakuu, marraskuuta marraskuu, joulukuuta joulukuu",
    "ro": "ianuarie ian, februarie feb, martie mar, aprilie apr, mai, iunie iun, iulie iul, "
    "august aug, septembrie sept, octombrie oct, noiembrie nov, decembrie dec",
    "el": "ιανουαρίου ιανουάριος ιαν, φεβρουαρίου φεβρουάριος φεβ, μαρτίου μάρτιος μαρ, "
    "απριλίου απρίλιος απρ, μαΐου μάιος, ιουνίου ιούνιος ιουν, ιουλίου ιούλιος ιουλ, "
    "αυγούστου αύγουστος αυγ, σεπτεμβρίου σεπτέμβριος σεπ, οκτωβρίου οκτώβριος οκτ, "
    "νοεμβρίου νοέμβριος νοε, δεκεμβρίου δεκέμβριος δεκ",
    "ar": "يناير, فبراير, مارس, أبريل, مايو, يونيو, يوليو, أغسطس, سبتمبر, أكتوبر, نوفمبر, ديسمبر",
    "id": "januari jan, februari feb, maret mar, april apr, mei, juni jun, juli jul, agustus, "
    "september sep, oktober okt, november nov, desember des",
    "tr": "ocak oca, şubat şub, mart mar, nisan nis, mayıs may, haziran haz, temmuz tem, "
    "ağustos ağu, eylül eyl, ekim eki, kasım kas, aralık ara",
}
"""From Unicode's CLDR 48, with Austrian, Spanish and Russian forms beside them: of each month the
form that stands in a day, as the language writes it, and then others. No form is two months'."""


def _unaccented(name: str) -> str:
    decomposed = unicodedata.normalize("NFD", name)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


_MONTHS_ABROAD = {
    form: number
    for names in _MONTHS_BY_LANGUAGE.values()
    for number, forms in enumerate(names.split(", "), start=1)
    for form in forms.split()
}

MONTHS_ABROAD = {
    spelling.lower(): number
    for form, number in _MONTHS_ABROAD.items()
    for spelling in (form, _unaccented(form))
}
"""The names and abbreviations of months in other languages, in lower case, each with its number;
with their accents and as a typist leaves them out."""

MONTHS_IN_DAYS_ABROAD = {
    names.split()[0]: number
    for language in _MONTHS_BY_LANGUAGE.values()
    for number, names in enumerate(language.split(", "), start=1)
}
"""The names as a day of the language has them, capitals and all: `Mai` and `mai`."""
