"""The connection that a client keeps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from .backoff import Comeback, comeback, delay
from .frames import Decode, ServerFrame
from .line import Line
from .outside import Outside, Pending

_CALM = 60.0
_TOKEN = 60.0


@dataclass(frozen=True)
class ConnectionState:
    """How a client's connection stands.

    ``connecting``; ``open`` with its ``session``; ``waiting`` for the next try with the time ``at``
    which it comes and the ``reason``; or ``closed``, which it does not come back from by itself,
    with the ``reason`` and, where the server closed it, the ``code``.
    """

    name: Literal["connecting", "open", "waiting", "closed"]
    reason: str | None = None
    session: str | None = None
    at: float | None = None
    """Unix seconds."""
    code: int | None = None


class LinkEvents(Protocol):
    def hello(self) -> dict[str, int]: ...

    def welcome(self, line: Line, before: Line | None) -> None:
        """A line is ready; the one before stays for what is still to be answered on it."""

    def frame(self, line: Line, frame: ServerFrame) -> None: ...

    def lost(self, line: Line, reason: str) -> None: ...

    def closed(self, reason: str) -> None:
        """No other line will come by itself."""

    def state(self, state: ConnectionState) -> None: ...


class Link:
    """Keeps one line open: opens the next one when the last is lost, and before it is due to
    end."""

    def __init__(self, outside: Outside, decode: Decode, new_tokens: bool, on: LinkEvents) -> None:
        self._outside = outside
        self._decode = decode
        self._new_tokens = new_tokens
        self._on = on
        self._next: Line | None = None
        self._asked: Pending | None = None
        self._asked_until: Pending | None = None
        self._tries = 0
        self._timer: Pending | None = None
        self._goaway_at: float | None = None
        self.state = ConnectionState("closed", reason="not connected yet")
        self.current: Line | None = None
        self.why: str | None = None
        """What keeps the next line away, if anything did so far."""
        self.left = False
        """By its user: nothing but its user opens it again."""

    def connect(self) -> None:
        """Connects unless it does so already; waits no longer."""
        if self.state.name in ("closed", "waiting"):
            self._open()

    def renew(self) -> None:
        """Makes the next line, and drops this one when the next is welcome."""
        if not self._next:
            self._open()

    def close(self, reason: str, code: int | None = None) -> None:
        self._stop()
        for line in (self._next, self.current):
            if line:
                line.drop()
        self._next = self.current = None
        closed = self.state = ConnectionState("closed", reason=reason, code=code)
        # whoever connects again when told must not lose what is asked from then on
        self._on.closed(reason)
        if self.state is closed:
            self._on.state(closed)

    # what its lines tell

    def hello(self) -> dict[str, int]:
        return self._on.hello()

    def welcome(self, line: Line) -> None:
        old, self.current, self._next = self.current, line, None
        if old:
            old.leave()
        greeting = line.greeting or ServerFrame()
        self.why = None
        self._cancel_timer()
        if greeting.max_age:
            self._later(0.9 * greeting.max_age, self.renew)
        self._tell(ConnectionState("open", session=greeting.session))
        self._on.welcome(line, old)

    def frame(self, line: Line, frame: ServerFrame) -> None:
        if frame.type != "goaway":
            self._on.frame(line, frame)
        elif line is self.current:
            self._goaway_at = self._outside.now() + frame.reconnect_in
            self._later(frame.reconnect_in, self.renew)

    def closed(self, line: Line, code: int, reason: str, status: int | None, after: float) -> None:
        was_next = line is self._next
        was_current = line is self.current
        if was_next:
            self._next = None
        if was_current:
            self.current = None
            if self._outside.now() - line.opened_at >= _CALM:
                self._tries = 0
        state = self.state
        self._on.lost(line, reason)
        if self.state is not state:
            return  # somebody left, or came back, when told
        if self._next and was_current:
            self._tell(ConnectionState("connecting"))
        elif was_next or was_current:
            self._again(code, reason or f"closed with {code}", comeback(code, status), after)

    def _open(self) -> None:
        self._stop()
        self._goaway_at = None
        line = Line(self._outside, self._decode, self)
        self._next = line
        if not self.current:
            self._tell(ConnectionState("connecting"))

        def given(token: str) -> None:
            if line is self._next:
                self._stop()
                line.open(token)

        def failed(reason: str) -> None:
            if line is self._next:
                self._stop()
                line.fail(1006, reason)

        self._asked_until = self._outside.later(_TOKEN, lambda: failed("no token in time"))
        self._asked = self._outside.token(given, failed)

    def _again(self, code: int, reason: str, how: Comeback, after: float) -> None:
        self.why = reason
        hopeless = how == "never" or (how == "token" and not self._new_tokens)
        # what refuses a second line does not end the first
        if hopeless and not self.current:
            self.close(reason, code)
            return
        if how == "restart" and self._goaway_at is not None:
            # behind a goaway its moment counts
            due = self._goaway_at - self._outside.now()
        else:
            due = delay(how, self._tries, self._outside.drawn())
        wait = max(due, after, 0.0)
        self._tries += 1
        self._later(wait, self._open)
        if not self.current:
            at = self._outside.wall() + wait
            self._tell(ConnectionState("waiting", reason=reason, at=at))

    def _later(self, wait: float, what: Callable[[], None]) -> None:
        self._cancel_timer()
        self._timer = self._outside.later(wait, what)

    def _cancel_timer(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _stop(self) -> None:
        self._cancel_timer()
        for asked in (self._asked, self._asked_until):
            if asked:
                asked.cancel()
        self._asked = self._asked_until = None

    def _tell(self, state: ConnectionState) -> None:
        self.state = state
        self._on.state(state)
