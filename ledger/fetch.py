"""The only way out to the web: one page, or one question to a service, within limits of size and time.

The host is resolved once, every address is held against the table of ``ledger.addresses``, and the connection
goes to the address that was checked, so that a name cannot change its mind in between (DNS rebinding). Redirects
are followed by hand and checked again.
"""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import ada_url
import httpcore

from ledger.addresses import Address, is_public
from ledger.checked_connection import CheckedBackend, time_left

MAX_BYTES = 10_000_000
TIMEOUT = 20.0
MAX_REDIRECTS = 5
PORTS = frozenset({80, 443, 8080, 8443})
_HEADERS = (
    (b"User-Agent", b"permissions-ledger (reads one page at a person's request)"),
    (b"Accept", b"text/html, text/*;q=0.9, */*;q=0.5"),
    (b"Accept-Encoding", b"gzip, deflate"),
    (b"Connection", b"close"),
)
_POST_HEADERS = (
    (b"User-Agent", b"permissions-ledger"),
    (b"Accept-Encoding", b"identity"),
    (b"Connection", b"close"),
)
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class FetchRefused(Exception):
    """The address may not be fetched; the message says why in one plain sentence. Nothing was sent."""


class FetchFailed(Exception):
    """The page could not be had (no answer, too large, too slow, broken); one plain sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """``body`` is decompressed. ``chain`` is every address asked, the first and the last included.
    ``status`` may be any HTTP status: 404 is an answer too."""

    url: str
    final_url: str
    status: int
    content_type: str | None
    body: bytes
    fetched_at: datetime
    chain: tuple[str, ...]


def _resolve(host: str, port: int) -> list[str]:
    return [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """What may be reached. Production uses the default; tests pass their own to reach a loopback server."""

    allow: Callable[[Address], bool] = is_public
    resolve: Callable[[str, int], Iterable[str]] = _resolve
    ports: frozenset[int] = PORTS
    tls: Callable[[], ssl.SSLContext] = field(default=ssl.create_default_context)


PUBLIC_ONLY = Guard()


def fetch(
    url: str, *, max_bytes: int = MAX_BYTES, timeout: float = TIMEOUT, guard: Guard = PUBLIC_ONLY
) -> Fetched:
    """Get one page. *max_bytes* caps the body, compressed and not; *timeout* is seconds for everything,
    redirects included.

    Raises FetchRefused for an address that may not be asked, FetchFailed where no whole answer came.
    """
    deadline = time.monotonic() + timeout
    chain: list[str] = []
    target = url
    for _ in range(MAX_REDIRECTS + 1):
        parsed = _checked_url(target, guard)
        chain.append(parsed.href)
        address = _checked_address(parsed, guard, deadline)
        answer = _ask(parsed, address, guard, deadline, max_bytes, _GET)
        if answer.status not in _REDIRECTS or not answer.location:
            return _fetched(url, answer, chain)
        target = _joined(parsed, answer.location)
    raise FetchFailed(f"{chain[0]} redirects more than {MAX_REDIRECTS} times: give the page's final address.")


def post(
    url: str,
    body: bytes,
    *,
    content_type: str,
    accept: str,
    max_bytes: int,
    timeout: float = TIMEOUT,
    guard: Guard = PUBLIC_ONLY,
) -> Fetched:
    """Put one question to a service that an operator has named. Limits and refusals as of ``fetch``.

    A redirect is not followed (it is an answer as any other): the question was meant for this address.
    """
    deadline = time.monotonic() + timeout
    parsed = _checked_url(url, guard)
    address = _checked_address(parsed, guard, deadline)
    kinds = ((b"Content-Type", content_type.encode()), (b"Accept", accept.encode()))
    length = (b"Content-Length", str(len(body)).encode())
    asked = _Question("POST", (*_POST_HEADERS, *kinds, length), body)
    return _fetched(url, _ask(parsed, address, guard, deadline, max_bytes, asked), [parsed.href])


def _fetched(url: str, answer: _Answer, chain: list[str]) -> Fetched:
    return Fetched(
        url=url,
        final_url=chain[-1],
        status=answer.status,
        content_type=answer.content_type,
        body=answer.body,
        fetched_at=datetime.now(UTC),
        chain=tuple(chain),
    )


def _joined(base: ada_url.URL, location: str) -> str:
    try:
        return ada_url.URL(location, base.href).href
    except (ValueError, UnicodeEncodeError):
        raise FetchFailed(f"{base.href} redirects to something that is no address.") from None


def _checked_url(url: str, guard: Guard) -> ada_url.URL:
    try:
        parsed = ada_url.URL(url.strip())
    except (ValueError, UnicodeEncodeError):
        raise FetchRefused(f"“{url[:80]}” is not a web address: check it for typing errors.") from None
    if parsed.protocol not in ("http:", "https:") or not parsed.hostname:
        raise FetchRefused(f"“{url[:80]}” is not a web address: only http:// and https:// are fetched.")
    if parsed.username or parsed.password:
        raise FetchRefused("The address carries a name or password: give it without them.")
    if _port(parsed) not in guard.ports:
        raise FetchRefused(
            f"Port {_port(parsed)} is not fetched: pages are read from the usual web ports only."
        )
    parsed.hash = ""
    return parsed


def _port(parsed: ada_url.URL) -> int:
    return int(parsed.port) if parsed.port else 443 if parsed.protocol == "https:" else 80


def _checked_address(parsed: ada_url.URL, guard: Guard, deadline: float) -> str:
    """The first address of the host, once every one of them has passed the table."""
    host = parsed.hostname.strip("[]")
    pool = ThreadPoolExecutor(max_workers=1)  # getaddrinfo knows no timeout
    try:
        found = pool.submit(lambda: list(guard.resolve(host, _port(parsed)))).result(time_left(deadline))
    except TookTooLong:
        raise FetchFailed(f"{host} could not be looked up in time: try again later.") from None
    except (OSError, UnicodeError):
        raise FetchFailed(f"{host} is not known: check the address for typing errors.") from None
    finally:
        pool.shutdown(wait=False)
    if not found:
        raise FetchFailed(f"{host} has no address: check it for typing errors.")
    for text in found:
        try:
            allowed = guard.allow(ipaddress.ip_address(text))  # "fe80::1%eth0" keeps its zone and is refused
        except ValueError:
            allowed = False
        if not allowed:
            raise FetchRefused(
                f"{host} leads to a private or reserved address ({text}): only public pages are read."
            )
    return found[0]


@dataclass(frozen=True, slots=True)
class _Question:
    method: str
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes | None = None
    advice: str = "no more is read"


_GET = _Question("GET", _HEADERS, advice="give the article alone")


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    location: str | None
    content_type: str | None
    body: bytes


def _ask(
    parsed: ada_url.URL, address: str, guard: Guard, deadline: float, max_bytes: int, asked: _Question
) -> _Answer:
    secure = parsed.protocol == "https:"
    backend = CheckedBackend(address, deadline)
    limits = dict.fromkeys(("connect", "read", "write", "pool"), time_left(deadline))
    target = httpcore.URL(
        scheme=parsed.protocol[:-1].encode(),
        host=parsed.hostname.encode(),
        port=_port(parsed),
        target=(parsed.pathname + parsed.search).encode(),
    )
    headers = [(b"Host", parsed.host.encode()), *asked.headers]
    try:
        with (
            httpcore.ConnectionPool(
                ssl_context=guard.tls() if secure else None, network_backend=backend
            ) as pool,
            pool.stream(
                asked.method, target, headers=headers, content=asked.body, extensions={"timeout": limits}
            ) as response,
        ):
            named = {name.lower(): value.decode("latin-1") for name, value in response.headers}
            location = named.get(b"location")
            skip = response.status in _REDIRECTS and bool(location)
            body = b"" if skip else _body(response, named, max_bytes, deadline, parsed.href, asked.advice)
            return _Answer(response.status, location, named.get(b"content-type"), body)
    except (httpcore.TimeoutException, TimeoutError):
        raise FetchFailed(f"{parsed.href} did not answer in time: try again later.") from None
    except (httpcore.NetworkError, httpcore.ProtocolError, ssl.SSLError, OSError) as error:
        reason = str(error).strip().splitlines()[:1]
        raise FetchFailed(
            f"{parsed.href} could not be read ({(reason or ['connection broken'])[0][:120]})."
        ) from None


def _body(
    response: httpcore.Response,
    named: dict[bytes, str],
    max_bytes: int,
    deadline: float,
    url: str,
    advice: str,
) -> bytes:
    """The decompressed body, given up as soon as either form of it is too long."""
    with contextlib.suppress(ValueError):
        if int(named.get(b"content-length", "0")) > max_bytes:
            raise _too_large(url, max_bytes, advice)
    inflate = _inflater(named.get(b"content-encoding", "identity").strip().lower(), url)
    received = 0
    parts: list[bytes] = []
    length = 0
    for chunk in response.iter_stream():
        received += len(chunk)
        if time.monotonic() > deadline:
            raise FetchFailed(f"{url} was not received in time: try again later.")
        try:
            part = inflate(chunk, max_bytes + 1 - length)
        except zlib.error:
            raise FetchFailed(f"{url} sent a body that cannot be unpacked.") from None
        length += len(part)
        parts.append(part)
        if received > max_bytes or length > max_bytes:
            raise _too_large(url, max_bytes, advice)
    return b"".join(parts)


def _too_large(url: str, max_bytes: int, advice: str) -> FetchFailed:
    return FetchFailed(f"{url} is larger than {max_bytes / 1e6:g} MB: {advice}.")


def _inflater(encoding: str, url: str) -> Callable[[bytes, int], bytes]:
    if encoding in ("", "identity"):
        return lambda chunk, _: chunk
    if encoding in ("gzip", "x-gzip", "deflate"):
        # 32 + 15: gzip and zlib headers are told apart by zlib itself
        unpacker: Any = zlib.decompressobj(47)
        return lambda chunk, most: unpacker.decompress(chunk, max(1, most))
    raise FetchFailed(f"{url} is packed as “{encoding[:20]}”, which was not asked for.")
