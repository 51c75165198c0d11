"""What the client's states need of the world: sockets, time and chance.

The states do nothing by themselves: they are called with what came and call what is here.
``world`` does it with asyncio.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class Pending(Protocol):
    """What is to come, unless it is called off."""

    def cancel(self) -> object: ...


class Socket(Protocol):
    def send(self, text: str) -> None: ...

    def limit_frames(self, bytes: int) -> None:
        """From here on a longer text goes in several frames of so many bytes at most."""

    def close(self) -> None:
        """Closes it with 1000; nothing is told of it any more."""


class SocketEvents(Protocol):
    def opened(self) -> None: ...

    def text(self, text: str) -> None: ...

    def closed(self, code: int, reason: str, status: int | None = None) -> None:
        """Once; 1006 without a close frame, with the status of a refused handshake."""


class Outside(Protocol):
    def now(self) -> float:
        """Seconds of a clock that nobody sets."""

    def wall(self) -> float:
        """Unix seconds."""

    def drawn(self) -> float:
        """A random number from 0 to 1."""

    def new_id(self) -> str: ...

    def later(self, seconds: float, call: Callable[[], None]) -> Pending: ...

    def token(self, given: Callable[[str], None], failed: Callable[[str], None]) -> Pending:
        """Asks for a token; the answer comes later, never within the call."""

    def open(self, token: str, events: SocketEvents) -> Socket:
        """Opens a socket; what becomes of it comes later, never within the call."""

    def fetch(self, url: str, most_bytes: int, fetched: Callable[[bytes | str], None]) -> None:
        """Fetches a body, or a byte more than is wanted of one that is too long; a text says why
        there is none. The answer comes later, never within the call."""
