"""Why the ledger can be believed: an append-only Merkle journal per publisher, in the field's own formats.

entry.py  what a leaf holds (canonical JSON, commitments instead of personal data)
tree.py   RFC 6962 / RFC 9162 hashing and proofs;  tiles.py  C2SP tlog-tiles
note.py   C2SP signed-note and tlog-checkpoint;    proof.py  C2SP tlog-proof

Pure: bytes in, bytes out; the storing is ledger/records/journal_store.py.
"""
