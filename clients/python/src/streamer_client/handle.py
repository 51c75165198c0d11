"""A request or a job that is followed, from its sending to its end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from .errors import Problem, StreamerError
from .events import EventBuffer, JobEvent
from .frames import Attached, Decode, FrameKind, ServerFrame, Snapshot, epoch_of, snapshot_of
from .outside import Outside, Pending

JobState = Literal["sent", "accepted", "running", "succeeded", "failed", "cancelled"]
"""``sent`` until an answer is there, then how the job stands as far as is known here."""

_END = 1.0
_FETCHES = 3
_FETCH_AGAIN = 0.5
_LATER = object()


@dataclass(frozen=True)
class Progress:
    """How far a job has come; the percentage never falls."""

    percentage: float
    message: str
    attempt: int
    metadata: Mapping[str, str] | None = None


@dataclass
class Durations:
    """Seconds by the client's clock, from the request or, where it was attached, from then."""

    accepted: float | None = None
    """Until it was accepted as a job."""
    started: float | None = None
    """Until the first sign that it runs."""
    ended: float | None = None
    """Until its end, without the time that fetching a large result took."""


@dataclass(frozen=True)
class Reading:
    """What is kept and fetched of a job."""

    event_buffer: int = 1_000
    fetch_result: bool = True
    max_result_bytes: int = 50 * 1024 * 1024


class Audience(Protocol):
    """Whom a handle tells what happens to it."""

    def known(self) -> None:
        """It has a job's id, or it has ended without."""

    def progress(self, progress: Progress) -> None: ...

    def event(self, event: JobEvent) -> None: ...

    def void(self, after_seq: int) -> None: ...

    def changed(self) -> None: ...

    def settled(self, outcome: Any | StreamerError) -> None:
        """Once."""

    def wake(self) -> None:
        """Readers look again."""


class Home(Protocol):
    """What a handle needs of its client."""

    decode: Decode

    def ask(
        self,
        fields: Mapping[str, Any],
        answered: Callable[[ServerFrame], None],
        failed: Callable[[StreamerError], None],
    ) -> None: ...

    def status(
        self,
        job_id: str | None,
        request_id: str | None,
        answered: Callable[[Snapshot], None],
        failed: Callable[[StreamerError], None],
    ) -> None: ...

    def take_back(self, handle: Handle) -> bool:
        """Takes a request back that was not sent yet; false if it was."""

    def moved(self, handle: Handle) -> None:
        """The job's id or its end is new."""

    def unwatch(self, handle: Handle) -> None: ...


