"""The outside by asyncio: its timers, ``websockets`` for sockets, a thread for large results."""

from __future__ import annotations

import asyncio
import inspect
import logging
import random
import ssl
import time
import uuid
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Subprotocol

from .fetch import fetch
from .outside import Pending, Socket, SocketEvents

Token = str | Callable[[], str | Awaitable[str]]
"""A JWT, or what gives one."""

# API Gateway takes no larger frame, and a server may say another size
_FRAME_BYTES = 32 * 1024
# of one character
_MOST_BYTES = 4
_CLOSING = 5.0


class _Connect(connect):
    """Follows no redirect: the token is for this address alone."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        return exc


def _silent_logger() -> logging.Logger:
    """A logger that says nothing: at its finest level the library writes each header, the token's
    too."""
    logger = logging.Logger("streamer_client.websockets")
    logger.disabled = True
    return logger


class World:
    """What the states of one client need, on the loop that runs when it is first used."""

    def __init__(self, url: str, token: Token, context: ssl.SSLContext | None) -> None:
        self.url = url
        self.context = context
        self._token = token
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._sockets: set[asyncio.Task[None]] = set()

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
        return self._loop

    def now(self) -> float:
        return time.monotonic()

    def wall(self) -> float:
        return time.time()

    def drawn(self) -> float:
        return random.random()

    def new_id(self) -> str:
        return str(uuid.uuid4())

    def later(self, seconds: float, call: Callable[[], None]) -> Pending:
        return self.loop.call_later(seconds, call)

    def token(self, given: Callable[[str], None], failed: Callable[[str], None]) -> Pending:
        async def ask() -> None:
            try:
                answer = self._token if isinstance(self._token, str) else self._token()
                token = await answer if inspect.isawaitable(answer) else answer
            except Exception as e:
                failed(str(e) or "no token")
                return
            if isinstance(token, str) and token and token.isascii() and token.isprintable():
                given(token)
            else:
                failed("no token, or one that a header cannot have")

        return self._start(ask(), self._tasks)

    def open(self, token: str, events: SocketEvents) -> Socket:
        socket = _Socket(self, token, events)
        socket.reading = self._start(socket.run(), self._sockets)
        return socket

    def fetch(self, url: str, most_bytes: int, fetched: Callable[[bytes | str], None]) -> None:
        async def ask() -> None:
            fetched(await asyncio.to_thread(fetch, url, most_bytes, self.context))

        self._start(ask(), self._tasks)

    async def closed(self) -> None:
        """Waits until its sockets are."""
        while self._sockets:
            await asyncio.wait(self._sockets)

    def _start(
        self, doing: Coroutine[Any, Any, None], among: set[asyncio.Task[None]]
    ) -> asyncio.Task[None]:
        task = self.loop.create_task(doing)
        # the loop itself keeps none alive
        among.add(task)
        task.add_done_callback(among.discard)
        return task


class _Socket:
    reading: asyncio.Task[None]

    def __init__(self, world: World, token: str, events: SocketEvents) -> None:
        self._world = world
        self._token = token
        self._events = events
        self._outgoing: asyncio.Queue[str | None] = asyncio.Queue()
        self._over = False
        self._open: ClientConnection | None = None
        self._abort: Pending | None = None
        self._frame_bytes = _FRAME_BYTES

    def limit_frames(self, bytes: int) -> None:
        self._frame_bytes = max(bytes, _MOST_BYTES)

    def send(self, text: str) -> None:
        self._outgoing.put_nowait(text)

    def close(self) -> None:
        if not self._over:
            self._over = True
            if self._open:
                # what was sent before goes out first, if it is taken
                self._outgoing.put_nowait(None)
                self._abort = self._world.later(_CLOSING, self._open.transport.abort)
            else:
                self.reading.cancel()

    async def run(self) -> None:
        options: dict[str, Any] = {"ssl": self._world.context} if self._world.context else {}
        try:
            socket = await _Connect(
                self._world.url,
                additional_headers={"Authorization": f"Bearer {self._token}"},
                subprotocols=[Subprotocol("streamer.v1")],
                compression=None,
                # the states have limits of their own, and heartbeats
                open_timeout=None,
                ping_interval=None,
                max_size=None,
                close_timeout=_CLOSING,
                logger=_silent_logger(),
                **options,
            )
        except InvalidStatus as e:
            status = e.response.status_code
            self._end(1006, f"refused with {status}", status)
            return
        except Exception as e:
            self._end(1006, str(e) or "no connection")
            return
        self._open = socket
        writing = asyncio.create_task(self._write(socket))
        try:
            self._events.opened()
            async for message in socket:
                if isinstance(message, str) and not self._over:
                    self._events.text(message)
        except ConnectionClosed:
            pass
        finally:
            writing.cancel()
            if self._abort:
                self._abort.cancel()
        self._end(socket.close_code or 1006, socket.close_reason or "")

    async def _write(self, socket: ClientConnection) -> None:
        try:
            while (text := await self._outgoing.get()) is not None:
                most = self._frame_bytes
                size = most if text.isascii() else most // _MOST_BYTES
                parts = [text[at : at + size] for at in range(0, len(text), size)]
                await socket.send(text if len(parts) == 1 else parts)
            await socket.close(1000)
        except ConnectionClosed:
            pass  # whoever reads tells

    def _end(self, code: int, reason: str, status: int | None = None) -> None:
        if not self._over:
            self._over = True
            self._events.closed(code, reason, status)
