"""All that a client does, without doing any of it: states that are told what came."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from .asks import Ask, Asks
from .errors import Problem, StreamerError
from .frames import (
    Attached,
    Decode,
    Encode,
    FrameKind,
    ServerFrame,
    Snapshot,
    attached_of,
    compact,
    snapshot_of,
)
from .handle import Audience, Handle, Reading
from .line import Line
from .link import ConnectionState, Link
from .outside import Outside

_MOST_JOBS_OF_HELLO = 64
_AGAIN = 2.0
_ANSWERS = frozenset({"response", "acknowledgment", "error", "welcome"})


@dataclass(frozen=True)
class Habits:
    """How a client speaks and for how long it waits."""

    encode: Encode = compact
    decode: Decode = json.loads
    wait: float = 30.0
    answer: float = 60.0
    new_tokens: bool = True
    """Whether another token may be had."""


@dataclass(frozen=True)
class Request:
    """What is asked, and how."""

    action: str
    payload: Any = None
    id: str | None = None
    retry: Literal["job"] | None = None
    metadata: Mapping[str, str] | None = None
    traceparent: str | None = None
    delay: float | None = None
    deadline: float | None = None
    on_disconnect: Literal["keep", "cancel"] | None = None
    wait: float | None = None
    answer: float | None = None

    def fields(self, id: str) -> dict[str, Any]:
        options = _said(
            delay_ms=_milliseconds(self.delay),
            deadline_ms=_milliseconds(self.deadline),
            on_disconnect=self.on_disconnect,
        )
        return {
            "type": "request",
            "id": id,
            "action": self.action,
            **_said(
                payload=self.payload,
                metadata=self.metadata,
                traceparent=self.traceparent,
                options=options or None,
            ),
        }


@dataclass(eq=False)
class _Hellos:
    """What waits for a hello on one line."""

    handles: list[Handle] = field(default_factory=list)
    busy: bool = False
    """One is under way."""


class Engine:
    """The state of one client: its link, what it has asked, and the jobs it follows."""

    def __init__(
        self, outside: Outside, habits: Habits, told: Callable[[ConnectionState], None]
    ) -> None:
        self.decode = habits.decode
        self._outside = outside
        self._habits = habits
        self._told = told
        self._jobs: dict[str, list[Handle]] = {}
        self._hellos = _Hellos()
        self._link = Link(outside, habits.decode, habits.new_tokens, self)
        self._asks = Asks(outside, self._link, habits.new_tokens)

    @property
    def connection(self) -> ConnectionState:
        return self._link.state

    def connect(self) -> None:
        """Connects now, also after the connection was closed for good."""
        self._link.left = False
        self._link.connect()

    def leave(self) -> None:
        """What is not answered fails; jobs go on without this client."""
        self._link.left = True
        self._link.close("closed by its user")

    def request(self, request: Request, audience: Audience, reading: Reading) -> Handle:
        id = request.id or self._outside.new_id()
        handle = Handle(self._outside, self, audience, reading)
        handle.request_id = id
        handle.action = request.action
        handle.own = True
        handle.fragile = request.on_disconnect == "cancel"
        # what cannot be written is its caller's mistake, and raised to him
        text = self._habits.encode(request.fields(id))
        if self._asks.get(id):
            message = "a request with this id is under way here"
            handle.fail(Problem("DUPLICATE_REQUEST", message))
        else:
            self._asks.add(
                Ask(
                    id=id,
                    text=text,
                    safe=request.retry == "job",
                    bound=False,
                    question=False,
                    wait=self._habits.wait if request.wait is None else request.wait,
                    answer=self._habits.answer if request.answer is None else request.answer,
                    answered=lambda frame, line: self._answered(handle, frame, line),
                    failed=handle.fail,
                )
            )
        return handle

    def attach(
        self,
        job_id: str,
        audience: Audience,
        reading: Reading,
        kinds: Sequence[FrameKind] | None = None,
        after_seq: int = 0,
    ) -> Handle:
        handle = Handle(self._outside, self, audience, reading)
        handle.seq = after_seq
        handle.kinds = kinds
        handle.accept(job_id)
        if self._link.left:
            handle.fail(Problem("CLIENT_CLOSED", "the client was closed"))
        elif self._link.current:
            self._subscribe(handle)
        else:
            self._link.connect()
        return handle

    def status(
        self,
        job_id: str | None,
        request_id: str | None,
        answered: Callable[[Snapshot], None],
        failed: Callable[[StreamerError], None],
    ) -> None:
        """How a job stands, by its own id or its request's."""

        def answer(frame: ServerFrame) -> None:
            snapshot = snapshot_of(frame.data)
            if snapshot:
                answered(snapshot)
            else:
                problem = Problem("INTERNAL_ERROR", "the answer is no snapshot")
                failed(StreamerError(problem, request_id, job_id))

        names = _said(job_id=job_id, request_id=None if job_id else request_id)
        self.ask({"type": "status", **names}, answer, failed)

    # what its handles need

    def ask(
        self,
        fields: Mapping[str, Any],
        answered: Callable[[ServerFrame], None],
        failed: Callable[[StreamerError], None],
    ) -> None:
        job_id = fields.get("job_id")

        def answer(frame: ServerFrame, line: Line) -> None:
            if frame.type == "error":
                refused(frame.error or Problem("INTERNAL_ERROR", ""))
            else:
                answered(frame)

        def refused(problem: Problem) -> None:
            failed(StreamerError(problem, job_id=job_id))

        self._ask(fields, answer, refused)

    def take_back(self, handle: Handle) -> bool:
        ask = self._asks.get(handle.request_id)
        if ask is None or handle.job_id or ask.sent:
            return False
        self._asks.remove(ask)
        return True

    def moved(self, handle: Handle) -> None:
        if handle.job_id:
            others = self._others(handle)
            self._put(handle.job_id, others if handle.ended else [*others, handle])

    def unwatch(self, handle: Handle) -> None:
        if handle.job_id and not handle.ended:
            handle.attaching = None
            self._put(handle.job_id, self._others(handle))
            if not handle.own and self._link.current:
                self._unsubscribe(handle.job_id)

    # what its link tells

    def hello(self) -> dict[str, int]:
        own = [(job, all) for job, all in self._jobs.items() if any(one.own for one in all)]
        own.sort(key=lambda entry: not any(one.fragile for one in entry[1]))
        return _last_seq(own[:_MOST_JOBS_OF_HELLO])

    def welcome(self, line: Line, before: Line | None) -> None:
        self._hellos = _Hellos()
        named = [one for one in self._handles() if one.job_id in line.named]
        self._resumed(line.named, named, line.greeting or ServerFrame())
        others = [one for one in self._handles() if one.job_id not in line.named]
        self._hello_of([one for one in others if one.fragile])
        for handle in others:
            if not handle.fragile:
                self._subscribe(handle)
        self._asks.flush(before)

    def frame(self, line: Line, frame: ServerFrame) -> None:
        ask = self._asks.get(frame.request_id)
        if not frame.type:
            self._lost_one(line)
        elif frame.job_id and frame.seq is not None:
            if ask and frame.job_id not in self._jobs:
                # it overtook its acknowledgment, and stands for it
                stand_in = ServerFrame(type="acknowledgment", job_id=frame.job_id)
                self._asks.answer(ask, stand_in, line)
                for handle in self._jobs.get(frame.job_id, ()):
                    handle.unconfirmed = line is self._link.current
            for handle in self._jobs.get(frame.job_id, ()):
                handle.take(frame)
        elif ask and frame.type in _ANSWERS:
            self._asks.answer(ask, frame, line)
        elif frame.type == "acknowledgment":
            for handle in self._jobs.get(frame.job_id or "", ()):
                handle.unconfirmed = False

    def lost(self, line: Line, reason: str) -> None:
        self._asks.lost(line, reason)

    def closed(self, reason: str) -> None:
        code = "CLIENT_CLOSED" if self._link.left else "CONNECTION_LOST"
        handles = self._handles()
        self._asks.fail_all(reason)
        for handle in handles:
            handle.fail(Problem(code, reason, details={"may_have_started": True}))

    def state(self, state: ConnectionState) -> None:
        self._told(state)

    # how jobs are taken up again

    def _lost_one(self, line: Line) -> None:
        """API Gateway lost a frame, and does not say which."""
        self._asks.repeat(line)
        if line is self._link.current:
            # it may be the request of a job whose frames have come
            self._hello_of([one for one in self._handles() if one.unconfirmed])

    def _resumed(
        self, named: Mapping[str, int], handles: Iterable[Handle], welcome: ServerFrame
    ) -> None:
        found = {attached.snapshot.job_id: attached for attached in welcome.jobs}
        for handle in handles:
            attached = found.get(handle.job_id or "")
            if not self._follows(handle):
                # it was let go by who was told of another one
                continue
            if attached is None:
                # gone, or not to be read just now: the answer to this tells
                self._subscribe(handle)
            elif not welcome.recovered and handle.may_be_ahead(attached.snapshot):
                self._ahead(handle, attached, alone=len(named) == 1)
            else:
                self._attached(handle, attached)

    def _ahead(self, handle: Handle, attached: Attached, alone: bool) -> None:
        """Its number is above the job's. If other jobs were named with it, they may be why it is
        not recovered."""
        if alone:
            handle.restart()
            self._attached(handle, attached)
        else:
            self._hello_of([handle], alone=True)

    def _attached(self, handle: Handle, attached: Attached) -> None:
        handle.attached(attached)
        # who was told of what it brings may have let it go
        if attached.next is not None and self._follows(handle):
            self._subscribe(handle, attached.next)

    def _hello_of(self, handles: Iterable[Handle], alone: bool = False) -> None:
        """:param alone: no other is named with them"""
        turn = self._hellos
        for handle in handles:
            handle.attaching = turn
            handle.alone = alone
            handle.unconfirmed = False
            turn.handles.append(handle)
        self._say_hello(turn)

    def _say_hello(self, turn: _Hellos) -> None:
        """One at a time, as the server takes no more: the next names all that came meanwhile."""
        if turn.busy:
            return
        turn.handles = [one for one in turn.handles if one.attaching is turn]
        alone = next((n for n, one in enumerate(turn.handles) if one.alone), None)
        most = _MOST_JOBS_OF_HELLO if alone is None else min(max(alone, 1), _MOST_JOBS_OF_HELLO)
        said = turn.handles[:most]
        if not said:
            return
        turn.busy = True
        named: dict[str, int] = {}
        for handle in said:
            job_id = handle.job_id or ""
            named[job_id] = min(handle.seq, named.get(job_id, handle.seq))

        def answered(frame: ServerFrame, line: Line) -> None:
            problem = frame.error or Problem("INTERNAL_ERROR", "")
            refused = frame.type == "error"
            if refused and problem.retryable:
                self._again(line, problem, following)
                return
            turn.handles = [one for one in turn.handles if one not in said]
            handles = [one for one in said if one.attaching is turn]
            if refused:
                for handle in handles:
                    self._subscribe(handle)
            else:
                self._resumed(named, handles, frame)
            following()

        def following() -> None:
            turn.busy = False
            self._say_hello(turn)

        self._ask_here({"type": "hello", "last_seq": named}, answered)

    def _unsubscribe(self, job_id: str) -> None:
        def wanted() -> bool:
            # somebody may follow it again
            return job_id not in self._jobs

        def answered(frame: ServerFrame, line: Line) -> None:
            if frame.type == "error" and frame.error and frame.error.retryable:
                self._again(line, frame.error, lambda: self._unsubscribe(job_id))
            elif line is self._link.current:
                for handle in self._jobs.get(job_id, ()):
                    self._subscribe(handle)

        if wanted():
            self._ask_here({"type": "unsubscribe", "job_id": job_id}, answered, wanted)

    def _again(self, line: Line, problem: Problem, what: Callable[[], None]) -> None:
        """Does it once a refusal's time is over, unless another line is there by then."""

        def over() -> None:
            if line is self._link.current:
                what()

        wait = _AGAIN if problem.retry_after is None else problem.retry_after
        self._outside.later(wait, over)

    def _subscribe(self, handle: Handle, after: int | None = None) -> None:
        turn = object()
        handle.attaching = turn
        after_seq = handle.seq if after is None else after

        def wanted() -> bool:
            return handle.attaching is turn and not handle.ended

        def answered(frame: ServerFrame, line: Line) -> None:
            if not wanted():
                return
            if frame.type == "error":
                refused(frame.error or Problem("INTERNAL_ERROR", ""), line)
            elif attached := attached_of(frame.data):
                self._attached(handle, attached)
            else:
                handle.release()

        def refused(problem: Problem, line: Line) -> None:
            if problem.retryable:
                self._again(line, problem, again)
            else:
                handle.fail(problem)

        def again() -> None:
            if wanted():
                self._subscribe(handle, after_seq)

        fields = {
            "type": "subscribe",
            "job_id": handle.job_id,
            "after_seq": after_seq,
            **_said(frames=self._kinds(handle)),
        }
        self._ask_here(fields, answered, wanted)

    def _kinds(self, handle: Handle) -> list[str] | None:
        """What all handles of its job want together; nothing for all kinds."""
        wanted: dict[str, None] = {}
        for one in self._jobs.get(handle.job_id or "", ()):
            if one.kinds is None:
                return None
            wanted.update(dict.fromkeys(one.kinds))
        return list({**wanted, "terminal": None})

    def _answered(self, handle: Handle, frame: ServerFrame, line: Line) -> None:
        known = frame.job_id in self._jobs
        handle.answered(frame)
        current = self._link.current
        if frame.type == "acknowledgment" and handle.job_id and not handle.ended and current:
            if line is not current:
                # acknowledged on the line that was left
                self._hello_of([handle])
            elif known and frame.status == "duplicate":
                # what this connection has had for another handle is not sent again
                self._subscribe(handle)

    def _ask(
        self,
        fields: Mapping[str, Any],
        answered: Callable[[ServerFrame, Line], None],
        failed: Callable[[Problem], None],
        bound: bool = False,
        wanted: Callable[[], bool] = lambda: True,
    ) -> None:
        id = self._outside.new_id()
        self._asks.add(
            Ask(
                id=id,
                text=compact({**fields, "id": id}),
                safe=True,
                bound=bound,
                question=not bound,
                wait=self._habits.wait,
                answer=self._habits.answer,
                answered=answered,
                failed=failed,
                wanted=wanted,
            )
        )

    def _ask_here(
        self,
        fields: Mapping[str, Any],
        answered: Callable[[ServerFrame, Line], None],
        wanted: Callable[[], bool] = lambda: True,
    ) -> None:
        """Asks what belongs to this line alone, and again for as long as it is wanted."""
        self._ask(fields, answered, _ignore, bound=True, wanted=wanted)

    def _handles(self) -> list[Handle]:
        return [handle for all in self._jobs.values() for handle in all]

    def _follows(self, handle: Handle) -> bool:
        return handle in self._jobs.get(handle.job_id or "", ())

    def _others(self, handle: Handle) -> list[Handle]:
        return [one for one in self._jobs.get(handle.job_id or "", ()) if one is not handle]

    def _put(self, job_id: str, handles: list[Handle]) -> None:
        # a list is never changed: somebody may go through it
        if handles:
            self._jobs[job_id] = handles
        else:
            self._jobs.pop(job_id, None)


def _last_seq(jobs: Iterable[tuple[str, list[Handle]]]) -> dict[str, int]:
    return {job_id: min(handle.seq for handle in all) for job_id, all in jobs}


def _said(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _milliseconds(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * 1_000)


def _ignore(problem: Problem) -> None:
    pass
