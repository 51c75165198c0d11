"""The client of Streamer's gateway: requests, jobs with progress and events, and a connection that
comes back by itself."""

from .blocking import BlockingClient, BlockingJob
from .client import Job, StreamerClient
from .errors import LOCAL_CODES, Problem, StreamerError
from .events import JobEvent
from .frames import FrameKind, Snapshot
from .handle import Durations, JobState, Progress
from .link import ConnectionState
from .world import Token

__all__ = [
    "LOCAL_CODES",
    "BlockingClient",
    "BlockingJob",
    "ConnectionState",
    "Durations",
    "FrameKind",
    "Job",
    "JobEvent",
    "JobState",
    "Problem",
    "Progress",
    "Snapshot",
    "StreamerClient",
    "StreamerError",
    "Token",
]
