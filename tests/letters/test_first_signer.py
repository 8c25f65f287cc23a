"""The first use of a publisher's key may come from several sides at once."""

from concurrent.futures import ThreadPoolExecutor

from ledger.letters.certificates import load_or_make_signer


def test_two_first_uses_at_once_lead_to_one_key(tmp_path):
    with ThreadPoolExecutor(8) as many:
        made = list(many.map(lambda _: load_or_make_signer(tmp_path / "keys", "Harbour Review"), range(16)))
    assert len({signer.fingerprint for signer in made}) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["keys"]
