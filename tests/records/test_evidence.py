"""The evidence store: what goes in comes out, or an error says why not."""

import errno
import hashlib
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.records.evidence import EvidenceDamaged, EvidenceMissing, EvidenceStore
from ledger.records.failures import RecordsUnavailable


@pytest.fixture
def store(tmp_path):
    return EvidenceStore(tmp_path / "evidence")


def files(store):
    return sorted(path for path in store.folder.rglob("*") if path.is_file())


@given(contents=st.lists(st.binary(max_size=200), max_size=6))
def test_what_goes_in_comes_out_under_its_hash(tmp_path_factory, contents):
    store = EvidenceStore(tmp_path_factory.mktemp("evidence"))
    hashes = [store.put(content) for content in contents]
    assert hashes == [hashlib.sha256(content).hexdigest() for content in contents]
    assert [store.get(sha256) for sha256 in hashes] == contents
    assert list(store.hashes()) == sorted(set(hashes))


def test_the_file_lies_where_its_hash_says(store):
    sha256 = store.put(b"a page")
    assert files(store) == [store.folder / sha256[:2] / sha256[2:]]


def test_the_same_bytes_are_one_file(store):
    first = store.put(b"a page")
    kept = files(store)[0].stat().st_ino
    assert store.put(b"a page") == first
    assert [file.stat().st_ino for file in files(store)] == [kept]


def test_a_missing_file_is_named(store):
    with pytest.raises(EvidenceMissing, match="0" * 64):
        store.get("0" * 64)


@pytest.mark.parametrize("damage", [b"", b"a pagE", b"a page and more"])
def test_a_changed_file_is_noticed_and_mended_by_putting_it_again(store, damage):
    sha256 = store.put(b"a page")
    store.path(sha256).write_bytes(damage)
    with pytest.raises(EvidenceDamaged, match=sha256):
        store.get(sha256)
    store.put(b"a page")
    assert store.get(sha256) == b"a page"


@pytest.mark.parametrize(
    "name", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 64 + "\n", "/" + "0" * 63]
)
def test_only_a_hash_is_a_name(store, name):
    with pytest.raises(ValueError, match="64 hexadecimal digits"):
        store.get(name)


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_full_disk_leaves_nothing_and_work_goes_on_afterwards(store, monkeypatch, step):
    def full(*_args, **_options):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(os, step, full)
        with pytest.raises(RecordsUnavailable, match="No space left"):
            store.put(b"a page")
    assert files(store) == []
    assert store.get(store.put(b"a page")) == b"a page"


def test_the_bytes_are_flushed_before_they_get_their_name(store, monkeypatch):
    steps = []
    fsync, replace = os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda handle: (steps.append("fsync"), fsync(handle)))
    monkeypatch.setattr(os, "replace", lambda *names: (steps.append("replace"), replace(*names)))
    store.put(b"a page")
    assert steps[:3] == ["fsync", "replace", "fsync"]
