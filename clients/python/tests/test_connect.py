from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from fakes import JOB, FakeClient, FakeSocket, FakeTimer, FakeWorld, Frame, complete, seq

from streamer_client.link import ConnectionState


def counted(world: FakeWorld) -> list[str]:
    """Has each token asked for be another one; gives those that were."""
    asked: list[str] = []

    def token() -> str:
        asked.append(f"t{len(asked) + 1}")
        return asked[-1]

    world.tokens = token
    return asked


def test_it_connects_with_its_first_request_and_says_hello_first(
    world: FakeWorld, client: FakeClient
) -> None:
    assert client.state == ConnectionState("closed", reason="not connected yet")
    world.pass_()
    assert world.sockets == []
    client.request()
    world.pass_()
    assert world.last.types() == ["hello", "request"]
    assert world.last.hello["last_seq"] == {}
    assert client.names == ["connecting", "open"]
    assert client.state.session == "s-1"


def test_nothing_but_the_hello_is_sent_before_the_welcome(
    world: FakeWorld, client: FakeClient
) -> None:
    world.welcomes = False
    client.request()
    world.pass_()
    assert world.last.types() == ["hello"]
    world.last.welcome()
    world.pass_()
    assert world.last.types() == ["hello", "request"]


def test_the_token_is_asked_for_before_each_connect(world: FakeWorld, client: FakeClient) -> None:
    counted(world)
    client.connect()
    world.last.end(1001)
    world.pass_()
    assert [socket.token for socket in world.sockets] == ["t1", "t2"]


def test_a_token_that_cannot_be_had_is_asked_for_again_later_and_says_why(
    world: FakeWorld, client: FakeClient
) -> None:
    asked = itertools.count(1)

    def token() -> str:
        if next(asked) < 3:
            raise RuntimeError("no session")
        return "T"

    world.tokens = token
    client.connect()
    assert client.state == ConnectionState("waiting", reason="no session", at=world.time + 0.5)
    world.pass_(0.5)
    assert client.state == ConnectionState("waiting", reason="no session", at=world.time + 1.0)
    world.pass_(1.0)
    assert client.state.name == "open"


def test_a_token_that_never_comes_is_asked_for_again(world: FakeWorld, client: FakeClient) -> None:
    tokens = world.token
    world.token = lambda given, failed: world.later(1e9, lambda: None)  # type: ignore[method-assign]
    client.connect()
    world.pass_(59.9)
    assert client.names == ["connecting"]
    world.token = tokens  # type: ignore[method-assign]
    world.pass_(0.2)
    assert client.states[-1].reason == "no token in time"
    world.pass_(0.5)
    assert client.state.name == "open"


def test_a_token_that_comes_when_nobody_waits_for_it_any_more_opens_nothing(
    world: FakeWorld, client: FakeClient
) -> None:
    asked: list[tuple[Callable[[str], None], Callable[[str], None]]] = []

    def token(given: Callable[[str], None], failed: Callable[[str], None]) -> FakeTimer:
        asked.append((given, failed))
        return FakeTimer(lambda: None)

    world.token = token  # type: ignore[method-assign]
    client.connect()
    client.engine.leave()
    [(given, failed)] = asked
    given("T")
    failed("late")
    world.pass_(60.0)
    assert world.sockets == []
    assert client.names == ["connecting", "closed"]


def test_a_token_that_comes_too_late_does_not_disturb_the_next_try(
    world: FakeWorld, client: FakeClient
) -> None:
    asked: list[tuple[Callable[[str], None], FakeTimer]] = []

    def token(given: Callable[[str], None], failed: Callable[[str], None]) -> FakeTimer:
        asked.append((given, FakeTimer(lambda: None)))
        return asked[-1][1]

    world.token = token  # type: ignore[method-assign]
    client.connect()
    world.pass_(61.0)
    [(late, _), (given, waiting)] = asked
    late("old")
    assert waiting.call
    given("new")
    world.pass_()
    assert [socket.token for socket in world.sockets] == ["new"]


def test_an_expired_token_is_replaced_at_once(world: FakeWorld, client: FakeClient) -> None:
    asked = counted(world)
    client.connect()
    world.last.end(4401, "token expired")
    world.pass_()
    assert (client.state.name, asked) == ("open", ["t1", "t2"])


@pytest.mark.parametrize(
    "end", [lambda it: it.end(4401, "token expired"), lambda it: it.refuse(401)]
)
def test_where_there_is_one_token_alone_and_it_is_refused_the_connection_is_over(
    world: FakeWorld, end: Callable[[FakeSocket], None]
) -> None:
    client = FakeClient(world, new_tokens=False).connect()
    end(world.last)
    world.pass_(60.0)
    assert client.state.name == "closed"
    assert len(world.sockets) == 1


def test_a_handshake_answered_with_401_asks_for_another_token(
    world: FakeWorld, client: FakeClient
) -> None:
    asked = counted(world)
    world.arrived = lambda socket: socket.refuse(401) if len(asked) == 1 else socket.accept()
    client.connect()
    assert (client.state.name, asked) == ("open", ["t1", "t2"])


def test_a_handshake_answered_with_403_is_the_end(world: FakeWorld, client: FakeClient) -> None:
    world.arrived = lambda socket: socket.refuse(403)
    client.connect()
    assert client.state == ConnectionState("closed", reason="refused with 403", code=1006)


