"""The client for programs without asyncio, over real sockets."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from gateway import JOB, Gateway, gateway

from streamer_client import BlockingClient, StreamerError


@pytest.fixture
def door() -> Iterator[Gateway]:
    with gateway() as found:
        yield found


def test_a_request_is_answered(door: Gateway) -> None:
    with BlockingClient(door.url, token="T") as client:
        jobs = [client.request("echo", n) for n in range(3)]
        assert [job.result(20) for job in jobs] == [0, 1, 2]
        assert (jobs[0].accepted(), jobs[0].done(), jobs[0].action) == (None, True, "echo")
        assert client.state.name == "open"


def test_a_job_is_followed_to_its_end(door: Gateway) -> None:
    states: list[str] = []
    with BlockingClient(door.url, token="T") as client:
        client.on_state(lambda state: states.append(state.name))
        client.connect()
        job = client.request("report", id="r")
        assert job.accepted(20) == JOB
        door.job(1, type="event", name="row", data="a")
        events = job.events
        assert next(events).data == "a"
        door.job(2, type="progress", percentage=50, message="m", attempt=1)
        assert next(job.updates).percentage == 50
        door.job(3, type="event", name="row", data="b")
        door.job(4, type="complete", success=True, result={"n": 1}, metadata={"k": "v"})
        assert [event.data for event in events] == ["b"]
        assert job.result() == {"n": 1}
        assert (job.job_id, job.request_id, job.state) == (JOB, "r", "succeeded")
        assert (job.metadata, job.cancel()) == ({"k": "v"}, False)
        assert job.progress
        assert job.durations.ended
    assert states == ["connecting", "open", "closed"]


def test_who_waits_no_longer_leaves_the_job_alone(door: Gateway) -> None:
    with BlockingClient(door.url, token="T") as client:
        job = client.request("report")
        for waits in (job.result, job.status):
            with pytest.raises(TimeoutError):
                waits(0.05)
        door.job(1, type="complete", success=True, result={"n": 1})
        assert job.result(20) == {"n": 1}


def test_an_error_is_raised_to_who_waits(door: Gateway) -> None:
    with BlockingClient(door.url, token="T") as client:
        job = client.request("report")
        job.accepted(20)
        assert job.cancel(20)
        with pytest.raises(StreamerError, match="CANCELLED"):
            job.result()
        other = client.attach("other", frames=["terminal"])
        other.unsubscribe()
        with pytest.raises(StreamerError, match="ABORTED"):
            other.result()
        with pytest.raises(TimeoutError):
            client.status(job_id=JOB, timeout=0.05)
        with pytest.raises(TypeError):
            client.request("echo", object())


def test_who_waits_in_another_thread_is_told_that_the_client_is_closed(door: Gateway) -> None:
    outcomes: list[Any] = []
    client = BlockingClient(door.url, token="T")
    job = client.request("report")
    job.accepted(20)

    def wait() -> None:
        try:
            outcomes.append(job.result())
        except StreamerError as e:
            outcomes.append(e.code)
        outcomes.extend(job.events)

    thread = threading.Thread(target=wait)
    thread.start()
    client.close()
    thread.join(20)
    assert outcomes[0] == "CLIENT_CLOSED"
    client.close()
    with pytest.raises(RuntimeError, match="closed"):
        client.connect()


def test_a_tokens_function_may_take_its_time(door: Gateway) -> None:
    main = threading.current_thread()
    asked: list[threading.Thread] = []

    def token() -> str:
        asked.append(threading.current_thread())
        time.sleep(0.01)
        return "T"

    async def token_of_asyncio() -> str:
        return "T"

    for one in (token, token_of_asyncio):
        with BlockingClient(door.url, token=one) as client:
            assert client.request("echo", 1).result(20) == 1
    assert main not in asked
    assert "streamer-client" not in {thread.name for thread in asked}


def test_what_waits_must_not_be_called_by_a_function_given_to_it(door: Gateway) -> None:
    thrown: list[str] = []
    with BlockingClient(door.url, token="T") as client:

        def waits(progress: Any) -> None:
            try:
                client.request("echo", 1).result()
            except RuntimeError as e:
                thrown.append(str(e))

        job = client.request("report", on_progress=waits)
        job.accepted(20)
        door.job(1, type="progress", percentage=50, message="m", attempt=1)
        door.job(2, type="complete", success=True, result=None)
        assert job.result(20) is None
    assert thrown == ["what waits was called by a function that must not wait"]
