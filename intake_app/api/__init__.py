"""Doors for machines: bytes in, bytes out. Each message proves itself by its signature; there is no session here."""
