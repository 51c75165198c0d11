"""Takes a job's frames, as ``client`` with the client, as ``bare`` with ``websockets`` alone.

It says when those that warm it up and the others are there:
``python frames.py client|bare URL WARM COUNTED``.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from streamer_client import Progress, StreamerClient


class Counter:
    def __init__(self, warm: int, counted: int) -> None:
        self._warm = warm
        self._all = warm + counted
        self._seen = 0

    def one(self) -> None:
        self._seen += 1
        if self._seen == self._warm:
            print("warm", flush=True)
        elif self._seen == self._all:
            print("done", flush=True)


async def client(url: str, warm: int, counted: int) -> None:
    newest: list[float] = [0]

    def on_progress(progress: Progress) -> None:
        newest[0] = progress.percentage

    # every second frame is an event, and none of these is left out
    events = Counter(warm // 2, counted // 2)
    asking = StreamerClient(url, token="T")
    job = asking.request("frames", None, on_progress=on_progress, event_buffer=warm + counted)
    async for _ in job.events:
        events.one()


async def bare(url: str, warm: int, counted: int) -> None:
    # the acknowledgment comes before them
    messages = Counter(warm + 1, counted)
    async with connect(url, subprotocols=[Subprotocol("streamer.v1")]) as socket:
        await socket.send('{"id":"bare","action":"frames"}')
        async for _ in socket:
            messages.one()


sides = {"client": client, "bare": bare}
asyncio.run(sides[sys.argv[1]](sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
