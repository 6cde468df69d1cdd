"""Addresses of a central: what can be one, and whether it stays on this computer. Pure."""

from __future__ import annotations

import re

from sync.errors import Refused

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
# Scheme, host (a name, four numbers, or an IPv6 address in brackets), a port if any, a path if central lies below one.
_ADDRESS = re.compile(r"(https?)://([A-Za-z0-9.\-]+|\[[0-9A-Fa-f:.]+\])(?::([1-9][0-9]{0,4}))?(/[A-Za-z0-9._~/\-]*)?")


def is_loopback(url: str) -> bool:
    """Whether an address stays on this computer, so that plain HTTP is no risk."""
    parts = _ADDRESS.fullmatch(url)
    return parts is not None and parts[2].lower() in LOOPBACK


def check_url(url: str, allow_plain: bool) -> str:
    """The address of a central; plain HTTP only on this computer or when told. Raises Refused."""
    address = url.strip().rstrip("/")
    parts = _ADDRESS.fullmatch(address)
    if parts is None or int(parts[3] or 1) > 65535:
        raise Refused("bad_url", url=address[:100])
    if parts[1] == "http" and not allow_plain and not is_loopback(address):
        raise Refused("plain_http_refused", url=address[:100])
    return address
