from __future__ import annotations

import json
import math
import pickle
from decimal import Decimal
from typing import Any

import pytest
from fakes import (
    JOB,
    FakeClient,
    FakeWorld,
    Seen,
    ack,
    attached,
    complete,
    event,
    progress,
    seq,
    snapshot,
)

from streamer_client import Problem, StreamerError
from streamer_client.handle import Handle

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def test_a_request_carries_what_it_is_given_and_nothing_else(
    world: FakeWorld, client: FakeClient
) -> None:
    client.connect()
    client.request("echo")
    client.request("echo", 0, id="r-1")
    client.request(
        "report",
        {"a": 1},
        id="r-2",
        metadata={"k": "v"},
        traceparent=TRACE,
        delay=0.005,
        deadline=10,
        on_disconnect="cancel",
    )
    plain, named, full = world.last.all("request")
    assert sorted(plain) == ["action", "id", "type"]
    assert named == {"type": "request", "id": "r-1", "action": "echo", "payload": 0}
    assert full == {
        "type": "request",
        "id": "r-2",
        "action": "report",
        "payload": {"a": 1},
        "metadata": {"k": "v"},
        "traceparent": TRACE,
        "options": {
            "delay_ms": 5,
            "deadline_ms": 10_000,
            "on_disconnect": "cancel",
        },
    }


def test_answers_that_overtake_each_other_reach_their_own_requests(
    world: FakeWorld, client: FakeClient
) -> None:
    client.connect()
    asked = [client.request("echo", n) for n in range(3)]
    for n, (handle, _) in reversed(list(enumerate(asked))):
        world.last.give(type="response", request_id=handle.request_id, success=True, data=n)
    world.pass_()
    assert [seen.result for _, seen in asked] == [0, 1, 2]
    assert [handle.job_id for handle, _ in asked] == [None, None, None]
    assert [seen.known_count for _, seen in asked] == [1, 1, 1]


def test_an_error_has_all_that_the_server_says(world: FakeWorld, client: FakeClient) -> None:
    client.connect()
    handle, seen = client.request("echo", 1)
    world.last.refuse_frame(
        "request",
        code="RATE_LIMITED",
        message="slower",
        retryable=True,
        retry_after_ms=250,
        details={"limit": "requests", "error_id": "e-7", "may_have_started": True},
    )
    world.pass_()
    error = seen.error
    assert (error.code, error.message, str(error)) == (
        "RATE_LIMITED",
        "slower",
        "RATE_LIMITED: slower",
    )
    assert (error.retryable, error.retry_after, error.error_id) == (True, 0.25, "e-7")
    assert (error.may_have_started, error.details["limit"]) == (True, "requests")
    assert (error.request_id, error.job_id) == (handle.request_id, None)


@pytest.mark.parametrize("details", [{}, {"error_id": 7, "may_have_started": "yes"}])
def test_an_error_can_be_pickled(details: dict[str, Any]) -> None:
    error = StreamerError(Problem("TIMEOUT", "late", True, 1.5, details), "r", "j")
    copy = pickle.loads(pickle.dumps(error))
    assert isinstance(copy, StreamerError)
    assert (copy.problem, copy.request_id, copy.job_id) == (error.problem, "r", "j")
    assert (copy.error_id, copy.may_have_started) == (None, False)


def test_a_request_whose_line_is_cut_before_the_answer_may_have_run_and_fails(
    world: FakeWorld, client: FakeClient
) -> None:
    client.connect()
    _, seen = client.request("charge", 1)
    world.last.end(1006)
    world.pass_(2.0)
    error = seen.error
    assert (error.code, error.may_have_started, error.retryable) == ("CONNECTION_LOST", True, False)
    assert world.last.all("request") == []


def test_a_job_whose_line_is_cut_before_the_answer_is_sent_again_under_its_id(
    world: FakeWorld, client: FakeClient
) -> None:
    client.connect()
    handle, seen = client.request("report", {"a": 1}, retry="job")
    world.last.end(1006)
    world.pass_(0.5)
    assert world.sockets[1].all("request") == world.sockets[0].all("request")
    world.last.give(ack(handle, status="duplicate", snapshot=snapshot(percentage=30)))
    world.last.give(complete(seq(5)))
    world.pass_()
    assert seen.result == "done"
    assert seen.percentages == [30]


