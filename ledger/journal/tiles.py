"""Tiles: the tree in blocks of 256 hashes that never change once full (C2SP tlog-tiles).

The tile (level, index) holds the hashes of the complete subtrees of height ``8 * level``, numbered from
``index * 256``. A full tile is 256 hashes, 8,192 bytes; the last tile of a level may be partial, 1 to 255.
"""

import re
from collections.abc import Callable, Sequence

from ledger.journal.tree import HASH_SIZE, NodeReader, node_hash

HEIGHT = 8
WIDTH = 256
MAX_LEVEL = 63
MAX_ENTRY_SIZE = 0xFFFF  # an entry bundle prefixes each entry with its length as a 16-bit number

TileReader = Callable[[int, int, int], bytes]
"""(level, index, width) -> width * 32 bytes, the first ``width`` hashes of the tile."""

_PATH = re.compile(r"(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


class BadTilePath(ValueError):
    """The path is not one of C2SP tlog-tiles."""


def width_at(level: int, index: int, size: int) -> int:
    """How many hashes the tile has in a tree of ``size`` leaves: 256, fewer at the right edge, 0 for none."""
    return max(0, min(WIDTH, (size >> HEIGHT * level) - index * WIDTH))


def fold(hashes: Sequence[bytes]) -> bytes:
    """The root over 2**k hashes of equal height."""
    row = list(hashes)
    while len(row) > 1:
        row = [node_hash(row[at], row[at + 1]) for at in range(0, len(row), 2)]
    return row[0]


def split(tile: bytes) -> list[bytes]:
    """The hashes of a tile."""
    return [tile[at : at + HASH_SIZE] for at in range(0, len(tile), HASH_SIZE)]


def node_reader(read_tile: TileReader, size: int) -> NodeReader:
    """Reads complete nodes of a tree of ``size`` leaves out of tiles; each tile is asked for once."""
    kept: dict[tuple[int, int], bytes] = {}

    def read(height: int, index: int) -> bytes:
        level, within = divmod(height, HEIGHT)
        start = index << within  # the first of the 2**within hashes of the tile's level
        tile_index, offset = divmod(start, WIDTH)
        tile = kept.get((level, tile_index))
        if tile is None:
            tile = read_tile(level, tile_index, width_at(level, tile_index, size))
            kept[level, tile_index] = tile
        return fold(split(tile[offset * HASH_SIZE : (offset + (1 << within)) * HASH_SIZE]))

    return read


def index_path(index: int) -> str:
    """1234067 -> ``x001/x234/067``: groups of three digits, all but the last marked with an x."""
    groups = [f"{index % 1000:03d}"]
    while index >= 1000:
        index //= 1000
        groups.append(f"x{index % 1000:03d}")
    return "/".join(reversed(groups))


def path_of(level: int | None, index: int, width: int = WIDTH) -> str:
    """The path of a tile below ``tile/``; level None is the entry bundle."""
    head = "entries" if level is None else str(level)
    tail = "" if width == WIDTH else f".p/{width}"
    return f"{head}/{index_path(index)}{tail}"


def parse_path(path: str) -> tuple[int | None, int, int]:
    """What follows ``tile/`` -> (level or None for entries, index, width). Raises BadTilePath."""
    match = _PATH.fullmatch(path)
    if match is None:
        raise BadTilePath(f"not a tile path of C2SP tlog-tiles: {path[:80]!r}")
    level = None if match[1] == "entries" else int(match[1])
    index = int(match[2].replace("x", "").replace("/", ""))
    width = int(match[3]) if match[3] else WIDTH
    if (level or 0) > MAX_LEVEL or (match[3] and width >= WIDTH) or index_path(index) != match[2]:
        raise BadTilePath(f"not a tile path of C2SP tlog-tiles: {path[:80]!r}")
    return level, index, width


def bundle(leaves: Sequence[bytes]) -> bytes:
    """An entry bundle: each leaf behind its length as a big-endian 16-bit number."""
    return b"".join(len(leaf).to_bytes(2, "big") + leaf for leaf in leaves)


def unbundle(data: bytes) -> list[bytes]:
    """The leaves of an entry bundle. Raises ValueError where it is cut short."""
    leaves, at = [], 0
    while at < len(data):
        length = int.from_bytes(data[at : at + 2], "big")
        if at + 2 + length > len(data):
            raise ValueError("the entry bundle is cut short")
        leaves.append(data[at + 2 : at + 2 + length])
        at += 2 + length
    return leaves
