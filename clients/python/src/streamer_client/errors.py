"""What goes wrong, as a server or this library says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Problem:
    """What a frame says of a failure."""

    code: str
    message: str
    retryable: bool = False
    retry_after: float | None = None
    """Seconds."""
    details: Mapping[str, Any] = field(default_factory=dict)


LOCAL_CODES = (
    "ABORTED",
    "CLIENT_CLOSED",
    "CONNECTION_LOST",
    "EVENTS_LOST",
    "NOT_CONNECTED",
    "PAYLOAD_TOO_LARGE",
    "RESULT_TOO_LARGE",
    "RESULT_UNAVAILABLE",
    "TOO_MANY_WAITING",
)
"""Codes that this library gives by itself; all others come from the server."""


class StreamerError(Exception):
    """The one type of error that this library raises for what happens to a request."""

    def __init__(
        self, problem: Problem, request_id: str | None = None, job_id: str | None = None
    ) -> None:
        # as they came, so that it can be pickled
        super().__init__(problem, request_id, job_id)
        self.problem = problem
        self.request_id = request_id
        self.job_id = job_id

    @property
    def code(self) -> str:
        """The server's error code, or one of ``LOCAL_CODES``."""
        return self.problem.code

    @property
    def message(self) -> str:
        return self.problem.message

    @property
    def retryable(self) -> bool:
        """Whether the same request may succeed later."""
        return self.problem.retryable

    @property
    def retry_after(self) -> float | None:
        """Seconds after which it may, where the server says so."""
        return self.problem.retry_after

    @property
    def details(self) -> Mapping[str, Any]:
        return self.problem.details

    @property
    def error_id(self) -> str | None:
        """Finds the line in the server's log."""
        found = self.details.get("error_id")
        return found if isinstance(found, str) else None

    @property
    def may_have_started(self) -> bool:
        """The work may have been done, or be under way: only the same id makes sure that it is
        done once."""
        return self.details.get("may_have_started") is True

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"
