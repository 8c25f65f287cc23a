"""Proof files: the exact form, what they prove, and that no small change goes unseen."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.journal import proof
from ledger.journal.note import BadNote, Signer, UnknownKey, sign_checkpoint
from tests.journal import naive

SIGNER = Signer("ledger.example/journal/the-lantern", bytes(range(32)))


def a_proof(size: int, index: int, extra: bool = True) -> tuple[bytes, bytes]:
    leaves = [b'{"n":%d}' % number for number in range(size)]
    checkpoint = sign_checkpoint(SIGNER, size, naive.mth(leaves))
    path = naive.path(index, leaves)
    return proof.make_proof(index, path, checkpoint, leaves[index] if extra else None), leaves[index]


def test_the_form_of_the_specification() -> None:
    one, two = b"\x00" * 32, b"\xff" * 32
    assert proof.make_proof(10, [one, two], "checkpoint\n", b"extra information") == (
        b"c2sp.org/tlog-proof@v1\n"
        b"extra ZXh0cmEgaW5mb3JtYXRpb24=\n"
        b"index 10\n"
        b"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
        b"//////////////////////////////////////////8=\n"
        b"\n"
        b"checkpoint\n"
    )
    assert proof.make_proof(0, [], "checkpoint\n") == b"c2sp.org/tlog-proof@v1\nindex 0\n\ncheckpoint\n"


@given(st.integers(1, 300), st.data())
def test_what_is_in_the_journal_is_proven(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    file, leaf = a_proof(size, index)
    proven = proof.verify_proof(file, [SIGNER.verifier])
    assert (proven.leaf, proven.index, proven.checkpoint.size) == (leaf, index, size)
    bare, leaf = a_proof(size, index, extra=False)
    assert proof.verify_proof(bare, [SIGNER.verifier], leaf).leaf == leaf


@given(st.integers(1, 40), st.randoms(use_true_random=False))
def test_no_flipped_bit_is_accepted(size: int, chance: random.Random) -> None:
    file, _ = a_proof(size, chance.randrange(size))
    data = bytearray(file)
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    with pytest.raises((proof.BadProof, BadNote)):
        proof.verify_proof(bytes(data), [SIGNER.verifier])


def test_another_leaf_another_key_and_no_leaf_are_refused() -> None:
    file, leaf = a_proof(9, 4)
    bare, _ = a_proof(9, 4, extra=False)
    with pytest.raises(proof.BadProof, match="another entry"):
        proof.verify_proof(file, [SIGNER.verifier], b"another")
    with pytest.raises(proof.BadProof, match="not in the journal"):
        proof.verify_proof(bare, [SIGNER.verifier], b"another")
    with pytest.raises(proof.BadProof, match="does not carry the entry"):
        proof.verify_proof(bare, [SIGNER.verifier])
    with pytest.raises(UnknownKey):
        proof.verify_proof(file, [Signer(SIGNER.name, bytes(32)).verifier], leaf)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"c2sp.org/tlog-proof@v1\n\n",
        b"c2sp.org/tlog-proof@v1\n\ncheckpoint\n",
        b"c2sp.org/tlog-proof@v2\nindex 0\n\ncheckpoint\n",
        b"c2sp.org/tlog-proof@v1\r\nindex 0\n\ncheckpoint\n",
        b"c2sp.org/tlog-proof@v1\nindex 01\n\ncheckpoint\n",
        b"c2sp.org/tlog-proof@v1\nindex -1\n\ncheckpoint\n",
        b"c2sp.org/tlog-proof@v1\nextra !\nindex 0\n\ncheckpoint\n",
        b"c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n\ncheckpoint\n",
        b"c2sp.org/tlog-proof@v1\nindex 0\n" + b"A" * 43 + b"=\n" * 65 + b"\ncheckpoint\n",
        b"c2sp.org/tlog-proof@v1\nindex 0\n\xff\n\ncheckpoint\n",
        b"x" * (1 << 20 | 1),
    ],
)
def test_what_is_no_proof_file(data: bytes) -> None:
    with pytest.raises(proof.BadProof):
        proof.parse_proof(data)
