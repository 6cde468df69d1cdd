"""A text as an inline drawing that a scanner or a telephone reads; it needs neither a font nor a file."""

from __future__ import annotations

import io

from markupsafe import Markup


def drawn(text: str, title: str) -> Markup:
    """The text as a QR code."""
    import segno  # loaded with the first one: most pages draw none

    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, border=2, omitsize=True, title=title, svgclass="qr", lineclass=None
    )
    return Markup(out.getvalue().decode())  # segno escapes the title, the rest is paths