def test_requests_wait_for_the_connection_and_go_out_in_their_order(
    world: FakeWorld, client: FakeClient
) -> None:
    world.arrived = lambda socket: None
    for n in range(1, 4):
        client.request("echo", n)
    world.pass_()
    world.last.accept()
    world.pass_()
    assert [frame["payload"] for frame in world.last.all("request")] == [1, 2, 3]


def test_a_request_waits_for_a_connection_as_long_as_it_says_and_says_that_nothing_was_sent(
    world: FakeWorld, client: FakeClient
) -> None:
    world.arrived = lambda socket: socket.end(1006)
    usual, short, long, endless = (
        client.request("echo", 1, wait=wait)[1] for wait in (None, 0.1, 60.0, math.inf)
    )
    world.pass_(0.1)
    assert [usual.pending, short.error.code, long.pending] == [True, "NOT_CONNECTED", True]
    world.pass_(29.8)
    assert usual.pending
    world.pass_(0.1)
    assert [usual.error.code, long.pending] == ["NOT_CONNECTED", True]
    world.pass_(30.0)
    error = long.error
    assert (error.code, error.retryable, error.may_have_started) == ("NOT_CONNECTED", True, False)
    world.pass_(600.0)
    assert endless.pending


def test_what_keeps_the_connection_away_is_told_to_who_waited_for_it(world: FakeWorld) -> None:
    def no_session() -> str:
        raise RuntimeError("no session")

    for tokens, why in ((lambda: "T", "refused with 503"), (no_session, "no session")):
        world.tokens = tokens
        world.arrived = lambda socket: socket.refuse(503)
        _, seen = FakeClient(world).request("echo", 1, wait=0.7)
        world.pass_(0.7)
        assert (seen.error.code, seen.error.message) == (
            "NOT_CONNECTED",
            f"no connection in time: {why}",
        )


def test_why_it_waits_is_told_while_the_next_try_is_under_way_too(
    world: FakeWorld, client: FakeClient
) -> None:
    client.connect()
    world.last.end(1006, "cut")
    world.arrived = lambda socket: None
    world.pass_(0.6)
    assert client.state.name == "connecting"
    _, seen = client.request("echo", 1, wait=0.1)
    world.pass_(0.1)
    assert seen.error.message == "no connection in time: cut"
    world.last.accept()
    world.pass_()
    world.arrived = lambda socket: None
    world.last.end(1001)
    world.pass_()
    _, seen = client.request("echo", 1, wait=0.1)
    world.pass_(0.1)
    assert seen.error.message == "no connection in time: closed with 1001"


def test_a_thousand_requests_wait_and_one_more_does_not(
    world: FakeWorld, client: FakeClient
) -> None:
    world.arrived = lambda socket: None
    asked = [client.request("echo", n)[1] for n in range(1_001)]
    assert asked[999].pending
    error = asked[1_000].error
    assert (error.code, error.retryable, error.may_have_started) == (
        "TOO_MANY_WAITING",
        True,
        False,
    )


def test_an_answer_that_does_not_come_is_lost_and_a_job_is_sent_again_twice_before(
    world: FakeWorld, client: FakeClient
) -> None:
    client.connect()
    _, plain = client.request("charge", 1, id="plain")
    _, job = client.request("report", 1, id="job", retry="job")
    world.pass_(60.0)
    assert (plain.error.code, plain.error.may_have_started) == ("CONNECTION_LOST", True)
    assert [frame["id"] for frame in world.last.all("request")] == ["plain", "job", "job"]
    world.pass_(60.0)
    assert job.pending
    world.pass_(60.0)
    assert (job.error.code, job.error.retryable) == ("CONNECTION_LOST", True)
    assert len(world.last.all("request")) == 4


