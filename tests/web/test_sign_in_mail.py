"""The link by mail, the whole way: asked for on the page, written down as a job, sent, used."""

import re
from datetime import timedelta
from email import message_from_bytes, policy

from litestar.testing import TestClient

from ledger.app import create_app
from ledger.records import tasks
from ledger.worker import drain
from tests.cast import Cast
from tests.web.browsing import Visitor


def test_bob_asks_for_a_link_gets_one_mail_and_comes_in(cast: Cast) -> None:
    tasks.prepare(cast.settings.database_url)
    with TestClient(create_app(cast.settings, cast.desk), base_url=cast.settings.base_url) as client:
        bob = Visitor(client)
        for email in (cast.email("bob"), "nobody@nowhere.example"):
            assert bob.post("/sign-in/link", {"email": email, "next": "/account"}).status_code == 200
        drain(cast.settings, now=cast.clock() + timedelta(seconds=5))
        files = (cast.settings.data / "mail").glob("*.eml")
        mails = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
        # The journals' checkpoints go to the publishers once a day, in the same run.
        [message] = [mail for mail in mails if not mail["subject"].startswith("Journal checkpoint")]
        assert message["to"] == cast.email("bob")
        body = message.get_body(("plain",))
        assert body is not None
        link = re.search(r"/sign-in/link/\S+", body.get_content())
        assert link is not None
        assert bob.post(link[0], seen_on=link[0]).headers["location"] == "/account"
        assert "Bob Lind" in bob.get("/account").text
