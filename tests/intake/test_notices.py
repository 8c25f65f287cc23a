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


@pytest.mark.parametrize(
    ("ending", "holders"),
    [
        ("Copyright of this article belongs to North Quay Times.", ("North Quay Times",)),
        (
            "The copyright in this text is held by the Guild of Pilots and it is used here with leave.",
            ("Guild of Pilots",),
        ),
        ("North Quay Times retains the copyright of this story.", ("North Quay Times",)),
        ("Das Urheberrecht an diesem Artikel liegt bei der Nordkai Zeitung.", ("Nordkai Zeitung",)),
        ("Le droit d’auteur de cet article appartient à Quai du Nord.", ("Quai du Nord",)),
        ("Los derechos de autor de este artículo pertenecen a Muelle Norte.", ("Muelle Norte",)),
        ("Copyright of this article belongs to whoever wrote it.", ("Harbour Review",)),
        (
            "The copyright of an article belongs to North Quay Times.",
            ("Harbour Review",),
        ),  # of some article or other
    ],
)
def test_a_sentence_on_who_holds_this_article_goes_before_the_sites_notice(
    ending: str, holders: tuple[str, ...]
) -> None:
    page = f"{TEXT}\n\n{ending}\n\n© 2026 Harbour Review"
    assert read(page.encode(), url="https://harbour.example/quay").copyright.holders == holders


def test_a_sites_notice_under_a_text_from_elsewhere_names_no_holder_of_it() -> None:
    draft = read(
        b"<title>The quay | Harbour Review</title><article><h1>The quay at night</h1><p>By Mara Finn</p>"
        b"<p>" + b"The boats lay on the mud and waited. " * 8 + b"</p>"
        b'<p>First published in <a href="https://northquay.example/q">North Quay Times</a>.</p></article>'
        b"<footer>\xc2\xa9 2026 Harbour Review</footer>",
        url="https://harbour.example/quay",
    )
    assert draft.copyright.notice == "© 2026 Harbour Review"
    assert draft.copyright.holders == ()
    assert any("North Quay Times" in remark and "who holds it" in remark for remark in draft.remarks)
    assert draft.evidence["copyright"].confidence < 0.5
