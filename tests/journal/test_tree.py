"""The tree against the public RFC 6962 vectors, and against a naive model written from its definitions."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.journal import tiles, tree
from tests.journal import naive

# The eight leaves of the certificate-transparency reference tests, with the root at each size.
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION_5_OF_8 = [
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
]
CONSISTENCY_6_TO_8 = [
    "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
]
EDGES = sorted({0} | {size for k in range(1, 11) for size in (2**k - 1, 2**k, 2**k + 1)})


def some_leaves(count: int) -> list[bytes]:
    return [b"leaf %d" % number for number in range(count)]


def reader(leaves: list[bytes]) -> tree.NodeReader:
    """Complete nodes straight from the leaves, by the naive model."""
    return lambda height, index: naive.mth(leaves[index << height : (index + 1) << height])


def tiled_reader(leaves: list[bytes]) -> tree.NodeReader:
    """The same through tiles, each computed on its own from the leaves."""
    hashes = [tree.leaf_hash(leaf) for leaf in leaves]

    def read_tile(level: int, index: int, width: int) -> bytes:
        span = 1 << tiles.HEIGHT * level
        starts = range(index * tiles.WIDTH * span, (index * tiles.WIDTH + width) * span, span)
        return b"".join(tiles.fold(hashes[start : start + span]) for start in starts)

    return tiles.node_reader(read_tile, len(leaves))


def test_the_public_roots() -> None:
    for size, expected in enumerate(ROOTS):
        hashes = [tree.leaf_hash(leaf) for leaf in LEAVES[:size]]
        assert tree.root_of(hashes).hex() == expected
        assert tree.root_at(reader(LEAVES), size).hex() == expected
        assert naive.mth(LEAVES[:size]).hex() == expected


def test_the_public_proofs() -> None:
    assert [hash_.hex() for hash_ in tree.inclusion_proof(reader(LEAVES), 5, 8)] == INCLUSION_5_OF_8
    assert [hash_.hex() for hash_ in tree.consistency_proof(reader(LEAVES), 6, 8)] == CONSISTENCY_6_TO_8


@pytest.mark.parametrize("size", EDGES)
def test_edges_of_the_sizes(size: int) -> None:
    leaves = some_leaves(size)
    read, hashes = tiled_reader(leaves), [tree.leaf_hash(leaf) for leaf in leaves]
    root = naive.mth(leaves)
    assert tree.root_at(read, size) == tree.root_of(hashes) == root
    for index in {0, size // 2, size - 2, size - 1} & set(range(size)):
        proof = tree.inclusion_proof(read, index, size)
        assert proof == naive.path(index, leaves)
        assert tree.verify_inclusion(hashes[index], index, size, proof, root)
    for old in {0, 1, size // 2, size - 1, size} & set(range(size + 1)):
        proof = tree.consistency_proof(read, old, size)
        assert proof == naive.proof(old, leaves)
        assert tree.verify_consistency(old, size, proof, naive.mth(leaves[:old]), root)


def test_every_proof_of_every_small_tree() -> None:
    for size in range(1, 34):
        leaves = some_leaves(size)
        read, root = reader(leaves), naive.mth(leaves)
        for index in range(size):
            proof = tree.inclusion_proof(read, index, size)
            assert proof == naive.path(index, leaves)
            assert tree.verify_inclusion(tree.leaf_hash(leaves[index]), index, size, proof, root)
            old_root = naive.mth(leaves[: index + 1])
            proof = tree.consistency_proof(read, index + 1, size)
            assert proof == naive.proof(index + 1, leaves)
            assert tree.verify_consistency(index + 1, size, proof, old_root, root)


@given(st.integers(1, 700), st.data())
def test_proofs_equal_the_models_and_verify(size: int, data: st.DataObject) -> None:
    leaves = some_leaves(size)
    read, root = tiled_reader(leaves), naive.mth(leaves)
    index = data.draw(st.integers(0, size - 1))
    proof = tree.inclusion_proof(read, index, size)
    assert proof == naive.path(index, leaves)
    assert tree.verify_inclusion(tree.leaf_hash(leaves[index]), index, size, proof, root)
    old = data.draw(st.integers(0, size))
    proof = tree.consistency_proof(read, old, size)
    assert proof == naive.proof(old, leaves)
    assert tree.verify_consistency(old, size, proof, naive.mth(leaves[:old]), root)


@given(st.lists(st.binary(max_size=40), max_size=80))
def test_the_frontier_grows_as_the_tree(leaves: list[bytes]) -> None:
    frontier = tree.Frontier()
    for count, leaf in enumerate(leaves, 1):
        frontier = frontier.append(tree.leaf_hash(leaf))
        assert frontier.size == count
        assert len(frontier.nodes) == count.bit_count()
    assert frontier.root() == naive.mth(leaves)


@given(st.integers(2, 300), st.randoms(use_true_random=False))
def test_a_changed_proof_does_not_verify(size: int, chance: random.Random) -> None:
    leaves = some_leaves(size)
    read, root = reader(leaves), naive.mth(leaves)
    index = chance.randrange(size)
    hash_, proof = tree.leaf_hash(leaves[index]), tree.inclusion_proof(read, index, size)
    for wrong in mangled(proof, chance):
        assert not tree.verify_inclusion(hash_, index, size, wrong, root)
    other = chance.choice([at for at in range(size) if at != index])
    assert not tree.verify_inclusion(hash_, other, size, proof, root)
    assert not tree.verify_inclusion(tree.leaf_hash(b"another"), index, size, proof, root)
    old = chance.randrange(1, size)
    old_root, proof = naive.mth(leaves[:old]), tree.consistency_proof(read, old, size)
    for wrong in mangled(proof, chance):
        assert not tree.verify_consistency(old, size, wrong, old_root, root)
    assert not tree.verify_consistency(old, size, proof, naive.mth([*leaves[: old - 1], b"another"]), root)
    assert not tree.verify_consistency(old, size, proof, old_root, naive.mth([*leaves[:-1], b"another"]))


def mangled(proof: list[bytes], chance: random.Random) -> list[list[bytes]]:
    at, bit = chance.randrange(len(proof)), 1 << chance.randrange(8)
    byte = chance.randrange(32)
    flipped = bytes(value ^ bit if place == byte else value for place, value in enumerate(proof[at]))
    return [
        [*proof[:at], flipped, *proof[at + 1 :]],
        [*proof[:at], *proof[at + 1 :]],
        [*proof, proof[-1]],
        [*proof[:at], proof[at][:31], *proof[at + 1 :]],
    ]


def test_numbers_outside_the_tree_are_refused() -> None:
    read = reader(some_leaves(4))
    for index, size in ((4, 4), (-1, 4), (0, 0)):
        with pytest.raises(ValueError, match="no entry"):
            tree.inclusion_proof(read, index, size)
    for old, new in ((5, 4), (-1, 4)):
        with pytest.raises(ValueError, match="no consistency"):
            tree.consistency_proof(read, old, new)
    with pytest.raises(ValueError, match="-1 leaves"):
        tree.root_at(read, -1)
    assert not tree.verify_inclusion(b"", 0, 0, [], tree.EMPTY_ROOT)
    assert not tree.verify_consistency(3, 2, [], b"", b"")


def test_a_leaf_cannot_pass_for_an_inner_node() -> None:
    left, right = tree.leaf_hash(b"a"), tree.leaf_hash(b"b")
    assert tree.leaf_hash(left + right) != tree.node_hash(left, right)


def test_numbers_that_lie_outside_the_tree_prove_nothing() -> None:
    """In a tree of one, the empty proof leads from the leaf to the root whatever number is claimed."""
    leaf = tree.leaf_hash(b"only")
    assert tree.verify_inclusion(leaf, 0, 1, [], leaf)
    for index, size in ((1, 1), (-1, 1), (0, 0), (2, 1)):
        assert not tree.verify_inclusion(leaf, index, size, [], leaf), (index, size)


def test_trees_of_one_size_are_consistent_only_where_they_are_the_same() -> None:
    one, other = tree.leaf_hash(b"one"), tree.leaf_hash(b"other")
    assert tree.verify_consistency(1, 1, [], one, one)
    assert not tree.verify_consistency(1, 1, [], one, other)
    assert not tree.verify_consistency(1, 1, [one], one, one)
    assert tree.verify_consistency(0, 1, [], tree.EMPTY_ROOT, one)
    assert not tree.verify_consistency(0, 1, [], other, one)
    assert not tree.verify_consistency(0, 1, [one], tree.EMPTY_ROOT, one)
    assert not tree.verify_consistency(2, 1, [], one, one)
    assert not tree.verify_consistency(-1, 1, [], one, one)
