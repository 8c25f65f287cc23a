"""Link checkers and proxies ask with HEAD; they get the headers of the GET and no body."""

import pytest


@pytest.mark.parametrize("path", ["/", "/find", "/verify", "/journal/harbour-review/checkpoint"])
def test_head_is_answered_like_get_without_the_body(visitor, path):
    asked = visitor.client.head(path)
    assert asked.status_code == 200
    assert asked.content == b""
    assert asked.headers["content-type"] == visitor.client.get(path).headers["content-type"]
