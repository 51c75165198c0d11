"""A small gateway on a real socket, on a thread of its own."""

from __future__ import annotations

import http
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import ServerConnection, serve
from websockets.typing import Subprotocol

Frame = dict[str, Any]
JOB = "Yc3kqQ0mXh7vR1bT5nLd8pWs2_A"


class Gateway:
    """Answers ``echo``; makes a job of anything else, which a test takes to its end."""

    def __init__(self) -> None:
        self.url = ""
        self.handshakes: list[Request] = []
        self.frames: list[Frame] = []
        self.refused_tokens: set[str] = set()
        self.redirect: str | None = None
        self.largest = 0
        self.max_frame_bytes: int | None = None
        """As the welcome tells it."""
        self.closes: list[int | None] = []
        self.sockets: list[ServerConnection] = []
        self.reads = True
        self.over = threading.Event()
        self.play: Callable[[Frame], None] = lambda frame: None
        """What else is done about a frame."""
        self._more = threading.Condition()

    def enter(self, socket: ServerConnection, request: Request) -> Response | None:
        self.handshakes.append(request)
        if self.redirect:
            response = socket.respond(http.HTTPStatus.FOUND, "")
            response.headers["Location"] = self.redirect
            return response
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token in self.refused_tokens:
            return socket.respond(http.HTTPStatus.UNAUTHORIZED, "no")
        return None

    def serve(self, socket: ServerConnection) -> None:
        self.sockets.append(socket)
        try:
            while self.reads:
                parts = list(socket.recv_streaming())
                self.largest = max([self.largest, *(len(str(part).encode()) for part in parts)])
                self._take(socket, json.loads("".join(map(str, parts))))
            self.over.wait(20)
        except ConnectionClosed:
            self.closes.append(socket.close_code)

    def _take(self, socket: ServerConnection, frame: Frame) -> None:
        id = frame.get("id")
        if frame["type"] == "hello":
            self._answer(
                socket,
                type="welcome",
                request_id=id,
                session="s",
                recovered=True,
                jobs=[],
                heartbeat_ms=25_000,
                max_age_ms=7_200_000,
                max_message_bytes=131_072,
                max_frame_bytes=self.max_frame_bytes,
            )
        elif frame.get("action") == "echo":
            self._answer(
                socket, type="response", request_id=id, success=True, data=frame.get("payload")
            )
        elif frame["type"] == "request" and frame["action"] != "quote":
            self._answer(socket, type="acknowledgment", request_id=id, job_id=JOB, status="queued")
        elif frame["type"] == "cancel":
            self.end("CANCELLED")
        self.play(frame)
        with self._more:
            self.frames.append(frame)
            self._more.notify_all()

    def await_frame(self, type: str) -> Frame:
        """Waits for a frame of this type."""

        def found() -> Frame | None:
            return next((frame for frame in self.frames if frame["type"] == type), None)

        with self._more:
            frame = self._more.wait_for(found, timeout=20)
        assert frame, f"no {type} came"
        return frame

    def give(self, **frame: Any) -> None:
        self._answer(self.sockets[-1], **frame)

    def job(self, n: int, **frame: Any) -> None:
        """The nth frame of the job."""
        self.give(job_id=JOB, seq=10**9 + n, **frame)

    def end(self, code: str) -> None:
        self.job(99, type="error", error={"code": code, "message": "no", "retryable": False})

    @staticmethod
    def _answer(socket: ServerConnection, **frame: Any) -> None:
        socket.send(json.dumps({"timestamp": 1732152000.123, **frame}))


@contextmanager
def gateway() -> Iterator[Gateway]:
    found = Gateway()
    with serve(
        found.serve,
        "127.0.0.1",
        0,
        process_request=found.enter,
        subprotocols=[Subprotocol("streamer.v1")],
        compression=None,
        close_timeout=0.1,
    ) as server:
        found.url = f"ws://127.0.0.1:{server.socket.getsockname()[1]}/ws"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield found
        found.over.set()
        server.shutdown()
        thread.join()
        for socket in found.sockets:
            socket.socket.close()


@contextmanager
def shelf(
    answer: Callable[[BaseHTTPRequestHandler], None],
) -> Iterator[str]:
    """A server of files; gives its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
