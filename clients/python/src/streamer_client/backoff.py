"""Whether and when a client comes back."""

from __future__ import annotations

from typing import Literal

Comeback = Literal["now", "jitter", "restart", "slow", "token", "never"]
"""At once; after a random time up to half a second or a whole one, doubling; after at least a
second; with a new token; or not at all."""

_LONGEST = 30.0

_BY_CODE: dict[int, Comeback] = {
    1000: "never",
    1001: "now",
    1002: "never",
    1003: "never",
    1007: "never",
    1009: "never",
    1012: "restart",
    1013: "slow",
    4401: "token",
    4403: "never",
    4408: "now",
    4429: "slow",
    4503: "never",
}

_BY_STATUS: dict[int, Comeback] = {401: "token", 403: "never", 429: "slow", 503: "slow"}


def comeback(code: int, status: int | None = None) -> Comeback:
    """By the code of a close, or the status of a refused handshake."""
    if status is not None:
        return _BY_STATUS.get(status, "jitter")
    return _BY_CODE.get(code, "jitter")


def delay(how: Comeback, tries: int, drawn: float) -> float:
    """Seconds before the next try, behind so many that led to no lasting connection.

    ``drawn`` is a random number from 0 to 1.
    """
    if how in ("now", "token") and tries == 0:
        return 0.0
    least = 1.0 if how == "slow" else 0.0
    first = 2.0 if how == "slow" else 1.0 if how == "restart" else 0.5
    # doubled so often it is the longest anyway
    most = min(_LONGEST, first * 2.0 ** min(tries, 10))
    return least + drawn * (most - least)