def test_when_api_gateway_lost_a_frame_what_may_be_repeated_is_and_the_rest_has_30_s(
    world: FakeWorld, client: FakeClient
) -> None:
    client.connect()
    _, plain = client.request("charge", 1, id="plain")
    client.request("report", 1, id="job", retry="job")
    world.last.give(message="Internal server error", connectionId="c", requestId="q")
    world.pass_()
    assert [frame["id"] for frame in world.last.all("request")] == ["plain", "job", "job"]
    world.pass_(29.9)
    assert plain.pending
    world.pass_(0.2)
    assert (plain.error.code, plain.error.may_have_started) == ("CONNECTION_LOST", True)


def test_while_api_gateway_fails_at_each_frame_it_is_sent_once_a_second_at_most(
    world: FakeWorld, client: FakeClient
) -> None:
    client.connect()
    _, plain = client.request("charge", 1, id="plain")
    client.request("report", 1, id="job", retry="job")
    for second in range(30):
        assert plain.pending
        for _time in range(5):
            world.last.give(message="Internal server error", connectionId="c", requestId="q")
        world.pass_()
        assert len(world.last.all("request")) == 3 + second
        world.pass_(1.0)
    assert (plain.error.code, plain.error.may_have_started) == ("CONNECTION_LOST", True)


@pytest.mark.parametrize(
    ("payload", "fits"),
    [("x" * 900, True), ("x" * 1_000, False), ("ü" * 460, True), ("ü" * 500, False)],
)
def test_a_message_over_the_connections_limit_fails_before_it_is_sent(
    world: FakeWorld, client: FakeClient, payload: str, fits: bool
) -> None:
    world.greeting["max_message_bytes"] = 1_000
    client.connect()
    _, seen = client.request("echo", payload, id="r")
    assert len(world.last.all("request")) == (1 if fits else 0)
    if fits:
        assert seen.pending
    else:
        assert seen.error.code == "PAYLOAD_TOO_LARGE"
        assert not seen.error.may_have_started
        assert seen.error.details["max_message_bytes"] == 1_000
        assert seen.error.details["size_bytes"] > 1_000


def test_the_servers_largest_frame_is_the_sockets(world: FakeWorld, client: FakeClient) -> None:
    world.greeting["max_frame_bytes"] = 1_000
    client.connect()
    client.request("echo", "x" * 2_000)
    assert world.last.frame_bytes == 1_000
    assert len(world.last.all("request")) == 1


def test_through_api_gateway_an_expired_token_is_replaced_and_the_request_sent_again_once(
    world: FakeWorld, client: FakeClient
) -> None:
    client.connect()
    _, seen = client.request("echo", 1, id="r")
    world.last.refuse_frame("request", code="UNAUTHORIZED", message="expired")
    world.pass_()
    assert (len(world.sockets), len(world.last.all("request"))) == (2, 1)
    assert seen.pending
    world.last.refuse_frame("request", code="UNAUTHORIZED", message="expired")
    world.pass_()
    assert seen.error.code == "UNAUTHORIZED"


def test_what_is_taken_back_while_others_are_sent_is_not_sent(
    world: FakeWorld, client: FakeClient
) -> None:
    world.greeting["max_message_bytes"] = 500
    others: list[tuple[Handle, Seen]] = []

    def cancel_others() -> None:
        for other, _ in others:
            other.cancel(lambda: None, lambda error: None)

    client.request("echo", "x" * 1_000, on_change=cancel_others)
    others.append(client.request("echo", 1))
    world.pass_()
    assert world.last.types() == ["hello"]


def test_who_leaves_when_a_request_fails_is_not_connected_again_by_another(
    world: FakeWorld, client: FakeClient
) -> None:
    client.connect()
    client.request("charge", 1, on_change=client.engine.leave)
    _, job = client.request("report", 1, retry="job")
    world.last.end(1006)
    world.pass_(60.0)
    assert (len(world.sockets), client.state.name) == (1, "closed")
    assert job.error.code == "CONNECTION_LOST"


