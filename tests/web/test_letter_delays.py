"""A letter whose file cannot be made just now: its pages say why, and it is made when it can be."""

import pytest

from ledger.desk.letters import issuing, signing
from ledger.desk.refusals import Unavailable
from ledger.desk.requests import deciding
from ledger.letters.signing_keys import BadCertificate
from ledger.records.letters import letters_of_request
from ledger.records.tenant import Tenant
from tests.cast import Cast
from tests.web.asked import ask_for, come_in, items_of, own_piece
from tests.web.browsing import Visitor


def test_a_letter_that_waits_says_why_and_is_made_when_asked_for(
    cast: Cast, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    request_id = ask_for(cast, own_piece(cast))
    text, photo = items_of(cast, request_id)
    deciding.decide(cast.desk, cast.bob, request_id, text.id, "granted")
    deciding.decide(cast.desk, cast.bob, request_id, photo.id, "declined", {"reason": "Not ours."})

    def cannot(*_given: object, **_named: object) -> bytes:
        raise BadCertificate("There is no token <Harbour>; plug it in.")

    with monkeypatch.context() as patched:
        patched.setattr(signing, "sign_pdf", cannot)
        with pytest.raises(Unavailable):
            issuing.issue(cast.desk, cast.bob, request_id)
        come_in(cast, visitor, "bob")
        with cast.desk.database.reading() as connection:
            (waiting,) = letters_of_request(Tenant(connection, cast.harbour.id), request_id)
        why = "There is no token &lt;Harbour&gt;; plug it in."
        assert why in visitor.get(f"/desk/letters/{waiting.id}").text
        assert why in visitor.get(f"/desk/requests/{request_id}").text
        path = f"/desk/letters/{waiting.id}"
        assert visitor.post(f"{path}/file", seen_on=path).status_code == 503
    assert visitor.post(f"{path}/file", seen_on=path).status_code in (200, 303)
    assert "plug it in" not in visitor.get(path).text
    assert visitor.get(f"{path}/file").content.startswith(b"%PDF")
