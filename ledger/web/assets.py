"""The static files, read once and served from memory: no path of a reader's ever reaches the disk."""

import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

STATIC = Path(__file__).with_name("static")
FOR_EVER = "public, max-age=31536000, immutable"
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


@dataclass(frozen=True)
class Asset:
    """One file. ``fingerprint`` is the first 12 hex digits of its SHA-256, part of its address."""

    content: bytes
    media_type: str
    fingerprint: str


def read_assets(folder: Path = STATIC) -> dict[str, Asset]:
    """Every file under ``folder`` by its path there."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {file.relative_to(folder).as_posix(): _asset(file) for file in files}


def _asset(file: Path) -> Asset:
    content = file.read_bytes()
    media_type = _TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return Asset(content, media_type, hashlib.sha256(content).hexdigest()[:12])


@get("/static/{name:path}", sync_to_thread=False)
def static_file(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[bytes]:
    """A file; kept for ever under its fingerprint, asked for again (ETag) without."""
    assets: dict[str, Asset] = request.app.state.assets
    asset = assets.get(name.lstrip("/"))
    if asset is None:
        raise NotFoundException()
    tag = f'"{asset.fingerprint}"'
    exact = request.query_params.get("v") == asset.fingerprint
    headers = {"ETag": tag, "Cache-Control": FOR_EVER if exact else "public, no-cache"}
    if request.headers.get("if-none-match") == tag:
        return Response(b"", status_code=304, headers=headers, media_type=asset.media_type)
    return Response(asset.content, headers=headers, media_type=asset.media_type)


handlers = [static_file]