def test_the_token_stands_in_no_error_and_no_state(world: FakeWorld, client: FakeClient) -> None:
    world.tokens = lambda: "swordfish"
    world.arrived = lambda socket: socket.refuse(401)
    _, seen = client.request(wait=1.0)
    world.pass_(10.0)
    assert "swordfish" not in repr([client.states, seen.error, vars(seen.error)])


def test_a_hello_that_is_refused_for_now_is_followed_by_another_try(
    world: FakeWorld, client: FakeClient
) -> None:
    world.welcomes = False
    asked = counted(world)
    client.connect()
    world.last.refuse_frame(
        "hello", code="SERVICE_UNAVAILABLE", message="away", retryable=True, retry_after_ms=7_000
    )
    world.pass_()
    assert client.state == ConnectionState("waiting", reason="away", at=world.time + 7.0)
    world.pass_(7.0)
    world.last.refuse_frame("hello", code="UNAUTHORIZED", message="token expired")
    world.welcomes = True
    world.pass_(1.0)
    assert (client.state.name, len(asked)) == ("open", 3)


def test_a_hello_that_breaks_a_rule_is_the_end(world: FakeWorld, client: FakeClient) -> None:
    world.welcomes = False
    client.connect()
    world.last.refuse_frame("hello", code="VALIDATION_ERROR", message="too many")
    world.pass_(60.0)
    assert client.state == ConnectionState("closed", reason="too many", code=1002)


def test_a_hello_that_api_gateway_lost_is_said_again_once_a_second_at_most(
    world: FakeWorld, client: FakeClient
) -> None:
    world.welcomes = False
    client.connect()
    for sent in (2, 3, 4):
        for _time in range(5):
            world.last.give(message="Internal server error", connectionId="c", requestId="q")
        world.pass_()
        assert len(world.last.all("hello")) == sent
        world.welcomes = sent == 3
        world.pass_(1.0)
    assert client.state.name == "open"
    assert len(world.last.all("hello")) == 4


def test_a_socket_that_never_says_welcome_is_given_up(world: FakeWorld, client: FakeClient) -> None:
    world.welcomes = False
    client.connect()
    world.pass_(14.9)
    assert client.state.name == "connecting"
    world.welcomes = True
    world.pass_(0.2)
    assert (len(world.sockets), client.state.name) == (2, "open")


ODD: list[str | Frame] = [
    "",
    "no json",
    "[]",
    "7",
    "null",
    "[" * 200_000,
    {"type": "later", "request_id": "r", "job_id": "x"},
    {"type": "goaway-soon"},
    {"type": ["response"], "request_id": {"a": 1}, "job_id": 5, "seq": "1"},
    {"type": "response", "request_id": ["r"]},
    {"type": "progress", "job_id": JOB, "seq": True, "percentage": "much"},
    {"type": "welcome", "jobs": [1, {"snapshot": None}, {"snapshot": {"job_id": 1}}], "data": []},
]


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: str(odd)[:30])
def test_what_is_no_frame_and_what_later_versions_add_changes_nothing(
    world: FakeWorld, client: FakeClient, odd: str | Frame
) -> None:
    client.connect()
    _, seen = client.request("echo", 1, id="r")
    if isinstance(odd, str):
        world.last.text(odd)
    else:
        world.last.give(odd)
    world.pass_()
    assert seen.pending
    world.last.give(type="response", request_id="r", success=True, data={"n": 1}, novel=True)
    world.pass_()
    assert seen.result == {"n": 1}
    assert client.names == ["connecting", "open"]


def test_a_client_that_leaves_fails_what_is_under_way_and_only_connect_opens_it_again(
    world: FakeWorld, client: FakeClient
) -> None:
    _, running = client.running()
    _, asked = client.request()
    client.engine.leave()
    assert world.last.left
    assert (running.error.code, running.error.may_have_started) == ("CLIENT_CLOSED", True)
    assert (asked.error.code, asked.error.may_have_started) == ("CONNECTION_LOST", True)
    assert client.request()[1].error.code == "CLIENT_CLOSED"
    assert client.attach()[1].error.code == "CLIENT_CLOSED"
    world.pass_(60.0)
    assert (len(world.sockets), client.state.name) == (1, "closed")
    client.connect()
    assert client.state.name == "open"


def test_what_comes_when_a_client_has_left_is_not_looked_at(
    world: FakeWorld, client: FakeClient
) -> None:
    handle, seen = client.running()
    world.last.give(complete(seq(1)))
    client.engine.leave()
    world.pass_(1.0)
    assert seen.error.code == "CLIENT_CLOSED"
    assert handle.ended


@pytest.mark.parametrize("told", ["connecting", "open"])
def test_a_listener_may_leave_as_soon_as_it_is_told(
    world: FakeWorld, client: FakeClient, told: str
) -> None:
    client.on_state = lambda state: client.engine.leave() if state.name == told else None
    _, seen = client.request()
    world.pass_(120.0)
    assert client.state.name == "closed"
    assert seen.error.code == "NOT_CONNECTED"
    assert all(socket.left for socket in world.sockets)


def test_who_connects_while_it_waits_waits_no_longer(world: FakeWorld, client: FakeClient) -> None:
    client.connect()
    world.last.end(1013)
    world.pass_()
    assert client.state.name == "waiting"
    client.connect()
    assert client.names[-1] == "open"
