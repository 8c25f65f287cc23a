"""The Merkle tree of RFC 6962 section 2.1 and RFC 9162 section 2.1, over SHA-256.

Every hash is 32 bytes. A *node* (height, index) is the hash of the complete subtree over the leaves
[index * 2**height, (index + 1) * 2**height); height 0 is the leaf hashes themselves. Proofs are lists of
hashes, from the leaf's side up. Anything that can read complete nodes can make a proof: ``NodeReader``.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

HASH_SIZE = 32
EMPTY_ROOT = sha256(b"").digest()  # RFC 6962: the hash of an empty list is the hash of an empty string

NodeReader = Callable[[int, int], bytes]
"""(height, index) -> the 32-byte hash of that complete subtree."""


def leaf_hash(leaf: bytes) -> bytes:
    """SHA-256(0x00 || leaf); the prefix keeps a leaf from passing for an inner node."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right)."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """The roots of the complete subtrees a tree of ``size`` leaves is made of, largest first.

    As many nodes as ``size`` has bits set: all that is needed to append and to know the root.
    """

    size: int = 0
    nodes: tuple[bytes, ...] = ()

    def append(self, hash_of_leaf: bytes) -> "Frontier":
        """The frontier with one leaf more; it joins with each complete subtree that it now completes."""
        nodes, size = list(self.nodes), self.size
        while size & 1:
            hash_of_leaf = node_hash(nodes.pop(), hash_of_leaf)
            size >>= 1
        nodes.append(hash_of_leaf)
        return Frontier(self.size + 1, tuple(nodes))

    def root(self) -> bytes:
        """The Merkle tree hash."""
        return join(self.nodes)


def join(nodes: Sequence[bytes]) -> bytes:
    """The root over complete subtrees, largest first; EMPTY_ROOT for none."""
    if not nodes:
        return EMPTY_ROOT
    root = nodes[-1]
    for node in reversed(nodes[:-1]):
        root = node_hash(node, root)
    return root


def root_of(hashes_of_leaves: Iterable[bytes]) -> bytes:
    """The Merkle tree hash of these leaf hashes, in one pass."""
    frontier = Frontier()
    for hash_of_leaf in hashes_of_leaves:
        frontier = frontier.append(hash_of_leaf)
    return frontier.root()


def root_at(read: NodeReader, size: int) -> bytes:
    """The root of the first ``size`` leaves. Raises ValueError for a negative size."""
    if size < 0:
        raise ValueError(f"a tree of {size} leaves")
    return EMPTY_ROOT if size == 0 else _hash_of_range(read, 0, size)


def inclusion_proof(read: NodeReader, index: int, size: int) -> list[bytes]:
    """PATH(index, D[size]) of RFC 6962 section 2.1.1. Raises ValueError unless 0 <= index < size."""
    if not 0 <= index < size:
        raise ValueError(f"no entry {index} in a tree of {size}")
    path: list[tuple[int, int]] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append((middle, high))
            high = middle
        else:
            path.append((low, middle))
            low = middle
    return [_hash_of_range(read, *range_) for range_ in reversed(path)]


def consistency_proof(read: NodeReader, old: int, new: int) -> list[bytes]:
    """PROOF(old, D[new]) of RFC 6962 section 2.1.2. Raises ValueError unless 0 <= old <= new.

    Empty for old == 0 and for old == new: there is nothing to prove.
    """
    if not 0 <= old <= new:
        raise ValueError(f"no consistency from {old} to {new} leaves")
    if old in (0, new):
        return []
    path: list[tuple[int, int]] = []
    low, high = 0, new
    while old != high:
        middle = low + _split(high - low)
        if old <= middle:
            path.append((middle, high))
            high = middle
        else:
            path.append((low, middle))
            low = middle
    if low:
        path.append((low, high))
    return [_hash_of_range(read, *range_) for range_ in reversed(path)]


def root_from_inclusion(hash_of_leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """The root this proof leads to (RFC 9162 section 2.1.3.2), None where it does not fit the numbers."""
    if not 0 <= index < size:
        return None
    position, last, root = index, size - 1, hash_of_leaf
    for sibling in proof:
        if last == 0 or len(sibling) != HASH_SIZE:
            return None
        if position & 1 or position == last:
            root = node_hash(sibling, root)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            root = node_hash(root, sibling)
        position, last = position >> 1, last >> 1
    return root if last == 0 else None


def verify_inclusion(hash_of_leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof shows that entry ``index`` of the tree (size, root) has this leaf hash."""
    return root_from_inclusion(hash_of_leaf, index, size, proof) == root


def verify_consistency(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    """Whether the tree (new, new_root) begins with the tree (old, old_root): RFC 9162 section 2.1.4.2."""
    if not 0 <= old <= new:
        return False
    if old == new:
        return not proof and old_root == new_root
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    hashes = list(proof)
    if old & (old - 1) == 0:  # a complete subtree is its own first hash, and is left out of the proof
        hashes.insert(0, old_root)
    if not hashes or any(len(hash_) != HASH_SIZE for hash_ in hashes):
        return False
    first, last = old - 1, new - 1
    while first & 1:
        first, last = first >> 1, last >> 1
    of_old = of_new = hashes[0]
    for hash_ in hashes[1:]:
        if last == 0:
            return False
        if first & 1 or first == last:
            of_old, of_new = node_hash(hash_, of_old), node_hash(hash_, of_new)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            of_new = node_hash(of_new, hash_)
        first, last = first >> 1, last >> 1
    return last == 0 and of_old == old_root and of_new == new_root


def _split(count: int) -> int:
    """The largest power of two smaller than ``count`` (count > 1): where RFC 6962 splits a list."""
    return 1 << (count - 1).bit_length() - 1


def _hash_of_range(read: NodeReader, low: int, high: int) -> bytes:
    """MTH(D[low:high]) for a range the recursion of RFC 6962 reaches: complete nodes, then a ragged end."""
    nodes = []
    while low < high:
        height = (high - low).bit_length() - 1
        nodes.append(read(height, low >> height))
        low += 1 << height
    return join(nodes)
