from __future__ import annotations

import pytest
from fakes import JOB, FakeClient, FakeWorld, ack, attached, complete, progress, seq

from streamer_client.link import ConnectionState


def waits(world: FakeWorld, client: FakeClient, code: int, count: int) -> list[float | str]:
    """How long a client waits before each of its next tries, when nothing lets it in any more."""
    client.connect()
    world.arrived = lambda socket: socket.end(code)
    world.last.end(code)
    found: list[float | str] = []
    for _ in range(count):
        world.pass_()
        at = client.state.at
        if at is None:
            found.append(client.state.name)
        else:
            found.append(round(at - world.time, 3))
            world.pass_(at - world.time)
    return found


JITTER = [0.5, 1, 2, 4, 8, 16, 30, 30]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (1006, JITTER),
        (1005, JITTER),
        (4999, JITTER),
        (1012, [1, 2, 4, 8, 16, 30, 30]),
        (1013, [2, 4, 8, 16, 30]),
        (4429, [2, 4, 8, 16, 30]),
    ],
)
def test_it_comes_back_in_a_random_time_that_doubles_up_to_30_s(
    world: FakeWorld, client: FakeClient, code: int, expected: list[float]
) -> None:
    assert waits(world, client, code, len(expected)) == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [(1006, [0.125, 0.25, 0.5]), (1012, [0.25, 0.5]), (1013, [1.25, 1.75, 2.75])],
)
def test_a_wait_is_drawn_from_all_of_its_range(
    world: FakeWorld, client: FakeClient, code: int, expected: list[float]
) -> None:
    world.luck = 0.25
    assert waits(world, client, code, len(expected)) == expected


@pytest.mark.parametrize("code", [1001, 4408, 4401])
def test_it_comes_back_at_once_and_waits_only_if_that_happens_again(
    world: FakeWorld, client: FakeClient, code: int
) -> None:
    client.connect()
    world.last.end(code)
    world.pass_()
    assert (client.state.name, len(world.sockets)) == ("open", 2)
    world.last.end(code)
    world.pass_()
    assert (client.state.name, client.state.at) == ("waiting", world.time + 1.0)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (1000, "disconnected by the server"),
        (1002, "not as RFC 6455 says"),
        (1003, "text frames only"),
        (1007, "text must be UTF-8"),
        (1009, "message too big"),
        (4403, "forbidden"),
        (4503, "suspended"),
    ],
)
def test_where_it_is_of_no_use_it_does_not_come_back_and_says_why(
    world: FakeWorld, client: FakeClient, code: int, reason: str
) -> None:
    _, seen = client.running()
    world.last.end(code, reason)
    world.pass_(120.0)
    assert client.state == ConnectionState("closed", reason=reason, code=code)
    assert len(world.sockets) == 1
    error = seen.error
    assert (error.code, error.job_id, error.may_have_started) == ("CONNECTION_LOST", JOB, True)


def test_who_connects_again_as_soon_as_he_is_told_loses_nothing_of_what_he_asks(
    world: FakeWorld, client: FakeClient
) -> None:
    client.connect()
    again = []

    def told(state: ConnectionState) -> None:
        if state.name == "closed":
            again.append(client.request("echo", 1))

    client.on_state = told
    world.last.end(4403, "forbidden")
    world.pass_()
    [(handle, seen)] = again
    world.last.give(type="response", request_id=handle.request_id, success=True, data=7)
    world.pass_()
    assert seen.result == 7


def test_a_minute_of_calm_makes_the_next_wait_a_short_one_again(
    world: FakeWorld, client: FakeClient
) -> None:
    client.connect()
    arrived = world.arrived
    world.arrived = lambda socket: socket.end(1006)
    world.last.end(1006)
    world.pass_(0.5 + 1 + 2)
    world.arrived = arrived
    world.pass_(4.0)
    assert client.state.name == "open"
    world.pass_(59.9)
    world.last.end(1006)
    world.pass_()
    assert client.state.at == pytest.approx(world.time + 8.0)
    world.pass_(8.0)
    world.pass_(60.0)
    world.last.end(1006)
    world.pass_()
    assert client.state.at == pytest.approx(world.time + 0.5)


@pytest.mark.parametrize("heartbeat", [25_000, 240_000])
def test_it_pings_each_heartbeat_and_leaves_a_line_that_is_silent_for_two(
    world: FakeWorld, client: FakeClient, heartbeat: int
) -> None:
    world.greeting["heartbeat_ms"] = heartbeat
    client.connect()
    world.pass_(3 * heartbeat / 1_000)
    assert len(world.last.all("ping")) == 3
    world.pongs = False
    world.pass_(heartbeat / 1_000)
    assert len(world.sockets) == 1
    world.pass_(heartbeat / 1_000)
    assert (len(world.sockets), world.sockets[0].left, client.state.name) == (2, True, "open")


def test_any_frame_counts_as_a_sign_of_life(world: FakeWorld, client: FakeClient) -> None:
    world.pongs = False
    client.running()
    for beat in range(1, 6):
        world.last.give(progress(seq(beat), beat))
        world.pass_(25.0)
    assert len(world.sockets) == 1


