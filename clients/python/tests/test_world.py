"""The client for asyncio, over real sockets."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from gateway import JOB, Gateway, gateway, shelf

from streamer_client import Job, StreamerClient, StreamerError
from streamer_client.fetch import fetch
from streamer_client.world import Token


@pytest.fixture
def door() -> Iterator[Gateway]:
    with gateway() as found:
        yield found


def run(body: Coroutine[Any, Any, None]) -> None:
    async def bounded() -> None:
        await asyncio.wait_for(body, 30)

    asyncio.run(bounded())


def counting() -> Callable[[], str]:
    asked: list[None] = []

    def token() -> str:
        asked.append(None)
        return f"token-{len(asked)}"

    return token


async def later(token: str) -> str:
    await asyncio.sleep(0)
    return token


def test_the_token_goes_into_a_header_and_a_refused_one_is_replaced(door: Gateway) -> None:
    async def body() -> None:
        door.refused_tokens.add("token-1")
        async with StreamerClient(door.url, token=counting()) as client:
            assert await client.request("echo", "ü") == "ü"

    run(body())
    assert [request.path for request in door.handshakes] == ["/ws", "/ws"]
    headers = [request.headers for request in door.handshakes]
    assert [one["Authorization"] for one in headers] == ["Bearer token-1", "Bearer token-2"]
    assert [one["Sec-WebSocket-Protocol"] for one in headers] == ["streamer.v1"] * 2


@pytest.mark.parametrize("token", ["T", lambda: "T", lambda: later("T")])
def test_a_token_is_a_text_or_a_function_of_either_kind(door: Gateway, token: Token) -> None:
    async def body() -> None:
        async with StreamerClient(door.url, token=token) as client:
            assert await client.request("echo", 1) == 1

    run(body())
    assert door.handshakes[0].headers["Authorization"] == "Bearer T"


def raising() -> str:
    raise KeyError("no session")


@pytest.mark.parametrize(
    ("token", "why"),
    [
        (raising, "no session"),
        (lambda: None, "no token"),
        ("", "no token"),
        ("a\r\nX: b", "no token"),
        ("ü", "no token"),
    ],
)
def test_a_token_that_cannot_be_sent_says_so(door: Gateway, token: Any, why: str) -> None:
    async def body() -> None:
        async with StreamerClient(door.url, token=token) as client:
            with pytest.raises(StreamerError, match=why):
                await client.request("echo", 1, wait=0.05)

    run(body())
    assert door.handshakes == []


def test_no_log_has_the_token(door: Gateway, caplog: pytest.LogCaptureFixture) -> None:
    async def body() -> None:
        door.refused_tokens.add("swordfish-1")
        tokens = iter(["swordfish-1", "swordfish-2"])
        async with StreamerClient(door.url, token=lambda: next(tokens)) as client:
            await client.request("echo", 1)

    caplog.set_level(logging.DEBUG)
    run(body())
    # what the gateway of this test writes is its own
    told = [it.getMessage() for it in caplog.records if it.name != "websockets.server"]
    assert "connection open" in told
    assert "swordfish" not in "".join(told)


def test_a_redirect_is_not_followed(door: Gateway) -> None:
    async def body() -> None:
        door.redirect = door.url + "/elsewhere"
        async with StreamerClient(door.url, token="T") as client:
            with pytest.raises(StreamerError, match="refused with 302"):
                await client.request("echo", 1, wait=0.2)

    run(body())
    assert {request.path for request in door.handshakes} == {"/ws"}


@pytest.mark.parametrize("said", [None, 5_000])
@pytest.mark.parametrize("payload", ["x" * 100_000, "😀" * 25_000, "ü" * 40_000 + "x"])
def test_a_large_message_goes_in_frames_of_32_kb_or_what_the_server_says(
    door: Gateway, payload: str, said: int | None
) -> None:
    door.max_frame_bytes = said

    async def body() -> None:
        async with StreamerClient(door.url, token="T") as client:
            assert await client.request("echo", payload) == payload

    run(body())
    most = said or 32 * 1024
    assert most // 5 < door.largest <= most


def test_a_client_that_is_closed_has_closed_its_socket(door: Gateway) -> None:
    async def body() -> None:
        before = asyncio.all_tasks()
        client = StreamerClient(door.url, token="T")
        await client.request("echo", 1)
        await client.close()
        assert client.state.name == "closed"
        assert asyncio.all_tasks() == before

    run(body())
    door.sockets[0].recv_events_thread.join(20)
    assert door.sockets[0].close_code == 1000


def test_a_socket_that_nobody_reads_is_closed_all_the_same(
    door: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streamer_client.world._CLOSING", 0.2)

    async def body() -> None:
        client = StreamerClient(door.url, token="T")
        await client.request("echo", 1)
        door.reads = False
        asked = [client.request("echo", "x" * 120_000) for _ in range(200)]
        await client.close()
        for one in asked:
            with pytest.raises(StreamerError):
                await one

    run(body())


@pytest.mark.parametrize("url", ["http://127.0.0.1/ws", "127.0.0.1", ""])
def test_an_address_that_is_none_of_a_websocket_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="ws://"):
        StreamerClient(url, token="T")


def test_where_nobody_listens_who_waits_is_told_why() -> None:
    async def body() -> None:
        async with StreamerClient("ws://127.0.0.1:1/ws", token="T") as client:
            with pytest.raises(StreamerError) as error:
                await client.request("echo", 1, wait=0.2)
            assert error.value.code == "NOT_CONNECTED"

    run(body())


def test_a_jobs_events_and_progress_are_read_as_they_come(door: Gateway) -> None:
    async def body() -> None:
        async with StreamerClient(door.url, token="T") as client:
            told: list[Any] = []
            job: Job[dict[str, int]] = client.request(
                "report",
                on_progress=lambda progress: told.append(progress.percentage),
                on_event=lambda event: told.append(event.data),
                on_change=lambda: None,
            )
            assert await job.accepted() == JOB
            door.job(1, type="progress", percentage=10, message="m", attempt=1)
            updates = job.updates
            assert (await anext(updates)).percentage == 10
            door.job(2, type="event", name="row", data="a")
            events = job.events
            assert (await anext(events)).data == "a"
            door.job(3, type="progress", percentage=100, message="m", attempt=1)
            door.job(4, type="event", name="row", data="b")
            door.job(5, type="complete", success=True, result={"n": 1})
            assert [event.data async for event in events] == ["b"]
            assert [step.percentage async for step in updates] == [100]
            assert (await job)["n"] == 1
            assert await job == {"n": 1}
            assert told == [10, "a", 100, "b"]
            assert (job.state, job.done(), await job.cancel()) == ("succeeded", True, False)

    run(body())


def test_what_a_callers_function_raises_is_its_own(door: Gateway) -> None:
    async def body() -> None:
        thrown: list[str] = []
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: thrown.append(repr(context["exception"])))

        def raises(*what: Any) -> None:
            raise KeyError("mine")

        async with StreamerClient(door.url, token="T") as client:
            end = client.on_state(raises)
            job = client.request("report", on_event=raises, on_progress=raises, on_void=raises)
            await job.accepted()
            end()
            end()
            door.job(1, type="progress", percentage=10, message="m", attempt=1)
            door.job(2, type="event", name="row", data="a")
            door.job(3, type="rewind", after_seq=0)
            door.job(4, type="complete", success=True, result={"n": 1})
            assert await job == {"n": 1}
        assert thrown == ["KeyError('mine')"] * 5

    run(body())


@pytest.mark.parametrize("on_cancel", ["keep", "cancel"])
def test_when_the_task_that_awaits_it_is_cancelled_the_job_is_only_where_that_is_wanted(
    door: Gateway, on_cancel: Any
) -> None:
    async def body() -> None:
        async with StreamerClient(door.url, token="T") as client:
            job = client.request("report", on_cancel=on_cancel)
            await job.accepted()
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(job, 0.01)
            if on_cancel == "cancel":
                assert (await asyncio.to_thread(door.await_frame, "cancel"))["job_id"] == JOB
                with pytest.raises(StreamerError, match="ABORTED"):
                    await job
            else:
                door.job(1, type="complete", success=True, result={"n": 1})
                assert await job == {"n": 1}
                assert "cancel" not in {frame["type"] for frame in door.frames}

    run(body())


def test_cancel_gives_up_nothing_when_the_one_who_waits_for_it_does(door: Gateway) -> None:
    async def body() -> None:
        async with StreamerClient(door.url, token="T") as client:
            job = client.request("report")
            await job.accepted()
            asking = [asyncio.ensure_future(job.status()) for _ in range(2)]
            await asyncio.to_thread(door.await_frame, "status")
            for one in asking:
                one.cancel()
            assert await job.cancel()
            with pytest.raises(StreamerError, match="CANCELLED"):
                await job

    run(body())


def test_a_handle_that_nobody_awaits_fails_without_a_word(
    door: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    async def body() -> None:
        async with StreamerClient(door.url, token="T") as client:
            job = client.request("report")
            await job.accepted()
            door.end("PROCESSING_FAILED")
            assert [event async for event in job.events] == []
            assert job.state == "failed"

    run(body())
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


def test_gather_and_several_waiters_get_the_same_result(door: Gateway) -> None:
    async def body() -> None:
        async with StreamerClient(door.url, token="T") as client:
            jobs = [client.request("echo", n) for n in range(5)]
            assert await asyncio.gather(*jobs, jobs[0]) == [0, 1, 2, 3, 4, 0]
            with pytest.raises(StreamerError) as error:
                await client.status(job_id="none", request_id="r")
            assert error.value.code == "CONNECTION_LOST"

    async def bounded() -> None:
        await asyncio.gather(body(), hang_up())

    async def hang_up() -> None:
        await asyncio.to_thread(door.await_frame, "status")
        door.sockets[0].close(4403, "forbidden")

    run(bounded())


def test_a_large_result_is_fetched_without_a_token(door: Gateway) -> None:
    headers: list[dict[str, str]] = []

    def answer(request: BaseHTTPRequestHandler) -> None:
        headers.append(dict(request.headers))
        request.send_response(200)
        request.end_headers()
        request.wfile.write(b'{"rows":[1]}')

    async def body(at: str) -> None:
        async with StreamerClient(door.url, token="T") as client:
            job = client.request("report")
            await job.accepted()
            door.job(1, type="complete", success=True, result_url=f"{at}/r.json")
            assert await job == {"rows": [1]}

    with shelf(answer) as at:
        run(body(at))
    assert "Authorization" not in headers[0]


def endless(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.end_headers()
    try:
        while True:
            request.wfile.write(b" " * 65_536)
    except OSError:
        pass


def by_its_path(request: BaseHTTPRequestHandler) -> None:
    status = int(request.path[1:4])
    request.send_response(status)
    if status == 302:
        request.send_header("Location", request.path[4:])
    request.end_headers()
    request.wfile.write(b"12345")


def test_a_body_without_an_end_is_given_up_a_byte_behind_its_limit() -> None:
    with shelf(endless) as at:
        body = fetch(f"{at}/", 200_000)
    assert isinstance(body, bytes)
    assert len(body) == 200_001


@pytest.mark.parametrize(("most", "length"), [(4, 5), (5, 5), (100, 5), (0, 1)])
def test_a_body_is_read_up_to_a_byte_behind_its_limit(most: int, length: int) -> None:
    with shelf(by_its_path) as at:
        assert len(fetch(f"{at}/200", most)) == length
        assert len(fetch(f"{at}/302/200", most)) == length


@pytest.mark.parametrize("status", [403, 404, 500])
def test_a_body_that_is_refused_says_with_what(status: int) -> None:
    with shelf(by_its_path) as at:
        assert fetch(f"{at}/{status}", 100) == f"it answers {status}"


@pytest.mark.parametrize(
    "url", [f"file://{__file__}", "ftp://127.0.0.1/x", "http://127.0.0.1:1/", "x", "http://[::"]
)
def test_what_is_no_address_of_a_body_says_why(url: str) -> None:
    assert isinstance(fetch(url, 10**6), str)


def test_a_redirect_to_a_file_is_not_followed() -> None:
    with shelf(by_its_path) as at:
        assert isinstance(fetch(f"{at}/302file://{__file__}", 10**6), str)
