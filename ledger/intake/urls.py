"""The normal form of a web address: the key under which every piece is found.

Two addresses that lead to the same page should give the same key: one copied from a newsletter with its
campaign tags, one typed without ``www.``, one with the scheme of 2009. The normal form is therefore a *key*,
not a link: it always says ``https`` even where the site only answers on ``http``. Keep the address as given
beside it for people to follow.

Parsing follows the WHATWG URL standard (ada-url); escapes are put in order as RFC 3986 section 6.2.2 says.
"""

import hashlib
import re

import ada_url

MAX_LENGTH = 8192
"""Characters. Longer addresses are refused: no server takes them and no person has them."""

_TRACKER_NAMES = (
    "fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid ymclid ysclid twclid ttclid li_fat_id "
    "epik rb_clickid igsh igshid mc_cid mc_eid mkt_tok _ga _gl _ke _kx _hsenc _hsmi hsctatracking "
    "vero_id vero_conv wickedid oly_enc_id oly_anon_id s_cid s_kwcid ef_id cmpid ncid ocid icid smid "
    "smtyp spm scm xtor wt_mc wt_zmc wtmc at_medium at_campaign at_custom1 at_custom2 at_custom3 "
    "at_custom4 at_link_id at_link_type at_link_origin at_format at_bbc_team at_ptr_name "
    "at_campaign_type at_format_type sr_share fb_action_ids fb_action_types fb_source fb_ref ref_src "
    "ref_url guccounter guce_referrer guce_referrer_sig __twitter_impression soc_src soc_trk ito "
    "traffic_source amp_js_v amp_gsa usqp phpsessid jsessionid sessionid "
)
_TRACKERS = frozenset(_TRACKER_NAMES.split())
_TRACKER_PREFIXES = ("utm_", "mtm_", "matomo_", "pk_", "piwik_", "hsa_", "__hs", "trk_", "bsft_", "iesrc_")

_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;?]*", re.IGNORECASE)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_HOST_AND_PORT = re.compile(r"[^/?#@:\s]+\.[^/?#@:\s]+:\d{1,5}(?:[/?#]|$)")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


class NotAWebAddress(ValueError):
    """The text is no http or https address; the message says why in one line."""


def normalise_url(url: str) -> str:
    """The one spelling of *url* that is stored and compared. Applying it twice changes nothing.

    ``https`` for both schemes; host in lower case and punycode without ``www.`` or a final dot; ports 80 and
    443, sign-in names, fragment and session ids dropped; tracking parameters dropped and the rest sorted; no
    slash at the end but for the bare root. No scheme ("harbour.example/a") is taken as https.

    Raises NotAWebAddress where there is no http(s) host.
    """
    parsed = _parse(url)
    host = _bare_host(parsed.hostname)
    port = "" if parsed.port in ("", "80", "443") else f":{parsed.port}"
    path = _SESSION.sub("", _tidy(parsed.pathname)).rstrip("/")
    query = _tidy_query(parsed.search[1:])
    return f"https://{host}{port}{path or '/'}{'?' + query if query else ''}"


def url_key(url: str) -> int:
    """Signed 64-bit BLAKE2b of the normal form for an indexed BIGINT. After a hit compare the normal form."""
    return normal_form_key(normalise_url(url))


def normal_form_key(normal_form: str) -> int:
    """The same for an address that is in its normal form already, which is not made again."""
    digest = hashlib.blake2b(normal_form.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def is_web_address(text: str) -> bool:
    """Whether *text* begins like an http or https address (nothing is looked up)."""
    return text.lstrip()[:8].lower().startswith(("http://", "https://"))


def resolve(base: str | None, reference: str | None) -> str | None:
    """The absolute address of a link on a page; None for "#", "javascript:" and other dead ends."""
    text = (reference or "").strip()
    if not text or text.startswith("#") or len(text) > MAX_LENGTH:
        return None
    try:
        absolute = ada_url.URL(text, base) if base else ada_url.URL(text)
    except (ValueError, UnicodeEncodeError):
        return None
    return absolute.href if absolute.protocol in ("http:", "https:") else None


def host_of(url: str | None) -> str | None:
    """The host without ``www.``, or None where there is none."""
    if not url:
        return None
    try:
        return _bare_host(_parse(url).hostname)
    except NotAWebAddress:
        return None


def _parse(url: str) -> ada_url.URL:
    text = url.strip()
    if not text:
        raise NotAWebAddress("The address is empty: give one that begins with https://.")
    if len(text) > MAX_LENGTH:
        raise NotAWebAddress(f"The address is longer than {MAX_LENGTH} characters: give the page's own link.")
    if text.startswith("//"):
        text = "https:" + text
    elif not _SCHEME.match(text) or _HOST_AND_PORT.match(text):
        text = "https://" + text
    try:
        parsed = ada_url.URL(text)
    except (ValueError, UnicodeEncodeError):
        raise NotAWebAddress(f"“{text[:80]}” is not a web address: check it for typing errors.") from None
    if parsed.protocol not in ("http:", "https:") or not parsed.hostname.strip("."):
        raise NotAWebAddress(f"“{text[:80]}” is not a web address: it must begin with http:// or https://.")
    return parsed


def _bare_host(host: str) -> str:
    host = host.rstrip(".")
    while host.startswith("www.") and "." in host[4:]:
        host = host[4:]
    return host


def _tidy(text: str) -> str:
    """Escapes of plain letters undone, all others in capitals (RFC 3986, 6.2.2.1 and 6.2.2.2)."""

    def one(match: re.Match[str]) -> str:
        letter = chr(int(match[1], 16))
        return letter if letter in _UNRESERVED else match[0].upper()

    return _ESCAPE.sub(one, text)


def _tidy_query(query: str) -> str:
    parts = (_tidy(part).replace("%20", "+") for part in query.split("&"))
    return "&".join(sorted(part for part in parts if part and not _is_tracker(part)))


def _is_tracker(part: str) -> bool:
    name = part.partition("=")[0].lower()
    return name in _TRACKERS or name.startswith(_TRACKER_PREFIXES)
