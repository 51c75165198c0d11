"""One socket, from its opening to its end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from .frames import Decode, ServerFrame, compact, read
from .outside import Outside, Pending, Socket

HELLO = "hello"
"""The id of a line's first hello."""

_OPENING = 15.0
_LEAVING = 10.0
_PACE = 1.0


class LineEvents(Protocol):
    def hello(self) -> dict[str, int]:
        """What the next hello names: jobs, and how far each has come."""

    def welcome(self, line: Line) -> None: ...

    def frame(self, line: Line, frame: ServerFrame) -> None: ...

    def closed(
        self, line: Line, code: int, reason: str, status: int | None, after: float
    ) -> None: ...


class Line:
    """Hello, heartbeats, and frames behind the welcome alone."""

    def __init__(self, outside: Outside, decode: Decode, on: LineEvents) -> None:
        self._outside = outside
        self._decode = decode
        self._on = on
        self._socket: Socket | None = None
        self._held: list[ServerFrame] = []
        self._over = False
        self._heard_at = 0.0
        self._timer: Pending | None = None
        self._left: Pending | None = None
        self._pause: Pending | None = None
        self._owed: Callable[[], None] | None = None
        self.named: dict[str, int] = {}
        """The jobs that its hello named."""
        self.greeting: ServerFrame | None = None
        self.opened_at = 0.0
        self.leaving = False
        """Dropped for a successor; it stays for the answers that are still to come."""

    def open(self, token: str) -> None:
        if not self._over:
            self._timer = self._outside.later(_OPENING, lambda: self.fail(4408, "no welcome"))
            self._socket = self._outside.open(token, self)

    def send(self, frame: Mapping[str, Any] | str) -> None:
        if self._socket and not self._over:
            self._socket.send(frame if isinstance(frame, str) else compact(frame))

    def paced(self, say: Callable[[], None]) -> None:
        """Says again what may be lost: at once, but once a second at most."""

        def over() -> None:
            owed, self._pause, self._owed = self._owed, None, None
            if owed:
                self.paced(owed)

        if self._over or self._pause:
            self._owed = say
            return
        self._pause = self._outside.later(_PACE, over)
        say()

    def leave(self) -> None:
        """Closes it soon; nothing is told of it any more once it is closed."""
        self.leaving = True
        self._left = self._outside.later(_LEAVING, lambda: self.fail(1000, "left"))

    def drop(self) -> None:
        """Ends it without a word to anybody here."""
        if not self._over:
            self._stop()

    def fail(self, code: int, reason: str, status: int | None = None, after: float = 0.0) -> None:
        """Ends it as if the server had closed it."""
        if not self._over:
            self._stop()
            self._on.closed(self, code, reason, status, after)

    # what its socket tells

    def opened(self) -> None:
        if not self._over:
            self._hello()

    def text(self, text: str) -> None:
        if self._over:
            return
        self._heard_at = self._outside.now()
        frame = read(text, self._decode)
        if frame is None:
            return
        if self.greeting:
            self._on.frame(self, frame)
        elif frame.type == "welcome":
            self._welcome(frame)
        elif frame.type == "error" and frame.request_id == HELLO:
            self._refused(frame)
        elif frame.type:
            self._held.append(frame)
        else:
            # API Gateway lost the hello
            self.paced(self._hello_again)

    def closed(self, code: int, reason: str, status: int | None = None) -> None:
        self.fail(code, reason, status)

    def _hello(self) -> None:
        self.named = self._on.hello()
        self.send({"type": "hello", "id": HELLO, "last_seq": self.named})

    def _hello_again(self) -> None:
        if not self.greeting:
            self._hello()

    def _welcome(self, frame: ServerFrame) -> None:
        self.greeting = frame
        self.opened_at = self._outside.now()
        if self._socket and frame.max_frame_bytes:
            self._socket.limit_frames(frame.max_frame_bytes)
        self._beat(frame.heartbeat)
        self._on.welcome(self)
        held, self._held = self._held, []
        for one in held:
            self._on.frame(self, one)

    def _refused(self, frame: ServerFrame) -> None:
        problem = frame.error
        if problem is None:
            self.fail(1006, "no welcome")
        elif problem.code == "UNAUTHORIZED":
            self.fail(4401, problem.message)
        else:
            code = 1006 if problem.retryable else 1002
            self.fail(code, problem.message, after=problem.retry_after or 0.0)

    def _beat(self, every: float) -> None:
        def beat() -> None:
            if self._outside.now() - self._heard_at >= 2 * every:
                self.fail(4408, "silent for two heartbeats")
            else:
                self.send({"type": "ping"})
                self._beat(every)

        if self._timer:
            self._timer.cancel()
        self._timer = self._outside.later(every, beat)

    def _stop(self) -> None:
        self._over = True
        for timer in (self._timer, self._left, self._pause):
            if timer:
                timer.cancel()
        if self._socket:
            self._socket.close()
