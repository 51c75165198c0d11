"""Frames of the server, read once: what is not as the contract has it counts as absent."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from .errors import Problem

FrameKind = Literal["progress", "event", "terminal"]
"""Kinds of a job's frames."""

Decode = Callable[[str], Any]
Encode = Callable[[Any], str]

_ENDS = frozenset({"succeeded", "failed", "cancelled", "timed_out"})
_EPOCH = 10**9


@dataclass(frozen=True)
class Snapshot:
    """How a job stands."""

    job_id: str
    request_id: str
    action: str
    status: str
    """``waiting``, ``queued``, ``running``, ``retrying``, ``succeeded``, ``failed``, ``cancelled``
    or ``timed_out``."""
    percentage: float
    message: str
    seq: int
    attempt: int
    created_at: float
    """Unix seconds."""
    result: Any = None
    """Of a job that has ended, where it was asked for by ``status``."""
    result_url: str | None = None
    error: Problem | None = None

    @property
    def has_ended(self) -> bool:
        return self.status in _ENDS


@dataclass(frozen=True)
class Attached:
    """A job as a welcome or a subscription has it: how it stands, and what was missed."""

    snapshot: Snapshot
    events: tuple[ServerFrame, ...]
    next: int | None


@dataclass(frozen=True)
class ServerFrame:
    """Any frame of the server; unknown types and fields are let pass."""

    type: str | None = None
    request_id: str | None = None
    job_id: str | None = None
    seq: int | None = None
    data: Any = None
    status: str | None = None
    snapshot: Snapshot | None = None
    percentage: float | None = None
    message: str = ""
    attempt: int = 1
    metadata: Mapping[str, str] | None = None
    name: str = ""
    after_seq: int = 0
    result: Any = None
    result_url: str | None = None
    error: Problem | None = None
    jobs: tuple[Attached, ...] = ()
    recovered: bool = True
    session: str = ""
    heartbeat: float = 25.0
    max_age: float | None = None
    max_message_bytes: int | None = None
    max_frame_bytes: int | None = None
    reconnect_in: float = 0.0


def read(text: str, decode: Decode) -> ServerFrame | None:
    """The frame, or nothing of what is no frame."""
    try:
        value = decode(text)
    except (ValueError, RecursionError):
        return None
    return frame_of(value) if isinstance(value, dict) else None


def frame_of(fields: Mapping[str, Any]) -> ServerFrame:
    return ServerFrame(
        type=_text(fields, "type"),
        request_id=_text(fields, "request_id"),
        job_id=_text(fields, "job_id"),
        seq=_whole(fields, "seq"),
        data=fields.get("data"),
        status=_text(fields, "status"),
        snapshot=snapshot_of(fields.get("snapshot")),
        percentage=_number(fields, "percentage"),
        message=_text(fields, "message") or "",
        attempt=_whole(fields, "attempt") or 1,
        metadata=_object(fields, "metadata"),
        name=_text(fields, "name") or "",
        after_seq=_whole(fields, "after_seq") or 0,
        result=fields.get("result"),
        result_url=_text(fields, "result_url"),
        error=problem_of(fields.get("error")),
        jobs=tuple(filter(None, map(attached_of, _list(fields, "jobs")))),
        recovered=fields.get("recovered") is not False,
        session=_text(fields, "session") or "",
        heartbeat=_seconds(fields, "heartbeat_ms") or 25.0,
        max_age=_seconds(fields, "max_age_ms"),
        max_message_bytes=_whole(fields, "max_message_bytes"),
        max_frame_bytes=_whole(fields, "max_frame_bytes"),
        reconnect_in=_seconds(fields, "reconnect_in_ms") or 0.0,
    )


def snapshot_of(value: Any) -> Snapshot | None:
    if not isinstance(value, dict):
        return None
    job_id = _text(value, "job_id")
    status = _text(value, "status")
    if job_id is None or status is None:
        return None
    return Snapshot(
        job_id=job_id,
        request_id=_text(value, "request_id") or "",
        action=_text(value, "action") or "",
        status=status,
        percentage=_number(value, "percentage") or 0.0,
        message=_text(value, "message") or "",
        seq=_whole(value, "seq") or 0,
        attempt=_whole(value, "attempt") or 0,
        created_at=_number(value, "created_at") or 0.0,
        result=value.get("result"),
        result_url=_text(value, "result_url"),
        error=problem_of(value.get("error")),
    )


def attached_of(value: Any) -> Attached | None:
    snapshot = snapshot_of(value.get("snapshot")) if isinstance(value, dict) else None
    if snapshot is None:
        return None
    events = tuple(frame_of(event) for event in _list(value, "events") if isinstance(event, dict))
    return Attached(snapshot, events, _whole(value, "next"))


def problem_of(value: Any) -> Problem | None:
    if not isinstance(value, dict):
        return None
    return Problem(
        code=_text(value, "code") or "INTERNAL_ERROR",
        message=_text(value, "message") or "",
        retryable=value.get("retryable") is True,
        retry_after=_seconds(value, "retry_after_ms"),
        details=_object(value, "details") or {},
    )


def epoch_of(seq: int) -> int:
    """A worker that lost its job has a lower epoch than its successor."""
    return seq // _EPOCH


def compact(value: Any) -> str:
    """JSON as other languages write it, so that the same request has the same bytes."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        # half a surrogate pair is no UTF-8
        return json.dumps(value, separators=(",", ":"), allow_nan=False)
    return text


def _text(fields: Mapping[str, Any], name: str) -> str | None:
    value = fields.get(name)
    return value if isinstance(value, str) else None


def _number(fields: Mapping[str, Any], name: str) -> float | None:
    value = fields.get(name)
    if isinstance(value, bool) or value is None:
        return None
    try:
        return float(value) if not isinstance(value, str) else None
    except (TypeError, ValueError, OverflowError):
        return None


def _whole(fields: Mapping[str, Any], name: str) -> int | None:
    value = fields.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    number = _number(fields, name)
    return int(number) if number is not None and number.is_integer() else None


def _seconds(fields: Mapping[str, Any], name: str) -> float | None:
    milliseconds = _number(fields, name)
    return None if milliseconds is None else milliseconds / 1_000


def _object(fields: Mapping[str, Any], name: str) -> Mapping[str, Any] | None:
    value = fields.get(name)
    return value if isinstance(value, dict) else None


def _list(fields: Mapping[str, Any], name: str) -> list[Any]:
    value = fields.get(name)
    return value if isinstance(value, list) else []
