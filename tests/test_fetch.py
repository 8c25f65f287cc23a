"""The way out: private addresses, redirects, sizes, time. The server is on loopback, reached by a test's guard."""

import gzip
import ipaddress
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.addresses import is_public
from ledger.fetch import PORTS, Fetched, FetchFailed, FetchRefused, Guard, fetch, post

_PRIVATE = """
0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.254 169.254.169.254
172.16.0.1 172.31.255.255
192.0.0.1 192.0.0.170 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9 224.0.0.1
239.255.255.250 240.0.0.1 255.255.255.255
:: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:8.8.8.8 64:ff9b::7f00:1 64:ff9b::8.8.8.8 64:ff9b:1::1 100::1
2001::1 2001:0:7f00:1:: 2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1:: 2002:808:808::1
3fff::1 5f00::1 fc00::1 fd12:3456::1
fe80::1 fec0::1 ff02::1 ff0e::1
"""
PRIVATE = _PRIVATE.split()
_PUBLIC = """
1.1.1.1 8.8.8.8 93.184.215.14 100.63.255.255 172.32.0.1
192.0.1.1 223.255.255.255 2606:4700::1111 2a00:1450::1 2400:cb00::1
"""
PUBLIC = _PUBLIC.split()


@pytest.mark.parametrize("text", PRIVATE)
def test_every_private_or_reserved_address_is_refused(text: str) -> None:
    assert not is_public(ipaddress.ip_address(text))
    with pytest.raises(FetchRefused, match="private or reserved"):
        fetch("https://harbour.example/", guard=Guard(resolve=lambda *_: [text]))


@pytest.mark.parametrize("text", PUBLIC)
def test_public_addresses_pass(text: str) -> None:
    assert is_public(ipaddress.ip_address(text))


@given(st.ip_addresses(v=6))
def test_nothing_outside_global_unicast_passes(address: ipaddress.IPv6Address) -> None:
    if address not in ipaddress.ip_network("2000::/3"):
        assert not is_public(address)


def test_one_private_address_among_public_ones_is_enough() -> None:
    with pytest.raises(FetchRefused):
        fetch("https://harbour.example/", guard=Guard(resolve=lambda *_: ["1.1.1.1", "10.0.0.1"]))


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://[::1]/",
        "http://[::ffff:7f00:1]/",
        "http://017700000001/",
        "http://localhost/",
        "http://127.1/",
    ],
)
def test_loopback_in_every_spelling_is_refused(url: str) -> None:
    with pytest.raises(FetchRefused):
        fetch(url)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("file:///etc/passwd", "only http"),
        ("ftp://harbour.example/", "only http"),
        ("gopher://harbour.example/", "only http"),
        ("https://finn:secret@harbour.example/", "password"),
        ("https://harbour.example:22/", "Port 22"),
        ("http://harbour.example:25/", "Port 25"),
        ("nonsense", "not a web address"),
        ("", "not a web address"),
    ],
)
def test_what_is_no_public_web_address_is_refused_in_one_line(url: str, says: str) -> None:
    with pytest.raises(FetchRefused) as refused:
        fetch(url, guard=Guard(resolve=_never))
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


def _never(host: str, port: int) -> list[str]:
    raise AssertionError("nothing may be looked up")


