"""A gateway and a clock in this process: time moves, and frames come, when a test says so."""

from __future__ import annotations

import heapq
import itertools
import json
from collections.abc import Callable
from typing import Any

from streamer_client.engine import Engine, Habits, Request
from streamer_client.errors import StreamerError
from streamer_client.events import JobEvent
from streamer_client.frames import Snapshot
from streamer_client.handle import Handle, Progress, Reading
from streamer_client.link import ConnectionState
from streamer_client.outside import SocketEvents

JOB = "Yc3kqQ0mXh7vR1bT5nLd8pWs2_A"

Frame = dict[str, Any]


def seq(n: int, epoch: int = 1) -> int:
    """The nth number of an epoch."""
    return epoch * 10**9 + n


class FakeTimer:
    def __init__(self, call: Callable[[], None]) -> None:
        self.call: Callable[[], None] | None = call

    def cancel(self) -> None:
        self.call = None


class FakeSocket:
    def __init__(self, world: FakeWorld, token: str, events: SocketEvents) -> None:
        self._world = world
        self._events = events
        self.token = token
        self.sent: list[Frame] = []
        self.open = False
        self.left = False
        self.frame_bytes = 0
        """Of a frame, as the client told it."""

    # what the client calls

    def send(self, text: str) -> None:
        assert self.open, "the socket is not open"
        frame = json.loads(text)
        self.sent.append(frame)
        if frame["type"] == "hello" and self._world.welcomes:
            self.welcome()
        elif frame["type"] == "ping" and self._world.pongs:
            self.give(type="pong")

    def limit_frames(self, bytes: int) -> None:
        self.frame_bytes = bytes

    def close(self) -> None:
        self.left = True
        self.open = False

    # what a test does

    def accept(self) -> None:
        if not self.left:
            self.open = True
            self._events.opened()

    def refuse(self, status: int) -> None:
        self.end(1006, f"refused with {status}", status)

    def welcome(self, **more: Any) -> None:
        number = self._world.sockets.index(self) + 1
        self.give(
            **{
                "type": "welcome",
                "request_id": self.all("hello")[-1]["id"],
                "session": f"s-{number}",
                "recovered": True,
                "jobs": [],
                **self._world.greeting,
                **more,
            }
        )

    def give(self, *frames: Frame, **fields: Any) -> None:
        """Frames of the server, which come as soon as the client is told nothing else."""
        for frame in [*frames, *([fields] if fields else [])]:
            self.text(json.dumps({"timestamp": 1732152000.123, **frame}))

    def text(self, text: str) -> None:
        self._world.soon(lambda: None if self.left else self._events.text(text))

    def end(self, code: int = 1006, reason: str = "", status: int | None = None) -> None:
        def end() -> None:
            if not self.left:
                self.open = False
                self.left = True
                self._events.closed(code, reason, status)

        self._world.soon(end)

    @property
    def hello(self) -> Frame:
        return self.all("hello")[0]

    def all(self, type: str) -> list[Frame]:
        return [frame for frame in self.sent if frame["type"] == type]

    def types(self) -> list[str]:
        return [frame["type"] for frame in self.sent]

    def answer(self, type: str, data: Any) -> None:
        """Answers the newest frame of this type."""
        self.give(type="response", request_id=self.all(type)[-1]["id"], success=True, data=data)

    def refuse_frame(self, type: str, **error: Any) -> None:
        said = {"message": "no", "retryable": False, **error}
        self.give(type="error", request_id=self.all(type)[-1]["id"], error=said)


