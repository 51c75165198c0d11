"""The client for programs without asyncio: the same one, on a thread of its own."""

from __future__ import annotations

import asyncio
import concurrent.futures
import inspect
import json
import ssl
import threading
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Coroutine,
    Iterator,
    Mapping,
    Sequence,
)
from types import TracebackType
from typing import Any, Generic, Literal, TypeVar

from .client import Job, StreamerClient
from .events import JobEvent
from .frames import Decode, Encode, FrameKind, Snapshot, compact
from .handle import Durations, JobState, Progress
from .link import ConnectionState
from .world import Token

R = TypeVar("R")
T = TypeVar("T")

_ENDING = 5.0


class _LoopThread:
    """An event loop on a thread that nobody waits for at the program's end."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=self._loop.run_forever, name="streamer-client", daemon=True
        )
        self._thread.start()

    @property
    def stopped(self) -> bool:
        return self._loop.is_closed()

    def run(self, doing: Callable[[], Coroutine[Any, Any, T]], timeout: float | None = None) -> T:
        """Runs it there and waits for it."""
        if threading.current_thread() is self._thread:
            raise RuntimeError("what waits was called by a function that must not wait")
        if self.stopped:
            raise RuntimeError("the client was closed")
        result = asyncio.run_coroutine_threadsafe(doing(), self._loop)
        try:
            return result.result(timeout)
        except concurrent.futures.TimeoutError:
            raise TimeoutError(f"not there within {timeout} s") from None
        finally:
            result.cancel()

    def stop(self) -> None:
        """Ends it behind what still runs there, within seconds."""
        self.run(_others_over)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


async def _others_over() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    if others:
        _, late = await asyncio.wait(others, timeout=_ENDING)
        for task in late:
            task.cancel()


class BlockingJob(Generic[R]):
    """A request, or a job that is followed. ``result()`` waits for its result."""

    def __init__(self, thread: _LoopThread, job: Job[R]) -> None:
        self._thread = thread
        self._job = job

    @property
    def request_id(self) -> str | None:
        return self._job.request_id

    @property
    def job_id(self) -> str | None:
        """As soon as it has one; ``accepted()`` waits for it."""
        return self._job.job_id

    @property
    def action(self) -> str | None:
        return self._job.action

    @property
    def state(self) -> JobState:
        return self._job.state

    @property
    def progress(self) -> Progress | None:
        """The newest, if there was any."""
        return self._job.progress

    @property
    def metadata(self) -> Mapping[str, str] | None:
        """What the job annotated its result with."""
        return self._job.metadata

    @property
    def durations(self) -> Durations:
        return self._job.durations

    def done(self) -> bool:
        return self._job.done()

    def result(self, timeout: float | None = None) -> R:
        """Waits for the result.

        :param timeout: seconds; then ``TimeoutError`` is raised, and the job goes on
        :raises StreamerError: where there is none
        """

        async def wait() -> R:
            return await self._job

        return self._thread.run(wait, timeout)

    def accepted(self, timeout: float | None = None) -> str | None:
        """Waits until it is accepted as a job; gives the job's id, or nothing if it was answered
        on the spot."""
        return self._thread.run(self._job.accepted, timeout)

    @property
    def events(self) -> Iterator[JobEvent]:
        """Its events, as of :class:`Job`; waits for each."""
        return self._each(lambda: self._job.events)

    @property
    def updates(self) -> Iterator[Progress]:
        """The newest progress each time that it is read; waits for each."""
        return self._each(lambda: self._job.updates)

    def status(self, timeout: float | None = None) -> Snapshot:
        """Asks the server how the job stands."""
        return self._thread.run(self._job.status, timeout)

    def cancel(self, timeout: float | None = None) -> bool:
        """Asks for the job to stop, and waits for its end: true if it was cancelled, false if it
        ended otherwise before."""
        return self._thread.run(self._job.cancel, timeout)

    def unsubscribe(self) -> None:
        """Follows it no longer; the job itself goes on."""

        async def leave() -> None:
            self._job.unsubscribe()

        self._thread.run(leave)

    def _each(self, of: Callable[[], AsyncIterator[T]]) -> Iterator[T]:
        items = of()

        async def next_one() -> T | None:
            return await anext(items, None)

        while (item := self._thread.run(next_one)) is not None:
            yield item


class BlockingClient:
    """:class:`StreamerClient` for any thread. Functions given to it are called on a thread of its
    own, and must not call what waits; a token's function may take its time."""

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
        given = token if isinstance(token, str) else _elsewhere(token)
        self._client = StreamerClient(
            url, token=given, wait=wait, answer=answer, ssl=ssl, encode=encode, decode=decode
        )
        self._thread = _LoopThread()

    @property
    def state(self) -> ConnectionState:
        return self._client.state

    def on_state(self, listener: Callable[[ConnectionState], None]) -> Callable[[], None]:
        """Tells each change of the connection's state; gives what ends it."""
        return self._client.on_state(listener)

    def connect(self) -> None:
        """Connects now, without waiting for it; also after the connection was closed for good."""

        async def connect() -> None:
            self._client.connect()

        self._thread.run(connect)

    def close(self) -> None:
        """Leaves for good. What is not answered fails; jobs go on without this client."""
        if not self._thread.stopped:
            self._thread.run(self._client.close)
            self._thread.stop()

    def __enter__(self) -> BlockingClient:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

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
        wait: float | None = None,
        answer: float | None = None,
        on_progress: Callable[[Progress], None] | None = None,
        on_event: Callable[[JobEvent], None] | None = None,
        on_void: Callable[[int], None] | None = None,
        on_change: Callable[[], None] | None = None,
        event_buffer: int = 1_000,
        fetch_result: bool = True,
        max_result_bytes: int = 50 * 1024 * 1024,
    ) -> BlockingJob[Any]:
        """Asks for an action and does not wait for it, as :meth:`StreamerClient.request`."""

        async def request() -> Job[Any]:
            return self._client.request(
                action,
                payload,
                id=id,
                retry=retry,
                metadata=metadata,
                traceparent=traceparent,
                delay=delay,
                deadline=deadline,
                on_disconnect=on_disconnect,
                wait=wait,
                answer=answer,
                on_progress=on_progress,
                on_event=on_event,
                on_void=on_void,
                on_change=on_change,
                event_buffer=event_buffer,
                fetch_result=fetch_result,
                max_result_bytes=max_result_bytes,
            )

        return BlockingJob(self._thread, self._thread.run(request))

    def attach(
        self,
        job_id: str,
        *,
        frames: Sequence[FrameKind] | None = None,
        after_seq: int = 0,
        on_progress: Callable[[Progress], None] | None = None,
        on_event: Callable[[JobEvent], None] | None = None,
        on_void: Callable[[int], None] | None = None,
        on_change: Callable[[], None] | None = None,
        event_buffer: int = 1_000,
        fetch_result: bool = True,
        max_result_bytes: int = 50 * 1024 * 1024,
    ) -> BlockingJob[Any]:
        """Follows a job, as :meth:`StreamerClient.attach`."""

        async def attach() -> Job[Any]:
            return self._client.attach(
                job_id,
                frames=frames,
                after_seq=after_seq,
                on_progress=on_progress,
                on_event=on_event,
                on_void=on_void,
                on_change=on_change,
                event_buffer=event_buffer,
                fetch_result=fetch_result,
                max_result_bytes=max_result_bytes,
            )

        return BlockingJob(self._thread, self._thread.run(attach))

    def status(
        self,
        *,
        job_id: str | None = None,
        request_id: str | None = None,
        timeout: float | None = None,
    ) -> Snapshot:
        """How a job stands: any that the caller may see, by its id, or one's own by its
        request's."""

        async def ask() -> Snapshot:
            return await self._client.status(job_id=job_id, request_id=request_id)

        return self._thread.run(ask, timeout)


def _elsewhere(token: Callable[[], str | Awaitable[str]]) -> Callable[[], Awaitable[str]]:
    """Asks on another thread: the client's own goes on meanwhile."""

    async def ask() -> str:
        given = await asyncio.to_thread(token)
        return await given if inspect.isawaitable(given) else given

    return ask
