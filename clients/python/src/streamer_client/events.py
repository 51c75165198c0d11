"""A job's events, until they are read."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .errors import Problem, StreamerError


@dataclass(frozen=True)
class JobEvent:
    """A piece of a job's output."""

    name: str
    data: Any
    seq: int


class EventBuffer:
    """Events that wait for their reader: so many at most, the oldest go first."""

    def __init__(
        self, most: int, wake: Callable[[], None], error: Callable[[Problem], StreamerError]
    ) -> None:
        self._events: deque[JobEvent] = deque()
        self._most = most
        self._wake = wake
        self._error = error
        self._dropped = 0
        self.over = False

    def push(self, event: JobEvent) -> None:
        self._events.append(event)
        if len(self._events) > self._most:
            self._events.popleft()
            self._dropped += 1
        self._wake()

    def rewind(self, after_seq: int) -> None:
        """Forgets what a run that starts again will give once more."""
        self._events = deque(event for event in self._events if event.seq <= after_seq)

    def end(self) -> None:
        self.over = True
        self._wake()

    def take(self) -> JobEvent | None:
        """The oldest, if there is one; raises ``EVENTS_LOST`` once where some were dropped."""
        if self._dropped:
            dropped, self._dropped = self._dropped, 0
            message = f"{dropped} events were not read in time"
            raise self._error(Problem("EVENTS_LOST", message, details={"count": dropped}))
        return self._events.popleft() if self._events else None