def test_at_a_goaway_it_makes_the_next_line_at_the_moment_given_and_then_drops_the_old_one(
    world: FakeWorld, client: FakeClient
) -> None:
    handle, _ = client.running()
    [old] = world.sockets
    old.give(type="goaway", reason="restart", reconnect_in_ms=1_500)
    world.pass_(1.4)
    assert len(world.sockets) == 1
    world.welcomes = False
    world.pass_(0.2)
    assert len(world.sockets) == 2
    assert world.last.hello["last_seq"] == {JOB: 0}
    old.give(progress(seq(1), 40))
    world.pass_()
    assert handle.progress
    assert handle.progress.percentage == 40
    assert not old.left
    world.last.welcome()
    world.pass_()
    assert old.left
    assert client.names == ["connecting", "open", "open"]


def test_a_goaway_that_comes_again_makes_no_other_line(
    world: FakeWorld, client: FakeClient
) -> None:
    client.connect()
    [old] = world.sockets
    world.welcomes = False
    for _ in range(3):
        old.give(type="goaway", reason="restart", reconnect_in_ms=0)
        world.pass_()
    assert len(world.sockets) == 2


def test_a_goaway_on_a_line_that_was_left_changes_nothing(
    world: FakeWorld, client: FakeClient
) -> None:
    client.connect()
    [old] = world.sockets
    client.request("echo", 1)
    old.give(type="goaway", reason="restart", reconnect_in_ms=0)
    world.pass_()
    old.give(type="goaway", reason="restart", reconnect_in_ms=0)
    world.pass_(1.0)
    assert len(world.sockets) == 2


def test_a_goaway_that_was_followed_has_no_say_in_a_later_restart(
    world: FakeWorld, client: FakeClient
) -> None:
    client.connect()
    world.last.give(type="goaway", reason="restart", reconnect_in_ms=1_000)
    world.pass_(5.0)
    world.last.end(1012)
    world.pass_()
    assert client.state.at == pytest.approx(world.time + 1.0)


def test_who_connects_again_when_a_job_fails_is_not_told_of_the_end_behind_that(
    world: FakeWorld, client: FakeClient
) -> None:
    def again() -> None:
        if seen.outcomes:
            client.engine.connect()

    _, seen = client.running()
    seen.on_change = again
    world.last.end(4403, "forbidden")
    world.pass_()
    assert client.names == ["connecting", "open", "connecting", "open"]


def test_a_line_that_is_lost_while_the_next_one_is_made_is_not_missed(
    world: FakeWorld, client: FakeClient
) -> None:
    client.running()
    [old] = world.sockets
    world.welcomes = False
    old.give(type="goaway", reason="restart", reconnect_in_ms=0)
    world.pass_()
    old.end(1012)
    world.pass_()
    assert client.names == ["connecting", "open", "connecting"]
    world.last.welcome()
    world.pass_()
    assert (client.state.name, len(world.sockets)) == ("open", 2)


def test_at_nine_tenths_of_its_age_it_makes_the_next_line(
    world: FakeWorld, client: FakeClient
) -> None:
    world.greeting["max_age_ms"] = 100_000
    client.connect()
    world.pass_(89.9)
    assert len(world.sockets) == 1
    world.pass_(0.2)
    assert (len(world.sockets), world.sockets[0].left) == (2, True)


def test_an_answer_still_to_come_on_the_old_line_is_waited_for_ten_seconds_at_most(
    world: FakeWorld, client: FakeClient
) -> None:
    client.connect()
    [old] = world.sockets
    quick, of_quick = client.request("echo", 1)
    _, of_slow = client.request("echo", 2)
    old.give(type="goaway", reason="restart", reconnect_in_ms=0)
    world.pass_()
    assert client.state.session == "s-2"
    assert not old.left
    old.give(type="response", request_id=quick.request_id, success=True, data="one")
    world.pass_()
    assert of_quick.result == "one"
    world.pass_(9.9)
    assert of_slow.pending
    world.pass_(0.2)
    assert (of_slow.error.code, of_slow.error.may_have_started) == ("CONNECTION_LOST", True)
    assert old.left


def test_a_job_that_is_acknowledged_on_the_old_line_moves_to_the_new_one(
    world: FakeWorld, client: FakeClient
) -> None:
    client.connect()
    [old] = world.sockets
    handle, seen = client.request("report", {})
    old.give(type="goaway", reason="restart", reconnect_in_ms=0)
    world.pass_()
    world.welcomes = False
    old.give(ack(handle))
    world.pass_()
    assert world.last.all("hello")[1]["last_seq"] == {JOB: 0}
    assert old.left
    world.last.give(complete(seq(3)))
    world.last.welcome(jobs=[attached()])
    world.pass_()
    assert seen.result == "done"


def test_while_the_next_line_cannot_be_had_the_old_one_goes_on(
    world: FakeWorld, client: FakeClient
) -> None:
    client.connect()
    [old] = world.sockets
    arrived = world.arrived
    world.arrived = lambda socket: socket.refuse(403)
    old.give(type="goaway", reason="restart", reconnect_in_ms=100)
    world.pass_(1.0)
    assert client.state.name == "open"
    handle, seen = client.request("echo", 1)
    old.give(type="response", request_id=handle.request_id, success=True, data=1)
    world.pass_()
    assert seen.result == 1
    world.arrived = arrived
    world.pass_(30.0)
    assert client.state.session == f"s-{len(world.sockets)}"


def test_behind_a_goaway_a_restart_waits_for_the_moment_given(
    world: FakeWorld, client: FakeClient
) -> None:
    client.connect()
    world.last.give(type="goaway", reason="restart", reconnect_in_ms=3_000)
    world.pass_(1.0)
    world.last.end(1012)
    world.pass_()
    assert client.state.at == pytest.approx(world.time + 2.0)
