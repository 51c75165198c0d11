"""The client for asyncio."""

from __future__ import annotations

import asyncio
import json
import logging
import ssl
from collections.abc import AsyncIterator, Callable, Generator, Mapping, Sequence
from types import TracebackType
from typing import Any, Generic, Literal, TypeVar

from .engine import Engine, Habits, Request
from .errors import StreamerError
from .events import JobEvent
from .frames import Decode, Encode, FrameKind, Snapshot, compact
from .handle import Durations, Handle, JobState, Progress, Reading
from .link import ConnectionState
from .outside import Outside
from .world import Token, World

R = TypeVar("R")
T = TypeVar("T")

_log = logging.getLogger("streamer_client")


class _Listening:
    """Whom a handle tells: its caller's functions, and whoever waits."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        on_progress: Callable[[Progress], None] | None,
        on_event: Callable[[JobEvent], None] | None,
        on_void: Callable[[int], None] | None,
        on_change: Callable[[], None] | None,
    ) -> None:
        self._loop = loop
        self._on_progress = on_progress
        self._on_event = on_event
        self._on_void = on_void
        self._on_change = on_change
        self._awake = asyncio.Event()
        self.is_known = asyncio.Event()
        self.result: asyncio.Future[Any] = loop.create_future()
        # who only reads its events need not take what its result says
        self.result.add_done_callback(lambda result: result.exception())

    def known(self) -> None:
        self.is_known.set()

    def progress(self, progress: Progress) -> None:
        if self._on_progress:
            _tell(self._loop, self._on_progress, progress)

    def event(self, event: JobEvent) -> None:
        if self._on_event:
            _tell(self._loop, self._on_event, event)

    def void(self, after_seq: int) -> None:
        if self._on_void:
            _tell(self._loop, self._on_void, after_seq)

    def changed(self) -> None:
        if self._on_change:
            _tell(self._loop, self._on_change)

    def settled(self, outcome: Any) -> None:
        if isinstance(outcome, StreamerError):
            self.result.set_exception(outcome)
        else:
            self.result.set_result(outcome)

    def wake(self) -> None:
        self._awake.set()

    async def more(self) -> None:
        """Waits until there may be more to read."""
        self._awake.clear()
        await self._awake.wait()


class Job(Generic[R]):
    """A request, or a job that is followed. It can be awaited for its result, any number of times.

    Whoever waits may be cancelled: the job goes on, unless it was asked for with
    ``on_cancel="cancel"``.
    """

    def __init__(self, handle: Handle, listening: _Listening, on_cancel: str) -> None:
        self._handle = handle
        self._listening = listening
        self._on_cancel = on_cancel

    @property
    def request_id(self) -> str | None:
        return self._handle.request_id

    @property
    def job_id(self) -> str | None:
        """As soon as it has one; ``accepted()`` waits for it."""
        return self._handle.job_id

    @property
    def action(self) -> str | None:
        return self._handle.action

    @property
    def state(self) -> JobState:
        return self._handle.state

    @property
    def progress(self) -> Progress | None:
        """The newest, if there was any."""
        return self._handle.progress

    @property
    def metadata(self) -> Mapping[str, str] | None:
        """What the job annotated its result with."""
        return self._handle.metadata

    @property
    def durations(self) -> Durations:
        return self._handle.durations

    def done(self) -> bool:
        """Whether its result is there, or that there will be none."""
        return self._listening.result.done()

    def __await__(self) -> Generator[Any, None, R]:
        return self._result().__await__()

    async def accepted(self) -> str | None:
        """Waits until it is accepted as a job; gives the job's id, or nothing if it was answered
        on the spot."""
        await self._listening.is_known.wait()
        return self.job_id

    @property
    async def events(self) -> AsyncIterator[JobEvent]:
        """Its events, oldest first, each to one reader.

        What a later attempt voids is left out, if it is not read yet. Ends with the job, whichever
        way; raises ``EVENTS_LOST`` where more events came than are kept, and goes on behind them
        when it is read again.
        """
        events = self._handle.events
        while True:
            event = events.take()
            if event:
                yield event
            elif events.over:
                return
            else:
                await self._listening.more()

    @property
    async def updates(self) -> AsyncIterator[Progress]:
        """The newest progress each time that it is read, until the job ends; what a slow reader
        misses is left out."""
        shown: Progress | None = None
        while True:
            progress = self.progress
            if progress is not None and progress is not shown:
                shown = progress
                yield progress
            elif self._handle.events.over:
                return
            else:
                await self._listening.more()

    async def status(self) -> Snapshot:
        """Asks the server how the job stands."""
        answer: asyncio.Future[Snapshot] = asyncio.get_running_loop().create_future()
        self._handle.status(*_settling(answer))
        return await answer

    async def cancel(self) -> bool:
        """Asks for the job to stop, and waits for its end: true if it was cancelled, false if it
        ended otherwise before."""
        over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        answered, failed = _settling(over)
        self._handle.cancel(lambda: answered(None), failed)
        await over
        return self.state == "cancelled"

    def unsubscribe(self) -> None:
        """Follows it no longer. The job itself goes on; who awaits it here gets ``ABORTED``."""
        self._handle.unsubscribe()

    async def _result(self) -> R:
        try:
            result: R = await asyncio.shield(self._listening.result)
        except asyncio.CancelledError:
            if self._on_cancel == "cancel" and not self.done():
                self._handle.abandon()
            raise
        return result


class StreamerClient:
    """A client of Streamer's gateway. It connects with its first request.

    All of it belongs to one event loop, and none of its functions may be called from another
    thread. Seconds everywhere.
    """

    def __init__(
        self,
        url: str,
        *,
        token: Token,
        wait: float = 30.0,
        answer: float = 60.0,
        ssl: ssl.SSLContext | None = None,
        encode: Encode = compact,
        decode: Decode = json.loads,
    ) -> None:
        """
        :param url: of the gateway, ``ws://`` or ``wss://``
        :param token: a JWT, or what gives one: a function, ``async`` or quick, that is asked before
            each connect and when the last token was refused
        :param wait: how long a request waits for a connection
        :param answer: until an answer or an acknowledgment must be there
        :param ssl: for ``wss://`` and large results, if not the platform's own
        :param encode: writes a request as JSON
        :param decode: reads frames and large results
        """
        if not url.startswith(("ws://", "wss://")):
            raise ValueError("the url starts with ws:// or wss://")
        self._world = World(url, token, ssl)
        self._listeners: list[Callable[[ConnectionState], None]] = []
        habits = Habits(encode, decode, wait, answer, new_tokens=not isinstance(token, str))
        outside: Outside = self._world
        self._engine = Engine(outside, habits, self._told)

    @property
    def state(self) -> ConnectionState:
        return self._engine.connection

    def on_state(self, listener: Callable[[ConnectionState], None]) -> Callable[[], None]:
        """Tells each change of the connection's state; gives what ends it."""
        self._listeners.append(listener)

        def end() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return end

    def connect(self) -> None:
        """Connects now, without waiting for it; also after the connection was closed for good."""
        self._engine.connect()

    async def close(self) -> None:
        """Leaves, and waits until its sockets are closed. What is not answered fails; jobs go on
        without this client."""
        self._engine.leave()
        await self._world.closed()

    async def __aenter__(self) -> StreamerClient:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    def request(
        self,
        action: str,
        payload: Any = None,
        *,
        id: str | None = None,
        retry: Literal["job"] | None = None,
        metadata: Mapping[str, str] | None = None,
        traceparent: str | None = None,
        delay: float | None = None,
        deadline: float | None = None,
        on_disconnect: Literal["keep", "cancel"] | None = None,
        on_cancel: Literal["keep", "cancel"] = "keep",
        wait: float | None = None,
        answer: float | None = None,
        on_progress: Callable[[Progress], None] | None = None,
        on_event: Callable[[JobEvent], None] | None = None,
        on_void: Callable[[int], None] | None = None,
        on_change: Callable[[], None] | None = None,
        event_buffer: int = 1_000,
        fetch_result: bool = True,
        max_result_bytes: int = 50 * 1024 * 1024,
    ) -> Job[Any]:
        """Asks for an action. What is given back can be awaited for the result, be it a job's or
        not.

        :param id: the same id, action and payload are one job; a fresh id unless said
        :param retry: ``job``: it is a job and may be sent again, under its id, when its answer was
            lost
        :param traceparent: W3C trace context
        :param delay: from acceptance to the earliest start
        :param deadline: from acceptance to the job's end
        :param on_disconnect: what becomes of the job when its owner is away
        :param on_cancel: what becomes of it when a task is cancelled that awaits it
        :param on_void: events with a greater ``seq`` than this are void: the job runs again from
            before them
        :param on_change: any change of the handle
        :param event_buffer: events kept for a reader of ``events``
        :param fetch_result: whether a large result is fetched, or ``{"result_url": …}`` is the
            result
        :raises TypeError: if the payload cannot be written
        """
        request = Request(
            action=action,
            payload=payload,
            id=id,
            retry=retry,
            metadata=metadata,
            traceparent=traceparent,
            delay=delay,
            deadline=deadline,
            on_disconnect=on_disconnect,
            wait=wait,
            answer=answer,
        )
        listening = _Listening(self._world.loop, on_progress, on_event, on_void, on_change)
        reading = Reading(event_buffer, fetch_result, max_result_bytes)
        return Job(self._engine.request(request, listening, reading), listening, on_cancel)

    def attach(
        self,
        job_id: str,
        *,
        frames: Sequence[FrameKind] | None = None,
        after_seq: int = 0,
        on_cancel: Literal["keep", "cancel"] = "keep",
        on_progress: Callable[[Progress], None] | None = None,
        on_event: Callable[[JobEvent], None] | None = None,
        on_void: Callable[[int], None] | None = None,
        on_change: Callable[[], None] | None = None,
        event_buffer: int = 1_000,
        fetch_result: bool = True,
        max_result_bytes: int = 50 * 1024 * 1024,
    ) -> Job[Any]:
        """Follows a job: one of the same user's, or of the tenant's with the permission
        ``jobs:read``.

        :param frames: which kinds; all unless said. The end is always told.
        :param after_seq: events up to this number are not wanted any more
        :param on_cancel: ``cancel``: the job is followed no longer when a task is cancelled that
            awaits it; the job itself goes on
        """
        listening = _Listening(self._world.loop, on_progress, on_event, on_void, on_change)
        reading = Reading(event_buffer, fetch_result, max_result_bytes)
        handle = self._engine.attach(job_id, listening, reading, frames, after_seq)
        return Job(handle, listening, on_cancel)

    async def status(self, *, job_id: str | None = None, request_id: str | None = None) -> Snapshot:
        """How a job stands: any that the caller may see, by its id, or one's own by its
        request's."""
        answer: asyncio.Future[Snapshot] = self._world.loop.create_future()
        self._engine.status(job_id, request_id, *_settling(answer))
        return await answer

    def _told(self, state: ConnectionState) -> None:
        _log.info("connection %s%s", state.name, f": {state.reason}" if state.reason else "")
        for listener in list(self._listeners):
            _tell(self._world.loop, listener, state)


def _settling(
    future: asyncio.Future[T],
) -> tuple[Callable[[T], None], Callable[[StreamerError], None]]:
    """What settles it, unless whoever waited for it is gone."""

    def answered(value: T) -> None:
        if not future.done():
            future.set_result(value)

    def failed(error: StreamerError) -> None:
        if not future.done():
            future.set_exception(error)

    return answered, failed


def _tell(loop: asyncio.AbstractEventLoop, listener: Callable[..., None], *what: Any) -> None:
    """What a caller's function raises is its own: it must not reach what calls it."""
    try:
        listener(*what)
    except Exception as e:
        loop.call_exception_handler({"message": f"{listener!r} failed", "exception": e})
