"""Offices and forms of address, as they stand before a person's name."""

ABBREVIATIONS = {
    "fm": "foreign minister", "pm": "prime minister", "rep": "representative",
    "reps": "representatives", "amb": "ambassador", "sec": "secretary", "secstate":
    "secretary of state", "depsec": "deputy secretary", "pres": "president", "vp":
    "vice president", "vfm": "vice foreign minister", "dfm": "deputy foreign minister",
    "govt": "government", "intl": "international", "min": "minister", "defmin":
    "defense minister", "nsa": "national security advisor", "gen": "general",
}  # fmt: skip
"""What people type for an office, in lower case, and what documents write."""

OFFICES = frozenset(
    "mr mrs ms miss dr prof professor sir dame lord lady king queen prince princess sheikh "
    "prime president chairman chairwoman chair chancellor premier minister secretary "
    "undersecretary ambassador envoy representative consul attaché senator congressman "
    "congresswoman governor mayor commissioner director spokesperson spokesman spokeswoman "
    "deputy vice acting former general admiral colonel major captain lieutenant judge justice "
    "bishop pope father".split()
)
"""Words in lower case that precede a name and are no part of it."""

AFTER_NAMES = frozenset("jr sr ii iii iv esq".split())
"""Words in lower case that follow a name and are not what a person is known by."""
