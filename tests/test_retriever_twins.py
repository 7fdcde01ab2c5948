from hypothesis import given
from hypothesis import strategies as st

from retriever.twins import Twin, shown_once


def rows(*twins: Twin) -> dict[int, list[int]]:
    return {one.row: [each.row for each in others] for one, others in shown_once(twins).items()}


def test_the_newest_is_shown_in_the_place_of_the_best() -> None:
    best, other = Twin(7, "2022-06-07", 10), Twin(5, "2020-01-01", 11)
    newest, undated = Twin(7, "2022-06-15", 30), Twin(7, None, 20)
    assert rows(best, other, undated, newest) == {30: [10, 20], 11: []}


def test_of_one_day_the_better_one_is_shown() -> None:
    assert rows(Twin(7, "2022-06-07", 12), Twin(7, "2022-06-07", 3)) == {12: [3]}
    assert rows(Twin(7, None, 12), Twin(7, None, 3)) == {12: [3]}


def test_a_row_is_named_once() -> None:
    twin = Twin(7, "2022-06-07", 12)
    assert rows(twin, Twin(7, "2021-06-07", 3), twin) == {12: [3]}
    assert rows() == {}


TWINS = st.builds(
    Twin,
    st.integers(0, 3),
    st.sampled_from([None, "2022-06-07", "2022-06-15", "2023-01-01"]),
    st.integers(0, 8),
)


@given(st.lists(TWINS))
def test_no_key_is_shown_twice_and_no_row_is_lost(twins: list[Twin]) -> None:
    shown = shown_once(twins)
    assert [one.key for one in shown] == list(dict.fromkeys(each.key for each in twins))
    for one, others in shown.items():
        assert {each.row for each in (one, *others)} == {
            each.row for each in twins if each.key == one.key
        }
        days = [each.posted or "" for each in (one, *others)]
        assert days == sorted(days, reverse=True)