def test_why_an_earlier_line_was_lost_is_not_told_of_a_later_one(
    world: FakeWorld, client: FakeClient
) -> None:
    client.connect()
    world.last.end(1001)
    world.pass_()
    world.welcomes = False
    world.last.give(type="goaway", reason="restart", reconnect_in_ms=0)
    world.pass_()
    world.sockets[-2].end(1006)
    _, seen = client.request("echo", 1, wait=0.1)
    world.pass_()
    assert client.state.name == "connecting"
    _, seen = client.request("echo", 1, wait=0.1)
    world.pass_(0.1)
    assert seen.error.message == "no connection in time"


def test_an_id_that_is_under_way_here_is_not_sent_twice(
    world: FakeWorld, client: FakeClient
) -> None:
    client.connect()
    client.request("echo", 1, id="r")
    _, again = client.request("echo", 2, id="r")
    assert again.error.code == "DUPLICATE_REQUEST"
    assert len(world.last.all("request")) == 1


def test_the_same_request_again_follows_the_job_from_its_first_event(
    world: FakeWorld, client: FakeClient
) -> None:
    _, first = client.running(id="r")
    world.last.give(progress(seq(4), 50))
    world.pass_()
    handle, again = client.request("report", {"a": 1}, id="r")
    world.last.give(ack(handle, status="duplicate", snapshot=snapshot()))
    world.pass_()
    [asked] = world.last.all("subscribe")
    assert (asked["job_id"], asked["after_seq"]) == (JOB, 0)
    world.last.answer("subscribe", attached(event(seq(2), "first")))
    world.last.give(complete(seq(6)))
    world.pass_()
    assert (first.result, again.result) == ("done", "done")
    assert [one.data for one in again.events] == ["first"]


def test_a_frame_of_a_job_that_is_followed_is_no_answer_to_the_same_request_again(
    world: FakeWorld, client: FakeClient
) -> None:
    client.running(id="r")
    handle, _ = client.request("report", {"a": 1}, id="r")
    world.last.give(progress(seq(4), 50))
    world.pass_()
    assert handle.job_id is None
    world.last.give(ack(handle, status="duplicate"))
    world.pass_()
    assert len(world.last.all("subscribe")) == 1


def test_of_two_handles_of_a_job_the_hello_names_the_lower_number(
    world: FakeWorld, client: FakeClient
) -> None:
    client.running(id="r")
    world.last.give(progress(seq(4), 50))
    world.pass_()
    handle, _ = client.request("report", {"a": 1}, id="r")
    world.last.give(ack(handle, status="duplicate"))
    world.pass_()
    client.cut()
    assert world.last.hello["last_seq"] == {JOB: 0}


@pytest.mark.parametrize("payload", [{1, 2}, object(), math.nan, math.inf])
def test_a_payload_that_json_has_not_is_its_callers_mistake(
    world: FakeWorld, client: FakeClient, payload: Any
) -> None:
    client.connect()
    with pytest.raises((TypeError, ValueError)):
        client.request("echo", payload, id="r")
    client.request("echo", 1, id="r")
    assert len(world.last.all("request")) == 1


@pytest.mark.parametrize("payload", ["ü€😀", "half \ud83d a pair", 2**70, [[], {}, None, False]])
def test_a_payload_arrives_as_it_is(world: FakeWorld, client: FakeClient, payload: Any) -> None:
    client.connect()
    client.request("echo", payload)
    assert world.last.all("request")[0]["payload"] == payload


def test_another_json_keeps_what_floats_cannot_hold_in_both_directions(world: FakeWorld) -> None:
    texts: list[str] = []

    def encode(value: Any) -> str:
        texts.append(json.dumps(value, default=str))
        return texts[-1]

    def decode(text: str) -> Any:
        return json.loads(text, parse_float=Decimal)

    client = FakeClient(world, encode=encode, decode=decode).connect()
    handle, seen = client.request("echo", Decimal("0.10"))
    assert '"0.10"' in texts[0]
    text = f'{{"type":"response","request_id":"{handle.request_id}","success":true,"data":0.10}}'
    world.last.text(text)
    world.pass_()
    assert str(seen.result) == "0.10"
