"""Signed notes and checkpoints against Go's published example, and against every small change to them."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.journal import note
from ledger.journal.tree import EMPTY_ROOT

# The example of golang.org/x/mod/sumdb/note.
VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
SKEY = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
SIGNATURE = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
NOTE = f"{TEXT}\n— PeterNeumann {SIGNATURE}\n"
ORIGIN = "ledger.example/journal/harbour-review"
SIGNER = note.Signer(ORIGIN, bytes(range(32)))


def test_the_public_example() -> None:
    verifier = note.Verifier.parse(VKEY)
    assert verifier.vkey == VKEY
    assert note.open_note(NOTE, [verifier]) == TEXT
    signer = note.Signer.parse(SKEY)
    assert signer.to_text() == SKEY
    assert signer.sign(TEXT) == NOTE
    assert signer.verifier == verifier


def test_no_piece_of_a_verifier_key_is_one() -> None:
    for start in range(len(VKEY)):
        for end in range(start + 1, len(VKEY) + 1):
            if (start, end) != (0, len(VKEY)):
                with pytest.raises(note.BadNote):
                    note.Verifier.parse(VKEY[start:end])


@given(st.integers(0, len(VKEY) - 1), st.characters(codec="utf-8"))
def test_a_changed_verifier_key_is_refused(at: int, char: str) -> None:
    changed = VKEY[:at] + char + VKEY[at + 1 :]
    if changed.strip() != VKEY:
        with pytest.raises(note.BadNote):
            note.Verifier.parse(changed)


@given(st.randoms(use_true_random=False))
def test_a_note_with_one_bit_flipped_is_refused(chance: random.Random) -> None:
    data = bytearray(NOTE.encode())
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    with pytest.raises(note.BadNote):
        note.open_note(bytes(data), [note.Verifier.parse(VKEY)])


def test_unknown_signatures_are_ignored_and_known_ones_must_hold() -> None:
    other = note.Signer("witness.example", bytes(32))
    both = NOTE + other.sign(TEXT).removeprefix(TEXT + "\n")
    peter = note.Verifier.parse(VKEY)
    assert note.open_note(both, [peter]) == TEXT
    assert note.open_note(both, [peter, other.verifier]) == TEXT
    spoilt = NOTE + other.sign("Another text.\n").removeprefix("Another text.\n\n")
    assert note.open_note(spoilt, [peter]) == TEXT
    with pytest.raises(note.WrongSignature):
        note.open_note(spoilt, [peter, other.verifier])
    with pytest.raises(note.UnknownKey):
        note.open_note(NOTE, [other.verifier])
    same_name = note.Signer("PeterNeumann", bytes(32)).verifier
    with pytest.raises(note.UnknownKey):
        note.open_note(NOTE, [same_name])


def test_the_algorithm_is_part_of_the_key_id() -> None:
    public = SIGNER.verifier.public
    ids = {note.key_id(ORIGIN, algorithm, public) for algorithm in (0x01, 0x04, 0x06, 0xFF)}
    assert len(ids) == 4


@pytest.mark.parametrize(
    "text",
    [
        "",
        TEXT,
        TEXT + "\n",
        NOTE[:-1],
        NOTE + "\n",
        NOTE.replace("— ", "- "),
        NOTE.replace("— ", "—  "),
        NOTE.replace("PeterNeumann x08", "Peter+Neumann x08"),
        NOTE.replace("AM=\n", "AN=\n"),  # stray bits in the last digit
        NOTE.replace("If", "\tIf"),
        "x\n\n— PeterNeumann x08=\n",
        TEXT + "\n" + "— a AAAAAAA=\n" * 101,
        "\ud800" + NOTE,
        b"\xff" + NOTE.encode(),
        "x" * (1 << 20) + NOTE,
    ],
)
def test_what_is_no_note(text: str | bytes) -> None:
    with pytest.raises(note.BadNote):
        note.open_note(text, [note.Verifier.parse(VKEY)])


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u00a0b", "a\nb"])
def test_names_that_notes_cannot_carry(name: str) -> None:
    with pytest.raises(note.BadNote):
        note.Signer(name, bytes(32))


@given(
    st.text(st.characters(codec="utf-8", exclude_characters="\n", exclude_categories=["Cc"]), min_size=1),
    st.integers(0, 2**60),
    st.binary(min_size=32, max_size=32),
)
def test_checkpoints_round_trip(origin: str, size: int, root: bytes) -> None:
    checkpoint = note.Checkpoint(origin, size, root)
    assert note.Checkpoint.parse(checkpoint.to_text()) == checkpoint


def test_a_checkpoint_is_signed_by_the_log_it_names() -> None:
    signed = note.sign_checkpoint(SIGNER, 0, EMPTY_ROOT)
    assert note.open_checkpoint(signed, [SIGNER.verifier]) == note.Checkpoint(ORIGIN, 0, EMPTY_ROOT)
    witness = note.Signer("witness.example", bytes(32))
    foreign = witness.sign(note.Checkpoint(ORIGIN, 0, EMPTY_ROOT).to_text())
    with pytest.raises(note.UnknownKey):
        note.open_checkpoint(foreign, [witness.verifier, SIGNER.verifier])


@pytest.mark.parametrize(
    "text",
    ["", "a\n1\n", "a\n01\n" + "A" * 43 + "=\n", "a\n-1\n" + "A" * 43 + "=\n", "a\n1\nAAAA\n", "a\n\n1\n",
     "a\n1\n" + "A" * 43 + "=\n\n", "a\n1\n" + "A" * 43 + "=", "a\n١\n" + "A" * 43 + "=\n"],
)  # fmt: skip
def test_what_is_no_checkpoint(text: str) -> None:
    with pytest.raises(note.BadNote):
        note.Checkpoint.parse(text)


def test_extension_lines_are_kept() -> None:
    text = note.Checkpoint("a", 1, bytes(32), ("more", "and more")).to_text()
    assert note.Checkpoint.parse(text).extensions == ("more", "and more")


def test_a_note_has_no_control_characters_and_at_most_a_hundred_signatures() -> None:
    key = note.Signer("ledger.example/journal/harbour", bytes(32))
    for text in ("a\tb\n", "a\x00\n", "a\r\n", "\x1f\n"):
        with pytest.raises(note.BadNote, match="control characters"):
            key.sign(text)
    signed = key.sign("text\n")
    body, signature = signed.split("\n\n")
    with pytest.raises(note.BadNote, match="control characters"):
        note.split_note(f"te\txt\n\n{signature}")
    assert len(note.split_note(f"{body}\n\n{signature * 100}")[1]) == 100
    with pytest.raises(note.BadNote, match="more than 100 signatures"):
        note.split_note(f"{body}\n\n{signature * 101}")