def test_an_unknown_host_fails_plainly() -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror("no such host")

    with pytest.raises(FetchFailed, match="not known"):
        fetch("https://harbour.example/", guard=Guard(resolve=unknown))


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        getattr(self, "serve" + self.path.split("?")[0].replace("/", "_"), self.serve_missing)()

    def do_POST(self) -> None:
        self.question = self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def serve_echo(self) -> None:
        heads = [self.headers[name] for name in ("Host", "Content-Type", "Accept", "Accept-Encoding")]
        self._send(200, "|".join(heads).encode() + b"|" + self.question, Content_Type="text/plain")

    def _send(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def serve_missing(self) -> None:
        self._send(404, b"<p>not here</p>", Content_Type="text/html")

    def serve_page(self) -> None:
        self._send(
            200, b"<h1>Tides</h1>" + self.headers["Host"].encode(), Content_Type="text/html; charset=utf-8"
        )

    def serve_hop(self) -> None:
        self._send(302, b"", Location="/page#top")

    def serve_loop(self) -> None:
        self._send(302, b"", Location="/loop")

    def serve_inward(self) -> None:
        self._send(302, b"", Location="http://inside.example/secret")

    def serve_tofile(self) -> None:
        self._send(301, b"", Location="file:///etc/passwd")

    def serve_gzip(self) -> None:
        self._send(200, gzip.compress(b"<p>packed</p>"), Content_Encoding="gzip", Content_Type="text/html")

    def serve_bomb(self) -> None:
        self._send(200, gzip.compress(b"\0" * 30_000_000), Content_Encoding="gzip")

    def serve_broken(self) -> None:
        self._send(200, b"not gzip at all", Content_Encoding="gzip")

    def serve_brotli(self) -> None:
        self._send(200, b"xx", Content_Encoding="br")

    def serve_large(self) -> None:
        self._send(200, b"x" * 200_000)

    def serve_endless(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"x" * 10_000)
        except OSError:
            pass

    def serve_drip(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            for _ in range(100):
                self.wfile.write(b"x")
                time.sleep(0.05)
        except OSError:
            pass

    def serve_silent(self) -> None:
        time.sleep(1.5)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


def _guard(port: int, asked: list[str] | None = None) -> Guard:
    """Harbour's name leads to the test's server; any other name to a private address, held to the real table."""

    def resolve(host: str, _: int) -> list[str]:
        if asked is not None:
            asked.append(host)
        return ["127.0.0.1"] if host == "harbour.example" else ["10.0.0.7"]

    return Guard(
        resolve=resolve,
        allow=lambda address: is_public(address) or str(address) == "127.0.0.1",
        ports=PORTS | {port},
    )


def _get(port: int, path: str, **limits: float) -> Fetched:
    return fetch(f"http://harbour.example:{port}{path}", guard=_guard(port), **limits)  # type: ignore[arg-type]


def test_a_page_comes_back_whole_with_its_name_in_the_host_header(port: int) -> None:
    found = _get(port, "/page?x=1#top")
    assert found.status == 200
    assert found.body == b"<h1>Tides</h1>" + f"harbour.example:{port}".encode()
    assert found.content_type == "text/html; charset=utf-8"
    assert found.chain == (f"http://harbour.example:{port}/page?x=1",)
    assert found.fetched_at.tzinfo is not None


def test_a_missing_page_is_an_answer_too(port: int) -> None:
    assert _get(port, "/nowhere").status == 404


def test_redirects_are_followed_and_recorded(port: int) -> None:
    found = _get(port, "/hop")
    assert found.final_url.endswith("/page")
    assert [url.rsplit("/", 1)[1] for url in found.chain] == ["hop", "page"]


def test_each_hop_is_resolved_once_and_connected_to_what_was_checked(port: int) -> None:
    asked: list[str] = []
    fetch(f"http://harbour.example:{port}/hop", guard=_guard(port, asked))
    assert asked == ["harbour.example", "harbour.example"]


def test_a_redirect_inward_is_refused(port: int) -> None:
    with pytest.raises(FetchRefused, match="private"):
        _get(port, "/inward")
    with pytest.raises(FetchRefused, match="only http"):
        _get(port, "/tofile")


def test_redirects_without_end_fail(port: int) -> None:
    with pytest.raises(FetchFailed, match="redirects more than"):
        _get(port, "/loop")


def test_packed_pages_are_unpacked(port: int) -> None:
    assert _get(port, "/gzip").body == b"<p>packed</p>"


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/bomb", "larger than 1 MB"),
        ("/endless", "larger than 1 MB"),
        ("/broken", "unpacked"),
        ("/brotli", "packed as"),
    ],
)
def test_outsize_and_broken_bodies_fail(port: int, path: str, says: str) -> None:
    with pytest.raises(FetchFailed, match=says):
        _get(port, path, max_bytes=1_000_000)


def test_the_cap_is_exact(port: int) -> None:
    assert len(_get(port, "/large", max_bytes=200_000).body) == 200_000
    with pytest.raises(FetchFailed, match="larger"):
        _get(port, "/large", max_bytes=199_999)


@pytest.mark.parametrize("path", ["/drip", "/silent"])
def test_a_slow_server_cannot_stretch_the_deadline(port: int, path: str) -> None:
    with pytest.raises(FetchFailed, match="in time"):
        _get(port, path, timeout=0.4)


def test_a_closed_port_fails_plainly() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        free = taken.getsockname()[1]
    with pytest.raises(FetchFailed, match="could not be read"):
        _get(free, "/page")


def _post(port: int, path: str, **limits: float) -> Fetched:
    given = {"content_type": "application/x-question", "accept": "text/plain", "max_bytes": 1000, **limits}
    return post(f"http://harbour.example:{port}{path}", b"when?", guard=_guard(port), **given)  # type: ignore[arg-type]


def test_a_question_is_put_and_its_answer_comes_back(port: int) -> None:
    answered = _post(port, "/echo")
    said = f"harbour.example:{port}|application/x-question|text/plain|identity|when?"
    assert (answered.status, answered.body.decode()) == (200, said)


def test_a_question_is_not_sent_on_by_a_redirect(port: int) -> None:
    answered = _post(port, "/hop")
    assert (answered.status, answered.body, len(answered.chain)) == (302, b"", 1)


@pytest.mark.parametrize(
    ("path", "limits", "says"),
    [
        ("/large", {}, "larger than 0.001 MB: no more is read"),
        ("/endless", {}, "larger than"),
        ("/bomb", {"max_bytes": 1_000_000}, "larger than"),
        ("/drip", {"timeout": 0.4}, "in time"),
        ("/silent", {"timeout": 0.4}, "in time"),
    ],
)
def test_an_answer_to_a_question_has_the_same_limits(
    port: int, path: str, limits: dict[str, float], says: str
) -> None:
    with pytest.raises(FetchFailed, match=says):
        _post(port, path, **limits)


@pytest.mark.parametrize("text", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fd12:3456::1"])
def test_no_question_is_put_to_a_private_address(text: str) -> None:
    with pytest.raises(FetchRefused, match="private or reserved"):
        post(
            "https://harbour.example/",
            b"",
            content_type="a/b",
            accept="a/b",
            max_bytes=9,
            guard=Guard(resolve=lambda *_: [text]),
        )
