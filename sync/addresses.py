"""Addresses of a central: what can be one, and whether it stays on this computer. Pure."""

from __future__ import annotations

from urllib.parse import urlsplit

from sync.errors import Refused

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def is_loopback(url: str) -> bool:
    """Whether an address stays on this computer, so that plain HTTP is no risk."""
    return urlsplit(url).hostname in LOOPBACK


def check_url(url: str, allow_plain: bool) -> str:
    """The address of a central; plain HTTP only on this computer or when told. Raises Refused."""
    address = url.strip().rstrip("/")
    try:
        parts = urlsplit(address)
        wrong = (
            parts.scheme not in ("http", "https")
            or not parts.hostname
            or parts.query
            or parts.fragment
            or parts.port == 0
        )
    except ValueError:
        wrong = True
    if wrong:
        raise Refused("bad_url", url=address[:100])
    if parts.scheme == "http" and not allow_plain and not is_loopback(address):
        raise Refused("plain_http_refused", url=address[:100])
    return address
