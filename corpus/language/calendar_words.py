"""The English names of months and weekdays, which every rule about days is made of."""

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

WEEKDAY_PATTERN = (
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b|[월화수목금토일]\b)"
)
"""A weekday as a date line has it, in lower case: `tuesday`, `tues`, `화`."""
