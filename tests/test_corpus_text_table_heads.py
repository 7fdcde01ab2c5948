import pytest

from corpus.text.table_heads import first_row_is_head


@pytest.mark.parametrize(
    "rows",
    [
        ["Country|2022 (million euros)|2023 (million euros)", "Belmar|14|3", "Sanesia|6|22"],
        ["Version|Date|Author", "2.0|2022-03-18|Dana Moss"],
        ["|2022|2023", "Belmar|14|3", "Sanesia|n/a|$22"],
        ["Spend|Quotes", "$0-$10,000|1", "$10,000-$50,000|2", "$50,000 or more|3"],
        ["Route|Fare", "Oslo to Moss|120 kroner for adults", "Moss to Oslo|80 kroner for adults"],
        ["Product|Q1|Q2", "Petrol|15|7", "Oil|3|USD 5"],
        ["Name|Kind", *("Ann|day", "Bert|night", "Cy|day", "Dora|night", "Eve|day")],
        ["No.|Recipient|Aid", "1|Ann Lee|5 gold", "2|Bert Moe|7 gold"],
        ["Name|Invoice No.|Qty.", "Ann|117|4", "Bert|118|5"],
        ["Month|Closed days", "January|4 days", "February|5 days", "March|6 days"],
        ["country|people", "Oslo|7", "Moss|8"],
        ["Jan|Feb|Mar", "4|5|6", "7|8|9"],
        ["Product|Growth", "Petrol|15,7 %", "Diesel|-0,7 %", "Oil|3 %"],
    ],
)
def test_a_row_of_words_above_figures_is_a_head(rows: list[str]) -> None:
    assert first_row_is_head([row.split("|") for row in rows])


@pytest.mark.parametrize(
    "rows",
    [
        ["Belmar|14|3", "Sanesia|6|22"],
        ["Name|Jane Doe", "Age|41", "Born|3 May 1980"],
        ["Date|12 May 2024", "Time|10:00", "Fee|$3"],
        ["Minister|Kim", "Ambassador|Lee", "Envoy|Park"],
        ["They met in Oslo, and agreed.|Note|One", "1|2|3"],
        ["Country|2022|2023"],
        ["Year|2022|2023", "Founded|1999|2001"],
        ["Ann|day", "Bert|night", "Cy|day", "Dora|night", "Eve|day"],
        ["Ann|day|none", "Bert|day|5", "Cy|day|6", "Eve|night|7"],
        ["A|A|A", "1|2|3"],
        ["They are closed.|Note|One", "1|2|3"],
        ["Monday|Closed", "Tuesday|9 to 17", "Wednesday|9 to 18", "Thursday|10 to 20"],
        ["Mon|none|none", "Tue|9 to 12|14 to 17", "Wed|8 to 12|14 to 18"],
        ["January|Nothing", "February|5 gold", "March|6 gold"],
        ["Ann|absent", "Bert|5 days", "Cy|6 days"],
    ],
)
def test_a_row_that_says_something_itself_is_none(rows: list[str]) -> None:
    assert not first_row_is_head([row.split("|") for row in rows])