class FakeWorld:
    """The outside of an engine."""

    def __init__(self) -> None:
        self.time = 1_000.0
        self.luck = 1.0  # the longest of what may be drawn: a wait's bound is what is waited
        self.sockets: list[FakeSocket] = []
        self.welcomes = True
        self.pongs = True
        self.arrived: Callable[[FakeSocket], None] = FakeSocket.accept
        self.greeting: Frame = {
            "heartbeat_ms": 25_000,
            "max_age_ms": 7_200_000,
            "max_message_bytes": 131_072,
            "server": "streamer/0.1.0",
        }
        self.tokens: Callable[[], str] = lambda: "T"
        self.fetched: list[str] = []
        self.shelf: Callable[[str, int], bytes | str] = lambda url, most: "nothing there"
        self._order = itertools.count()
        self._timers: list[tuple[float, int, FakeTimer]] = []

    # what the engine calls

    def now(self) -> float:
        return self.time

    def wall(self) -> float:
        return self.time

    def drawn(self) -> float:
        return self.luck

    def new_id(self) -> str:
        return f"id-{next(self._order)}"

    def later(self, seconds: float, call: Callable[[], None]) -> FakeTimer:
        timer = FakeTimer(call)
        heapq.heappush(self._timers, (self.time + max(0.0, seconds), next(self._order), timer))
        return timer

    def token(self, given: Callable[[str], None], failed: Callable[[str], None]) -> FakeTimer:
        def ask() -> None:
            try:
                token = self.tokens()
            except RuntimeError as e:
                failed(str(e))
            else:
                given(token)

        return self.soon(ask)

    def open(self, token: str, events: SocketEvents) -> FakeSocket:
        socket = FakeSocket(self, token, events)
        self.sockets.append(socket)
        self.soon(lambda: self.arrived(socket))
        return socket

    def fetch(self, url: str, most_bytes: int, fetched: Callable[[bytes | str], None]) -> None:
        self.fetched.append(url)
        self.soon(lambda: fetched(self.shelf(url, most_bytes)))

    # what a test does

    @property
    def last(self) -> FakeSocket:
        return self.sockets[-1]

    def soon(self, call: Callable[[], None]) -> FakeTimer:
        return self.later(0.0, call)

    def pass_(self, seconds: float = 0.0) -> None:
        """Lets time pass, timer by timer."""
        end = self.time + seconds
        while self._timers and self._timers[0][0] <= end + 1e-9:
            at, _, timer = heapq.heappop(self._timers)
            self.time = max(self.time, at)
            call, timer.call = timer.call, None
            if call:
                call()
        self.time = end


class Seen:
    """All that a handle told."""

    def __init__(self, on_change: Callable[[], Any] = lambda: None) -> None:
        self.on_change = on_change
        self.known_count = 0
        self.steps: list[Progress] = []
        self.events: list[JobEvent] = []
        self.voids: list[int] = []
        self.changes = 0
        self.outcomes: list[Any] = []

    def known(self) -> None:
        self.known_count += 1

    def progress(self, progress: Progress) -> None:
        self.steps.append(progress)

    def event(self, event: JobEvent) -> None:
        self.events.append(event)

    def void(self, after_seq: int) -> None:
        self.voids.append(after_seq)

    def changed(self) -> None:
        self.changes += 1
        self.on_change()

    def settled(self, outcome: Any) -> None:
        self.outcomes.append(outcome)

    def wake(self) -> None:
        pass

    @property
    def percentages(self) -> list[float]:
        return [step.percentage for step in self.steps]

    @property
    def result(self) -> Any:
        (outcome,) = self.outcomes
        assert not isinstance(outcome, StreamerError), outcome
        return outcome

    @property
    def error(self) -> StreamerError:
        (outcome,) = self.outcomes
        assert isinstance(outcome, StreamerError), outcome
        return outcome

    @property
    def pending(self) -> bool:
        return not self.outcomes