class Handle:
    def __init__(self, outside: Outside, home: Home, audience: Audience, reading: Reading) -> None:
        self._outside = outside
        self._home = home
        self._audience = audience
        self._reading = reading
        self._from = outside.now()
        self._settled = False
        self._silent = False
        self._gone = False
        self._held: list[ServerFrame] = []
        self._timer: Pending | None = None
        self._when_known: list[Callable[[], None]] = []
        self._when_ended: list[Callable[[], None]] = []
        self.events = EventBuffer(reading.event_buffer, audience.wake, self._error)
        self.request_id: str | None = None
        self.job_id: str | None = None
        self.action: str | None = None
        self.state: JobState = "sent"
        self.progress: Progress | None = None
        self.metadata: Mapping[str, str] | None = None
        self.durations = Durations()
        self.ended = False
        self.own = False
        """Its frames come to this connection as its owner's."""
        self.fragile = False
        """It is cancelled when its owner is away."""
        self.seq = 0
        self.kinds: Sequence[FrameKind] | None = None
        self.attaching: object | None = None
        """The hello or subscribe that tells how it stands; frames wait for it."""
        self.alone = False
        """The next hello names it alone."""
        self.unconfirmed = False
        """A frame of it stands for the acknowledgment, which may be lost: nothing else may
        come."""

    # what its caller does

    def status(
        self,
        answered: Callable[[Snapshot], None],
        failed: Callable[[StreamerError], None],
    ) -> None:
        """Asks the server how the job stands."""

        def ask() -> None:
            self._home.status(self.job_id, self.request_id, answered, failed)

        self._once_known(ask)

    def cancel(self, over: Callable[[], None], failed: Callable[[StreamerError], None]) -> None:
        """Asks for the job to stop; tells when it is over, or that asking failed."""
        if not self.ended and self._home.take_back(self):
            self.fail(Problem("CANCELLED", "cancelled before it was sent"))
        waits = True

        def once() -> None:
            nonlocal waits
            if waits:
                waits = False
                over()

        def refused(error: StreamerError) -> None:
            nonlocal waits
            # the end may overtake the answer
            if waits:
                waits = False
                failed(error)

        def ask() -> None:
            if not self.ended:
                self._home.ask({"type": "cancel", "job_id": self.job_id}, answer, refused)

        def answer(frame: ServerFrame) -> None:
            snapshot = snapshot_of(frame.data)
            if snapshot:
                self._expect_end(snapshot)

        self._once_known(ask)
        if self.ended:
            once()
        else:
            self._when_ended.append(once)

    def unsubscribe(self) -> None:
        """Follows it no longer; the job itself goes on."""
        self._settle(self._error(Problem("ABORTED", "no longer followed")))
        self._gone = True
        self._home.unwatch(self)
        self._leave()

    def abandon(self) -> None:
        """Waits no longer; a request's job is cancelled, too."""
        self._settle(self._error(Problem("ABORTED", "aborted by its caller")))
        self._leave()
        if self.own:
            self.cancel(lambda: None, lambda error: None)
        else:
            self._home.unwatch(self)

    # what its client tells it

    def answered(self, frame: ServerFrame) -> None:
        """The answer to its request, or the acknowledgment."""
        if frame.type == "error":
            self.fail(frame.error or Problem("INTERNAL_ERROR", ""))
        elif frame.type == "acknowledgment":
            if frame.job_id:
                self.accept(frame.job_id)
            if frame.snapshot:
                self._look(frame.snapshot)
        else:
            self._end("succeeded", frame.data)

    def accept(self, job_id: str) -> None:
        if not self.job_id:
            self.job_id = job_id
            self.durations.accepted = self._passed()
            self._move("accepted")
            if not self._gone:
                self._home.moved(self)
            self._known()

    def attached(self, attached: Attached) -> None:
        """How it stands, from a welcome or a subscription."""
        self.unconfirmed = False
        snapshot = attached.snapshot
        self.request_id = self.request_id or snapshot.request_id
        self.action = self.action or snapshot.action
        for event in attached.events:
            self._apply(event)
        self._look(snapshot)
        if attached.next is None:
            self.release()

    def release(self) -> None:
        """Lets the frames go that waited for an answer."""
        self.attaching = None
        held, self._held = self._held, []
        for frame in held:
            self._apply(frame)

    def may_be_ahead(self, snapshot: Snapshot) -> bool:
        """Whether it has seen more than the server knows: the job lives anew."""
        if snapshot.has_ended:
            return snapshot.seq < self.seq
        return epoch_of(snapshot.seq) < epoch_of(self.seq)

    def restart(self) -> None:
        """What it has seen is void, all of it."""
        self.seq = 0
        self.progress = None
        self._void(0)

    def take(self, frame: ServerFrame) -> None:
        if self.attaching is not None:
            self._held.append(frame)
        else:
            self._apply(frame)

    def fail(self, problem: Problem) -> None:
        state: JobState = "cancelled" if problem.code == "CANCELLED" else "failed"
        self._end(state, self._error(problem))

    def _apply(self, frame: ServerFrame) -> None:
        seq = frame.seq or 0
        # a worker that lost its job has a lower epoch, and so has all it sends
        if self.ended or seq <= self.seq or not self._wants(frame.type):
            return
        self.seq = seq
        if frame.type == "progress":
            self._step(frame.percentage or 0.0, frame.message, frame.attempt, frame.metadata)
        elif frame.type == "event":
            event = JobEvent(frame.name, frame.data, seq)
            self._move("running")
            self.events.push(event)
            if not self._silent:
                self._audience.event(event)
        elif frame.type == "rewind":
            self._void(frame.after_seq)
        elif frame.type == "complete":
            self.metadata = frame.metadata
            self._succeed(frame.result, frame.result_url)
        elif frame.type == "error":
            self.fail(frame.error or Problem("INTERNAL_ERROR", ""))

    def _wants(self, type: str | None) -> bool:
        if self.kinds is None:
            return True
        if type == "progress":
            return "progress" in self.kinds
        return type not in ("event", "rewind") or "event" in self.kinds

    def _void(self, after_seq: int) -> None:
        self.events.rewind(after_seq)
        if not self._silent:
            self._audience.void(after_seq)

    def _look(self, snapshot: Snapshot) -> None:
        if snapshot.has_ended:
            self._expect_end(snapshot)
        elif snapshot.attempt > 0:
            shown = self.progress.percentage if self.progress else 0.0
            if snapshot.seq > self.seq or snapshot.percentage > shown:
                self._step(snapshot.percentage, snapshot.message, snapshot.attempt, None)

    def _step(
        self, percentage: float, message: str, attempt: int, metadata: Mapping[str, str] | None
    ) -> None:
        before = self.progress.percentage if self.progress else 0.0
        self.progress = Progress(max(percentage, before), message, attempt, metadata)
        self._move("running")
        self._audience.wake()
        if not self._silent:
            self._audience.progress(self.progress)

    def _expect_end(self, snapshot: Snapshot) -> None:
        """The end follows; where it does not, as behind an end that was there before, it is asked
        for."""

        def ask() -> None:
            if self.attaching is None:
                self.status(told, lambda error: forget())
            else:
                again()

        def told(answer: Snapshot) -> None:
            if self.attaching is not None:
                again()
                return
            forget()
            if answer.error:
                self.fail(answer.error)
            elif answer.has_ended:
                self._succeed(answer.result, answer.result_url)

        def again() -> None:
            # what came before the end is still to be read
            forget()
            self._expect_end(snapshot)

        def forget() -> None:
            self._timer = None

        if snapshot.has_ended and not self.ended and not self._timer:
            self._timer = self._outside.later(_END, ask)

    def _succeed(self, result: Any, url: str | None) -> None:
        if url is None:
            self._end("succeeded", result)
        elif self._reading.fetch_result:
            self._end("succeeded", _LATER)
            self._fetch(url, 1)
        else:
            self._end("succeeded", {"result_url": url})

    def _fetch(self, url: str, turn: int) -> None:
        most = self._reading.max_result_bytes

        def cannot(code: str, message: str) -> None:
            retryable = code == "RESULT_UNAVAILABLE"
            details = {"result_url": url}
            self._settle(self._error(Problem(code, message, retryable, details=details)))

        def fetched(body: bytes | str) -> None:
            if isinstance(body, str):
                if turn < _FETCHES:
                    wait = _FETCH_AGAIN * 2.0 ** (turn - 1) * self._outside.drawn()
                    self._outside.later(wait, again)
                else:
                    cannot("RESULT_UNAVAILABLE", f"the result cannot be fetched: {body}")
            elif len(body) > most:
                cannot("RESULT_TOO_LARGE", f"the result has more than {most} bytes")
            else:
                try:
                    value = self._home.decode(body.decode())
                except (ValueError, RecursionError):
                    cannot("RESULT_UNAVAILABLE", "the result is not JSON")
                else:
                    self._settle(value)

        def again() -> None:
            # the address may be too old
            self.status(
                lambda snapshot: self._fetch(snapshot.result_url or url, turn + 1),
                lambda error: self._fetch(url, turn + 1),
            )

        if not self._settled:
            self._outside.fetch(url, most, fetched)

    def _end(self, state: JobState, outcome: Any) -> None:
        if not self.ended:
            self.ended = True
            self.durations.ended = self._passed()
            if self._timer:
                self._timer.cancel()
            self.state = state
            if outcome is not _LATER:
                self._settle(outcome)
            self._home.moved(self)
            self._known()
            self._tell_change()
            self._leave()
            over, self._when_ended = self._when_ended, []
            for call in over:
                call()

    def _settle(self, outcome: Any) -> None:
        if not self._settled:
            self._settled = True
            self._audience.settled(outcome)

    def _leave(self) -> None:
        self._silent = True
        self.events.end()

    def _once_known(self, call: Callable[[], None]) -> None:
        if self.job_id or self.ended:
            call()
        else:
            self._when_known.append(call)

    def _known(self) -> None:
        self._audience.known()
        waiting, self._when_known = self._when_known, []
        for call in waiting:
            call()

    def _error(self, problem: Problem) -> StreamerError:
        return StreamerError(problem, self.request_id, self.job_id)

    def _passed(self) -> float:
        return self._outside.now() - self._from

    def _move(self, state: JobState) -> None:
        if state == "running" and self.durations.started is None:
            self.durations.started = self._passed()
        self.state = state
        self._tell_change()

    def _tell_change(self) -> None:
        if not self._silent:
            self._audience.changed()
