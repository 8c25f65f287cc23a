"""Where a copyright notice ends, and which year is its own."""

import pytest

from ledger.intake import read

TEXT = "# The quay at night\n\nBy Mara Finn\n\n" + "The boats lay on the mud and waited. " * 8


@pytest.mark.parametrize(
    ("ending", "year"),
    [
        ("© The Lantern\n2019\n", 2019),  # an infobox: the year stands below
        ("© The Lantern.\n2019\n", None),  # the sentence is over: the year is something else
        ("© The Lantern\n1999 was a good year.\n", None),
        ("© 2020 The Lantern\n2019\n", 2020),
    ],
)
def test_a_year_below_belongs_to_a_notice_that_is_not_over(ending: str, year: int | None) -> None:
    found = read(f"{TEXT}\n\n{ending}".encode(), url="https://harbour.example/quay").copyright
    assert (found.holders, found.year) == (("The Lantern",), year)


@pytest.mark.parametrize(
    ("ending", "holders"),
    [
        ("All pictures (C) The Lantern", ("The Lantern",)),
        ("(c) The Lantern", ("The Lantern",)),  # at the head of its line
        ("as said under (c) The Lantern has it otherwise", ()),  # an item of a list
        ("as said under (c) 2019 The Lantern", ("The Lantern",)),
        ("(c) the third of them", ()),
    ],
)
def test_a_letter_in_brackets_is_a_notice_where_a_year_or_a_name_follows(
    ending: str, holders: tuple[str, ...]
) -> None:
    assert (
        read(f"{TEXT}\n\n{ending}\n".encode(), url="https://harbour.example/quay").copyright.holders
        == holders
    )
