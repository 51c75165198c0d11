from __future__ import annotations

import pytest
from fakes import FakeClient, FakeWorld, complete, seq, snapshot

from streamer_client.handle import Reading


def end(world: FakeWorld, url: str = "u-1") -> None:
    frame = complete(seq(4), result_url=url)
    del frame["result"]
    world.last.give(frame)
    world.pass_()


def test_a_large_result_is_fetched_and_becomes_the_result(
    world: FakeWorld, client: FakeClient
) -> None:
    handle, seen = client.running()
    world.shelf = lambda url, most: b'{"rows":[1,2]}'
    end(world)
    assert (seen.result, world.fetched, handle.state) == ({"rows": [1, 2]}, ["u-1"], "succeeded")


def test_the_address_itself_is_the_result_where_fetching_is_turned_off(
    world: FakeWorld, client: FakeClient
) -> None:
    _, seen = client.running(Reading(fetch_result=False))
    end(world)
    assert (seen.result, world.fetched) == ({"result_url": "u-1"}, [])


@pytest.mark.parametrize(("most", "fits"), [(11, True), (10, False), (1, False)])
def test_a_result_over_its_limit_is_too_large(
    world: FakeWorld, client: FakeClient, most: int, fits: bool
) -> None:
    _, seen = client.running(Reading(max_result_bytes=most))
    world.shelf = lambda url, most: b'{"a":"bcd"}'[: most + 1]
    end(world)
    if fits:
        assert seen.result == {"a": "bcd"}
    else:
        error = seen.error
        assert (error.code, error.retryable) == ("RESULT_TOO_LARGE", False)
        assert error.details == {"result_url": "u-1"}


def test_where_the_address_is_too_old_a_fresh_one_is_asked_for(
    world: FakeWorld, client: FakeClient
) -> None:
    _, seen = client.running()
    world.shelf = lambda url, most: b'{"n":2}' if url == "u-2" else "it answers 403"
    end(world)
    world.pass_(0.5)
    world.last.answer("status", snapshot(status="succeeded", result_url="u-2"))
    world.pass_()
    assert (seen.result, world.fetched) == ({"n": 2}, ["u-1", "u-2"])


@pytest.mark.parametrize("known", [True, False])
def test_a_fetch_that_breaks_is_given_up_behind_the_third_time(
    world: FakeWorld, client: FakeClient, known: bool
) -> None:
    _, seen = client.running()
    end(world)
    for wait in (0.5, 1.0):
        assert seen.pending
        world.pass_(wait)
        if known:
            world.last.answer("status", snapshot(status="succeeded", result_url="u-1"))
        else:
            world.last.refuse_frame("status", code="NOT_FOUND")
        world.pass_()
    error = seen.error
    assert (error.code, error.retryable) == ("RESULT_UNAVAILABLE", True)
    assert error.message == "the result cannot be fetched: nothing there"
    assert world.fetched == ["u-1"] * 3


@pytest.mark.parametrize("body", [b"<html>", b"", b"\xff", b"[" * 100_000])
def test_what_is_no_json_is_not_fetched_again(
    world: FakeWorld, client: FakeClient, body: bytes
) -> None:
    _, seen = client.running()
    world.shelf = lambda url, most: body
    end(world)
    assert seen.error.code == "RESULT_UNAVAILABLE"
    assert len(world.fetched) == 1
