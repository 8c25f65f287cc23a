"""HTML's own way of saying things, put right, and every wrong field reported at once."""

from datetime import date
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, EmailStr, Field, field_validator

from ledger.web.forms import Form, check, read_pairs


class Size(StrEnum):
    SMALL = "small"
    LARGE = "large"


class Item(BaseModel):
    portion: str = Field(title="portion", max_length=10)
    copies: int | None = Field(None, title="copies", gt=0)


class Wish(BaseModel):
    name: str = Field(title="your name")
    email: EmailStr | None = Field(None, title="email address")
    copies: int | None = Field(None, title="print run", ge=1, le=10_000)
    by: date | None = Field(None, title="needed by")
    size: Size = Field(Size.SMALL, title="size")
    formats: list[str] = Field(default_factory=list, title="formats", max_length=3)
    tags: tuple[str, ...] | None = None
    commercial: bool | None = None
    accepted: bool
    items: list[Item] = Field(default_factory=list, title="items")
    first: Item | None = None

    @field_validator("name")
    @classmethod
    def one_line(cls, value: str) -> str:
        if "\n" in value:
            raise ValueError("Write the name on one line.")
        return value


def form(**fields: str | list[str]) -> Form:
    pairs = [
        (name.replace("__", "."), value)
        for name, given in fields.items()
        for value in ([given] if isinstance(given, str) else given)
    ]
    return read_pairs(pairs)


def test_an_untouched_field_is_unknown_not_empty() -> None:
    wish = check(form(name="Alice", email="", copies="", by="", accepted="on", formats="", tags=""), Wish)
    assert wish is not None
    assert (wish.email, wish.copies, wish.by, wish.formats, wish.tags) == (None, None, None, [], None)


def test_one_ticked_box_of_many_is_still_a_list() -> None:
    wish = check(form(name="Alice", accepted="on", formats="ebook", tags=["a", "b"]), Wish)
    assert wish is not None
    assert wish.formats == ["ebook"]
    assert wish.tags == ("a", "b")


@pytest.mark.parametrize(
    ("sent", "meant"), [("on", True), ("yes", True), ("no", False), ("", None), (None, None)]
)
def test_a_question_may_stay_open(sent: str | None, meant: bool | None) -> None:
    fields = {"name": "Alice", "accepted": "on"} | ({} if sent is None else {"commercial": sent})
    wish = check(form(**fields), Wish)
    assert wish is not None
    assert wish.commercial is meant


def test_an_unticked_required_box_is_no() -> None:
    wish = check(form(name="Alice"), Wish)
    assert wish is not None
    assert wish.accepted is False


def test_dots_make_rows_in_their_order_and_gaps_close() -> None:
    wish = check(
        form(
            name="Alice",
            items__10__portion="last",
            items__2__portion="first",
            items__2__copies="7",
            first__portion="one",
        ),
        Wish,
    )
    assert wish is not None
    assert [(item.portion, item.copies) for item in wish.items] == [("first", 7), ("last", None)]
    assert wish.first == Item(portion="one")


def test_every_wrong_field_is_told_at_once_in_plain_words() -> None:
    wrong = form(
        email="alice at fenwick",
        copies="many",
        by="next spring",
        size="medium",
        formats=["a", "b", "c", "d"],
        items__0__portion="far too long a portion",
        items__0__copies="0",
    )
    assert check(wrong, Wish) is None
    assert list(wrong.errors) == [
        "name", "email", "copies", "by", "size", "formats", "items.0.portion", "items.0.copies",
    ]  # fmt: skip
    assert wrong.error("name") == "Your name is needed."
    assert wrong.error("copies") == "Print run must be a number, such as 250."
    assert wrong.error("by") == "Needed by must be a date written as 2026-03-31."
    assert wrong.error("size") == "Size must be one of: 'small' or 'large'."
    assert wrong.error("formats") == "Formats has too many entries: at most 3."
    assert wrong.error("items.0.portion") == "Portion is too long: at most 10 characters."
    assert wrong.error("items.0.copies") == "Copies must be more than 0."
    assert wrong.value("copies") == "many"  # nothing typed is lost


def test_a_shapes_own_words_are_used_as_they_are() -> None:
    wrong = form(name="Alice\nBcc: x")
    assert check(wrong, Wish) is None
    assert wrong.error("name") == "Write the name on one line."


def test_line_ends_are_one_kind_and_nul_is_dropped() -> None:
    assert form(name="a\r\nb\0c").value("name") == "a\nbc"


def test_what_is_shown_again_is_what_was_given() -> None:
    wish = Wish(name="Alice", accepted=True, formats=["ebook"], items=[Item(portion="all", copies=3)])
    shown = Form.filled(wish.model_dump())
    assert shown.value("accepted") == "on"
    assert shown.values("formats") == ["ebook"]
    assert check(shown, Wish) == wish


@given(
    st.lists(
        st.tuples(st.text(alphabet="items.0129abname[]", max_size=20), st.text(max_size=20)), max_size=12
    )
)
def test_no_form_whatever_breaks_the_reading(pairs: list[tuple[str, str]]) -> None:
    read = read_pairs(pairs)
    if check(read, Wish) is None:
        assert read.errors


@given(st.text(min_size=1).filter(lambda text: text.strip()), st.integers(1, 10_000), st.booleans())
def test_a_good_form_comes_back_the_same(name: str, copies: int, accepted: bool) -> None:
    fields = {"name": name, "copies": str(copies)} | ({"accepted": "on"} if accepted else {})
    wish = check(form(**fields), Wish)
    tidy = name.replace("\r\n", "\n").replace("\0", "").strip()
    if not tidy or "\n" in tidy:
        assert wish is None
    else:
        assert wish is not None
        assert (wish.name, wish.copies, wish.accepted) == (tidy, copies, accepted)
