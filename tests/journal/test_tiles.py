"""Tiles: widths, paths and bundles as C2SP tlog-tiles gives them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.journal import tiles


def test_the_specifications_example_of_70_000_entries() -> None:
    def row(level: int) -> list[int]:
        widths = []
        while width := tiles.width_at(level, len(widths), 70_000):
            widths.append(width)
        return widths

    assert row(0) == [256] * 273 + [112]
    assert row(1) == [256, 17]
    assert row(2) == [1]
    assert row(3) == []


def test_a_tree_of_256_is_one_full_tile_and_a_partial_one_above() -> None:
    assert [tiles.width_at(0, index, 256) for index in (0, 1)] == [256, 0]
    assert tiles.width_at(1, 0, 256) == 1
    assert tiles.width_at(1, 0, 255) == 0


def test_the_specifications_example_of_a_path() -> None:
    assert tiles.index_path(1234067) == "x001/x234/067"
    assert tiles.path_of(0, 1234067) == "0/x001/x234/067"
    assert tiles.path_of(None, 273, 112) == "entries/273.p/112"


@given(st.none() | st.integers(0, 63), st.integers(0, 10**12), st.integers(1, 256))
def test_paths_round_trip(level: int | None, index: int, width: int) -> None:
    assert tiles.parse_path(tiles.path_of(level, index, width)) == (level, index, width)


@pytest.mark.parametrize(
    "path",
    [
        "", "0", "0/", "0/1", "0/0001", "64/000", "00/000", "-1/000", "0/x000/001", "0/001/067",
        "0/000.p/0", "0/000.p/256", "0/000.p/01", "0/000.p/", "0/000/", "/0/000", "leaf/000", "0/٠٠٠",
        "0/000\n",
    ],
)  # fmt: skip
def test_other_paths_are_refused(path: str) -> None:
    with pytest.raises(tiles.BadTilePath):
        tiles.parse_path(path)


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_bundles_round_trip(leaves: list[bytes]) -> None:
    assert tiles.unbundle(tiles.bundle(leaves)) == leaves


def test_a_bundle_that_is_cut_short_is_refused() -> None:
    with pytest.raises(ValueError, match="cut short"):
        tiles.unbundle(tiles.bundle([b"abc"])[:-1])
