"""Large results, over HTTP: without a token, and no more than so many bytes."""

from __future__ import annotations

import ssl
import urllib.error
import urllib.request
from http.client import HTTPException

_TIMEOUT = 30.0
_PART = 65_536


def fetch(url: str, most_bytes: int, context: ssl.SSLContext | None = None) -> bytes | str:
    """The body, or a byte more than is wanted of one that is too long; a text says why there is
    none. Blocks."""
    opener = urllib.request.OpenerDirector()
    # files and FTP are not among them
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(context=context),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPRedirectHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.UnknownHandler(),
    ):
        opener.add_handler(handler)
    try:
        with opener.open(url, timeout=_TIMEOUT) as answer:
            body = bytearray()
            while len(body) <= most_bytes:
                part = answer.read(min(_PART, most_bytes + 1 - len(body)))
                if not part:
                    break
                body += part
            return bytes(body)
    except urllib.error.HTTPError as e:
        e.close()
        return f"it answers {e.code}"
    except (OSError, HTTPException, ValueError) as e:
        return str(e) or type(e).__name__
