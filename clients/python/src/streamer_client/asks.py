"""What was asked and is not answered yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from .errors import Problem
from .frames import ServerFrame
from .line import Line
from .link import Link
from .outside import Outside, Pending

_MOST_WAITING = 1_000
_MOST_SENT = 3
# API Gateway gives an answer that long, and then none any more
_GATEWAY = 30.0
_LEAST_PUT_OFF = 0.1


@dataclass(eq=False)
class Ask:
    """A frame that waits for its answer."""

    id: str
    text: str
    safe: bool
    """Once more does no harm."""
    bound: bool
    """Belongs to one line: whoever makes the next one asks anew."""
    question: bool
    """The client's own: asked again when it was refused because too much was under way."""
    wait: float
    answer: float
    answered: Callable[[ServerFrame, Line], None]
    failed: Callable[[Problem], None]
    wanted: Callable[[], bool] = lambda: True
    """Whether it is to be said again."""
    line: Line | None = None
    sent: int = 0
    """How often."""
    renewed: bool = False
    doubted: Line | None = None
    """The line that may have lost it."""
    put_off: float = 0.0
    """For how long it was already."""
    timer: Pending | None = field(default=None, repr=False)


class Asks:
    """Asks by their ids, sent or waiting for a line."""

    def __init__(self, outside: Outside, link: Link, new_tokens: bool) -> None:
        self._asks: dict[str, Ask] = {}
        self._outside = outside
        self._link = link
        self._new_tokens = new_tokens

    def get(self, id: str | None) -> Ask | None:
        return None if id is None else self._asks.get(id)

    def add(self, ask: Ask) -> None:
        if self._link.left:
            ask.failed(Problem("CLIENT_CLOSED", "the client was closed"))
        elif not self._link.current and self._waiting() >= _MOST_WAITING:
            message = f"{_MOST_WAITING} requests wait for a connection"
            ask.failed(Problem("TOO_MANY_WAITING", message, retryable=True))
        else:
            self._asks[ask.id] = ask
            self._send(ask)

    def remove(self, ask: Ask) -> None:
        """Takes it out, answered or not."""
        if ask.timer:
            ask.timer.cancel()
        self._asks.pop(ask.id, None)
        self._sweep(ask.line)

    def answer(self, ask: Ask, frame: ServerFrame, line: Line) -> None:
        refused = frame.type == "error" and frame.error and frame.error.code == "UNAUTHORIZED"
        if refused and self._new_tokens and not ask.renewed:
            # through API Gateway a connection outlives its token; nothing was done yet
            if ask.bound:
                self.remove(ask)
            else:
                ask.renewed = True
                self._wait(ask)
            self._link.renew()
            return
        problem = frame.error if frame.type == "error" and ask.question else None
        if problem and self._put_off(ask, problem):
            return
        self.remove(ask)
        ask.answered(frame, line)

    def flush(self, before: Line | None) -> None:
        """A line is there: what waits is sent."""
        for ask in list(self._asks.values()):
            # what was sent before may have taken another one out
            if not ask.line and self._asks.get(ask.id) is ask:
                self._send(ask)
        self._sweep(before)

    def lost(self, line: Line, reason: str) -> None:
        """A line is gone, and with it the answers that would have come on it."""
        for ask in self._on(line):
            if self._asks.get(ask.id) is not ask:
                continue
            if ask.bound:
                self.remove(ask)
            elif ask.safe:
                self._send(ask)
            else:
                self._fail(ask, reason)

    def repeat(self, line: Line) -> None:
        """API Gateway lost a frame, without a word which; what is said again may be lost as
        well."""
        line.paced(lambda: self._repeat(line))

    def _repeat(self, line: Line) -> None:
        for ask in self._on(line):
            if ask.safe or ask.bound:
                if ask.wanted():
                    line.send(ask.text)
            elif ask.doubted is not line:
                ask.doubted = line
                self._limit(ask)

    def fail_all(self, reason: str) -> None:
        for ask in list(self._asks.values()):
            self._fail(ask, reason)

    def _send(self, ask: Ask) -> None:
        line = (ask.line if ask.bound else None) or self._link.current
        if not line:
            self._wait(ask)
            self._link.connect()
            return
        most = line.greeting.max_message_bytes if line.greeting else None
        size = _bytes(ask.text)
        if most is not None and size > most:
            self.remove(ask)
            message = f"the message has {size} bytes, and max_message_bytes is {most}"
            details = {"size_bytes": size, "max_message_bytes": most}
            ask.failed(Problem("PAYLOAD_TOO_LARGE", message, details=details))
            return
        ask.line = line
        ask.sent += 1
        self._set(ask, ask.answer, lambda: self._unanswered(ask, line))
        line.send(ask.text)

    def _unanswered(self, ask: Ask, line: Line) -> None:
        if not ask.wanted():
            self.remove(ask)
        elif ask.safe and ask.sent < _MOST_SENT:
            self._send(ask)
        elif ask.bound:
            # others wait behind it
            line.fail(4408, "no answer")
        else:
            self._fail(ask, "no answer")

    def _wait(self, ask: Ask) -> None:
        def over() -> None:
            why = f": {self._link.why}" if self._link.why else ""
            self._fail(ask, f"no connection in time{why}")

        ask.line = None
        self._set(ask, ask.wait, over)

    def _put_off(self, ask: Ask, problem: Problem) -> bool:
        """Nothing was done, as too much was under way: it is asked later, for as long as an answer
        may take."""
        if problem.code != "RATE_LIMITED" or problem.retry_after is None:
            return False
        seconds = max(problem.retry_after, _LEAST_PUT_OFF)
        ask.put_off += seconds
        if ask.put_off > ask.answer:
            return False
        ask.sent -= 1
        self._set(ask, seconds, lambda: self._send(ask))
        return True

    def _limit(self, ask: Ask) -> None:
        self._set(ask, _GATEWAY, lambda: self._fail(ask, "no answer"))

    def _set(self, ask: Ask, seconds: float, over: Callable[[], None]) -> None:
        if ask.timer:
            ask.timer.cancel()
        ask.timer = self._outside.later(seconds, over)

    def _fail(self, ask: Ask, reason: str) -> None:
        self.remove(ask)
        if ask.sent:
            details = {"may_have_started": True}
            ask.failed(Problem("CONNECTION_LOST", reason, retryable=ask.safe, details=details))
        else:
            ask.failed(Problem("NOT_CONNECTED", reason, retryable=True))

    def _waiting(self) -> int:
        return sum(1 for ask in self._asks.values() if not ask.line)

    def _on(self, line: Line) -> list[Ask]:
        return [ask for ask in self._asks.values() if ask.line is line]

    def _sweep(self, line: Line | None) -> None:
        """A line that was left is dropped once nothing is to come on it."""
        if line and line.leaving and not self._on(line):
            line.drop()


def _bytes(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode())