class FakeClient:
    """An engine in a fake world."""

    def __init__(self, world: FakeWorld, new_tokens: bool = True, **habits: Any) -> None:
        self.world = world
        self.states: list[ConnectionState] = []
        self.on_state: Callable[[ConnectionState], None] = lambda state: None
        self.engine = Engine(world, Habits(new_tokens=new_tokens, **habits), self._told)

    def _told(self, state: ConnectionState) -> None:
        self.states.append(state)
        self.on_state(state)

    @property
    def names(self) -> list[str]:
        return [state.name for state in self.states]

    @property
    def state(self) -> ConnectionState:
        return self.engine.connection

    def connect(self) -> FakeClient:
        self.engine.connect()
        self.world.pass_()
        return self

    def request(
        self,
        action: str = "echo",
        payload: Any = None,
        reading: Reading | None = None,
        on_change: Callable[[], Any] = lambda: None,
        **how: Any,
    ) -> tuple[Handle, Seen]:
        seen = Seen(on_change)
        request = Request(action, payload, **how)
        handle = self.engine.request(request, seen, reading or Reading())
        return handle, seen

    def attach(
        self, job_id: str = JOB, reading: Reading | None = None, **how: Any
    ) -> tuple[Handle, Seen]:
        seen = Seen()
        handle = self.engine.attach(job_id, seen, reading or Reading(), **how)
        return handle, seen

    def running(
        self, reading: Reading | None = None, job_id: str = JOB, **how: Any
    ) -> tuple[Handle, Seen]:
        """A job that is acknowledged, on an open connection."""
        self.connect()
        handle, seen = self.request("report", {"a": 1}, reading, **how)
        self.world.last.give(ack(handle, job_id=job_id))
        self.world.pass_()
        return handle, seen

    def cut(self) -> FakeSocket:
        """Cuts the line; the next one waits for the test's welcome."""
        self.world.welcomes = False
        self.world.last.end(1006)
        return self.next_line()

    def next_line(self) -> FakeSocket:
        before = len(self.world.sockets)
        while len(self.world.sockets) == before:
            self.world.pass_(0.1)
        self.world.pass_()
        return self.world.last


def ack(handle: Handle, **more: Any) -> Frame:
    return {
        "type": "acknowledgment",
        "request_id": handle.request_id,
        "job_id": JOB,
        "status": "queued",
        "message": "queued",
        **more,
    }


def progress(n: int, percentage: float, **more: Any) -> Frame:
    return {
        "type": "progress",
        "request_id": "r",
        "job_id": JOB,
        "seq": n,
        "percentage": percentage,
        "message": f"at {percentage}",
        "attempt": 1,
        **more,
    }


def event(n: int, data: Any, **more: Any) -> Frame:
    frame = {"type": "event", "request_id": "r", "job_id": JOB, "seq": n, "name": "row"}
    return {**frame, "data": data, **more}


def complete(n: int, result: Any = "done", **more: Any) -> Frame:
    frame = {"type": "complete", "request_id": "r", "job_id": JOB, "seq": n, "success": True}
    return {**frame, "result": result, **more}


def failed(n: int, code: str, **more: Any) -> Frame:
    error = {"code": code, "message": "no", "retryable": False, **more}
    return {"type": "error", "request_id": "r", "job_id": JOB, "seq": n, "error": error}


def snapshot(**more: Any) -> Frame:
    return {
        "job_id": JOB,
        "request_id": "r",
        "action": "report",
        "status": "running",
        "percentage": 10,
        "message": "early",
        "seq": seq(1),
        "attempt": 1,
        "created_at": 1732151990.5,
        **more,
    }


def attached(*events: Frame, next: int | None = None, **of_snapshot: Any) -> Frame:
    answer: Frame = {"snapshot": snapshot(**of_snapshot), "events": list(events)}
    return answer if next is None else {**answer, "next": next}


def read(handle: Handle) -> list[Any]:
    """The data of what a reader gets until nothing more is there."""
    data = []
    while one := handle.events.take():
        data.append(one.data)
    return data


class Asked:
    """What a handle's caller is told of what he asked it."""

    def __init__(self) -> None:
        self.answers: list[Any] = []

    def answered(self, answer: Snapshot) -> None:
        self.answers.append(answer)

    def over(self) -> None:
        self.answers.append(True)

    def failed(self, error: StreamerError) -> None:
        self.answers.append(error)
