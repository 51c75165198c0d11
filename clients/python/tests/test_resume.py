from __future__ import annotations

from typing import Any

import pytest
from fakes import (
    JOB,
    Asked,
    FakeClient,
    FakeWorld,
    ack,
    attached,
    complete,
    event,
    failed,
    progress,
    read,
    seq,
    snapshot,
)


def job_id(n: int) -> str:
    return f"{n:04}{JOB[4:]}"


def test_the_next_lines_hello_names_the_last_number_and_what_was_missed_is_applied_once(
    world: FakeWorld, client: FakeClient
) -> None:
    handle, seen = client.running()
    world.last.give(event(seq(1), "a"), progress(seq(2), 20))
    world.pass_()
    client.cut()
    assert world.last.hello["last_seq"] == {JOB: seq(2)}
    # a live frame in front of the welcome is held back
    world.last.give(event(seq(5), "c"))
    missed = [event(seq(1), "a"), event(seq(3), "b")]
    world.last.welcome(jobs=[attached(*missed, percentage=40, seq=seq(4))])
    world.last.give(event(seq(5), "c"), complete(seq(6)))
    world.pass_()
    assert seen.result == "done"
    assert (read(handle), seen.percentages) == (["a", "b", "c"], [20, 40])


def test_an_end_that_came_while_nobody_was_there_follows_the_welcome(
    world: FakeWorld, client: FakeClient
) -> None:
    _, seen = client.running()
    client.cut()
    world.last.welcome(jobs=[attached(status="failed", seq=seq(9))])
    world.last.give(failed(seq(9), "PROCESSING_FAILED"))
    world.pass_()
    assert seen.error.code == "PROCESSING_FAILED"


def test_a_job_follows_its_client_over_any_number_of_lines(
    world: FakeWorld, client: FakeClient
) -> None:
    _, seen = client.running()
    for turn in range(1, 20):
        world.last.give(progress(seq(turn), turn))
        world.pass_()
        client.cut()
        assert world.last.hello["last_seq"] == {JOB: seq(turn)}
        world.last.welcome(jobs=[attached()])
        world.pass_()
    world.last.give(complete(seq(100)))
    world.pass_()
    assert seen.result == "done"


def test_more_events_than_an_answer_has_are_asked_for_and_live_frames_wait_for_them(
    world: FakeWorld, client: FakeClient
) -> None:
    handle, seen = client.running()
    client.cut()
    world.last.welcome(jobs=[attached(event(seq(1), 1), event(seq(2), 2), next=seq(2))])
    world.last.give(event(seq(7), 7))
    world.pass_()
    assert world.last.all("subscribe")[0]["after_seq"] == seq(2)
    world.last.answer("subscribe", attached(event(seq(3), 3), next=seq(3)))
    world.pass_()
    assert world.last.all("subscribe")[1]["after_seq"] == seq(3)
    world.last.answer("subscribe", attached(event(seq(4), 4)))
    world.last.give(complete(seq(8)))
    world.pass_()
    assert (seen.result, read(handle)) == ("done", [1, 2, 3, 4, 7])


def test_an_end_is_not_asked_for_before_all_that_came_ahead_of_it_is_read(
    world: FakeWorld, client: FakeClient
) -> None:
    def ended(*events: Any, **more: Any) -> Any:
        return attached(*events, status="succeeded", seq=seq(9), **more)

    handle, seen = client.running()
    client.cut()
    world.last.welcome(jobs=[ended(event(seq(1), 1), next=seq(1))])
    world.pass_(5)
    assert world.last.all("status") == []
    world.last.answer("subscribe", ended())
    world.pass_(2)
    assert len(world.last.all("status")) == 1
    # asked for on the next line, too, where there is more to be read
    client.cut()
    world.last.welcome(jobs=[ended(event(seq(2), 2), next=seq(2))])
    world.pass_()
    world.last.answer("status", snapshot(status="succeeded", result="done"))
    world.pass_()
    assert seen.pending
    world.last.answer("subscribe", ended(event(seq(3), 3)))
    world.pass_(2)
    world.last.answer("status", snapshot(status="succeeded", result="done"))
    world.pass_()
    assert (seen.result, read(handle)) == ("done", [1, 2, 3])


def test_a_handle_that_was_let_go_before_all_was_read_asks_no_more(
    world: FakeWorld, client: FakeClient
) -> None:
    handle, _ = client.running()
    client.cut()
    world.last.welcome(jobs=[attached(next=seq(1), status="succeeded", seq=seq(9))])
    world.pass_()
    handle.unsubscribe()
    assert handle.attaching is None


def test_of_more_than_64_jobs_the_hello_names_64_and_the_others_are_subscribed_to(
    world: FakeWorld, client: FakeClient
) -> None:
    client.connect()
    for n in range(70):
        fragile: Any = {} if n < 68 else {"on_disconnect": "cancel"}
        handle, _ = client.request("report", n, **fragile)
        world.last.give(ack(handle, job_id=job_id(n)))
    world.pass_()
    client.cut()
    named = list(world.last.hello["last_seq"])
    assert len(named) == 64
    # first those that need an owner
    assert {job_id(68), job_id(69)} <= set(named)
    world.last.welcome(jobs=[attached(job_id=one) for one in named])
    world.pass_()
    subscribed = [frame["job_id"] for frame in world.last.all("subscribe")]
    assert sorted(named + subscribed) == [job_id(n) for n in range(70)]


def test_a_job_that_the_welcome_leaves_out_is_asked_for_once_more_and_is_not_found(
    world: FakeWorld, client: FakeClient
) -> None:
    _, seen = client.running()
    client.cut()
    world.last.welcome(recovered=False)
    world.pass_()
    assert world.last.all("subscribe")[0]["job_id"] == JOB
    world.last.refuse_frame("subscribe", code="NOT_FOUND")
    world.pass_()
    assert (seen.error.code, seen.error.job_id) == ("NOT_FOUND", JOB)


def test_a_job_that_lives_anew_is_followed_from_its_start_and_what_was_seen_is_void(
    world: FakeWorld, client: FakeClient
) -> None:
    handle, seen = client.running()
    world.last.give(event(seq(5, 4), "old"), progress(seq(6, 4), 80))
    world.pass_()
    client.cut()
    new = attached(event(seq(1), "new"), seq=seq(2), percentage=15)
    world.last.welcome(recovered=False, jobs=[new])
    world.last.give(complete(seq(3)))
    world.pass_()
    assert seen.result == "done"
    assert (read(handle), seen.voids, seen.percentages) == (["new"], [0], [80, 15])


@pytest.mark.parametrize("recovered", [True, False])
def test_a_job_whose_stored_number_is_behind_what_was_seen_goes_on_where_it_was(
    world: FakeWorld, client: FakeClient, recovered: bool
) -> None:
    _, seen = client.running()
    world.last.give(progress(seq(60, 2), 80))
    world.pass_()
    client.cut()
    # the same epoch, or another job is why it is not recovered
    stored = seq(3) if recovered else seq(3, 2)
    world.last.welcome(recovered=recovered, jobs=[attached(seq=stored)])
    world.last.give(complete(seq(61, 2)))
    world.pass_()
    assert (seen.result, seen.voids) == ("done", [])


def test_a_job_that_has_ended_with_a_lower_number_lived_anew(
    world: FakeWorld, client: FakeClient
) -> None:
    _, seen = client.running()
    world.last.give(progress(seq(6), 80))
    world.pass_()
    client.cut()
    world.last.welcome(recovered=False, jobs=[attached(status="succeeded", seq=seq(3))])
    world.last.give(complete(seq(3), "anew"))
    world.pass_()
    assert (seen.result, seen.voids) == ("anew", [0])


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ({"seq": seq(9), "percentage": 20, "attempt": 2}, [(50, 1), (50, 2)]),
        ({"seq": seq(2), "percentage": 60, "attempt": 1}, [(50, 1), (60, 1)]),
        ({"seq": seq(2), "percentage": 20, "attempt": 1}, [(50, 1)]),
        ({"seq": seq(9), "percentage": 0, "attempt": 0, "status": "waiting"}, [(50, 1)]),
    ],
)
def test_what_a_snapshot_knows_newer_is_shown(
    world: FakeWorld, client: FakeClient, stored: Any, shown: list[Any]
) -> None:
    _, seen = client.running()
    world.last.give(progress(seq(5), 50))
    world.pass_()
    client.cut()
    world.last.welcome(jobs=[attached(**stored)])
    world.pass_()
    assert [(step.percentage, step.attempt) for step in seen.steps] == shown


def test_an_answer_that_comes_late_on_a_line_that_was_left_lets_nothing_go(
    world: FakeWorld, client: FakeClient
) -> None:
    client.connect()
    [old] = world.sockets
    _, seen = client.attach()
    client.request("echo", 1)
    world.last.give(type="goaway", reason="restart", reconnect_in_ms=0)
    world.pass_()
    world.last.give(event(seq(3), "c"))
    world.pass_()
    old.answer("subscribe", attached(event(seq(1), "a")))
    world.pass_()
    assert seen.events == []
    world.last.answer("subscribe", attached(event(seq(1), "a"), event(seq(2), "b")))
    world.pass_()
    assert [one.data for one in seen.events] == ["a", "b", "c"]


def test_a_hello_for_one_job_that_is_answered_late_on_a_line_that_was_left_changes_nothing(
    world: FakeWorld, client: FakeClient
) -> None:
    client.connect()
    [first] = world.sockets
    handle, seen = client.request("report", {})
    first.give(type="goaway", reason="restart", reconnect_in_ms=0)
    world.pass_()
    world.welcomes = False
    first.give(ack(handle))
    world.pass_()
    second = world.last
    assert second.all("hello")[1]["last_seq"] == {JOB: 0}
    second.give(type="goaway", reason="restart", reconnect_in_ms=0)
    world.pass_()
    world.last.welcome(jobs=[attached()])
    world.last.give(progress(seq(1, 3), 50))
    world.pass_()
    second.welcome(recovered=False, jobs=[attached(seq=seq(1))])
    world.pass_()
    assert (seen.voids, seen.percentages) == ([], [10, 50])


def test_an_attach_that_is_cut_is_asked_for_once_on_the_next_line(
    world: FakeWorld, client: FakeClient
) -> None:
    client.connect()
    client.attach()
    client.cut()
    world.last.welcome()
    world.pass_()
    assert len(world.last.all("subscribe")) == 1


def test_an_attach_that_waits_to_be_tried_again_is_asked_for_once_on_the_next_line(
    world: FakeWorld, client: FakeClient
) -> None:
    client.connect()
    client.attach()
    world.last.refuse_frame("subscribe", code="SERVICE_UNAVAILABLE", retryable=True)
    world.pass_()
    client.cut()
    world.last.welcome()
    world.pass_(5.0)
    assert len(world.last.all("subscribe")) == 1


def test_where_several_jobs_were_named_one_that_may_live_anew_is_asked_for_alone(
    world: FakeWorld, client: FakeClient
) -> None:
    client.connect()
    asked = [client.request("report", n) for n in (1, 2)]
    for n, (handle, _) in enumerate(asked, 1):
        world.last.give(ack(handle, job_id=job_id(n)))
    world.last.give({**progress(seq(1, 3), 50), "job_id": job_id(1)})
    world.pass_()
    client.cut()
    world.last.welcome(recovered=False, jobs=[attached(job_id=job_id(1), seq=seq(1))])
    world.pass_()
    assert world.last.all("hello")[1]["last_seq"] == {job_id(1): seq(1, 3)}
    world.last.welcome(recovered=True, jobs=[attached(job_id=job_id(1), seq=seq(1))])
    world.last.give({**complete(seq(2, 3)), "job_id": job_id(1)})
    world.pass_()
    assert asked[0][1].result == "done"
    assert asked[1][1].pending


def test_fragile_jobs_without_room_in_the_hello_are_named_in_further_ones_one_at_a_time(
    world: FakeWorld, client: FakeClient
) -> None:
    client.connect()
    for n in range(140):
        handle, _ = client.request("report", n, on_disconnect="cancel")
        world.last.give(ack(handle, job_id=job_id(n)))
    world.pass_()
    client.cut()
    world.last.welcome(jobs=[attached(job_id=job_id(n)) for n in range(64)])
    world.pass_()
    [_, second] = world.last.all("hello")
    assert list(second["last_seq"]) == [job_id(n) for n in range(64, 128)]
    world.last.welcome(jobs=[attached(job_id=job_id(n)) for n in range(64, 128)])
    world.pass_()
    [_, _, third] = world.last.all("hello")
    assert list(third["last_seq"]) == [job_id(n) for n in range(128, 140)]
    assert world.last.all("subscribe") == []


def test_a_hello_that_is_refused_for_now_is_said_again_at_its_time(
    world: FakeWorld, client: FakeClient
) -> None:
    client.connect()
    for n in range(1, 67):
        handle, _ = client.request("report", n, on_disconnect="cancel")
        world.last.give(ack(handle, job_id=job_id(n)))
    world.pass_()
    client.cut()
    world.last.welcome(jobs=[attached(job_id=job_id(n)) for n in range(1, 65)])
    world.pass_()
    world.last.refuse_frame("hello", code="RATE_LIMITED", retryable=True, retry_after_ms=700)
    world.pass_(0.6)
    assert len(world.last.all("hello")) == 2
    world.pass_(0.1)
    assert list(world.last.all("hello")[2]["last_seq"]) == [job_id(65), job_id(66)]
    # one that will not be taken is asked for otherwise
    world.last.refuse_frame("hello", code="VALIDATION_ERROR")
    world.pass_()
    asked = [frame["job_id"] for frame in world.last.all("subscribe")]
    assert asked == [job_id(65), job_id(66)]


def test_attach_follows_a_job_with_all_its_events_through_the_next_line_too(
    world: FakeWorld, client: FakeClient
) -> None:
    client.connect()
    handle, seen = client.attach()
    [asked] = world.last.all("subscribe")
    assert asked == {"type": "subscribe", "job_id": JOB, "after_seq": 0, "id": asked["id"]}
    world.last.give(event(seq(2), "b"))
    world.last.answer("subscribe", attached(event(seq(1), "a"), percentage=30, seq=seq(1)))
    world.pass_()
    assert (handle.request_id, handle.action, seen.percentages) == ("r", "report", [30])
    client.cut()
    assert world.last.hello["last_seq"] == {}
    world.last.welcome()
    world.pass_()
    assert world.last.all("subscribe")[0]["after_seq"] == seq(2)
    world.last.answer("subscribe", attached())
    world.last.give(complete(seq(3)))
    world.pass_()
    assert (seen.result, read(handle)) == ("done", ["a", "b"])


def test_attach_connects_where_there_is_no_connection_yet(
    world: FakeWorld, client: FakeClient
) -> None:
    client.attach(after_seq=seq(4))
    world.pass_()
    assert [frame["after_seq"] for frame in world.last.all("subscribe")] == [seq(4)]


def test_what_was_held_back_behind_an_end_stays_untold(
    world: FakeWorld, client: FakeClient
) -> None:
    client.connect()
    handle, seen = client.attach()
    world.last.give(complete(seq(2)), progress(seq(3), 50))
    world.pass_()
    world.last.answer("subscribe", attached(status="succeeded"))
    world.pass_()
    assert (seen.result, handle.progress, handle.state) == ("done", None, "succeeded")


def test_attach_asks_for_the_frames_it_is_told_to_and_always_hears_of_the_end(
    world: FakeWorld, client: FakeClient
) -> None:
    client.connect()
    _, seen = client.attach(kinds=["progress"], after_seq=seq(4))
    [asked] = world.last.all("subscribe")
    assert (asked["frames"], asked["after_seq"]) == (["progress", "terminal"], seq(4))
    world.last.answer("subscribe", attached(seq=seq(3)))
    world.last.give(progress(seq(5), 50), event(seq(6), "x"), complete(seq(7)))
    world.pass_()
    assert (seen.result, seen.percentages, seen.events) == ("done", [10, 50], [])


@pytest.mark.parametrize(
    ("kinds", "asked"),
    [
        ([["event"], ["progress"]], ["event", "progress", "terminal"]),
        ([["terminal"], ["terminal"]], ["terminal"]),
        ([["event"], None], None),
    ],
)
def test_handles_of_one_job_subscribe_to_what_all_of_them_want(
    world: FakeWorld, client: FakeClient, kinds: list[Any], asked: list[str] | None
) -> None:
    client.connect()
    for one in kinds:
        client.attach(kinds=one)
    assert world.last.all("subscribe")[-1].get("frames") == asked


def test_an_attach_that_cannot_be_answered_now_is_tried_again_and_one_refused_fails(
    world: FakeWorld, client: FakeClient
) -> None:
    client.connect()
    _, seen = client.attach()
    refusal = {"code": "SERVICE_UNAVAILABLE", "retryable": True}
    world.last.refuse_frame("subscribe", **refusal, retry_after_ms=700)
    world.pass_(0.6)
    assert len(world.last.all("subscribe")) == 1
    world.pass_(0.2)
    assert len(world.last.all("subscribe")) == 2
    world.last.refuse_frame("subscribe", **refusal)
    world.pass_(2.1)
    assert len(world.last.all("subscribe")) == 3
    world.last.refuse_frame("subscribe", code="NOT_FOUND")
    world.pass_()
    assert (seen.error.code, seen.error.job_id) == ("NOT_FOUND", JOB)


def test_two_handles_of_one_job_each_see_all_of_it_and_only_the_last_one_unsubscribes(
    world: FakeWorld, client: FakeClient
) -> None:
    client.connect()
    one, of_one = client.attach()
    world.last.answer("subscribe", attached(event(seq(1), "a")))
    world.last.give(event(seq(2), "b"))
    world.pass_()
    two, of_two = client.attach()
    world.last.answer("subscribe", attached(event(seq(1), "a"), event(seq(2), "b")))
    world.last.give(event(seq(3), "c"))
    world.pass_()
    assert [event.data for event in of_one.events] == ["a", "b", "c"]
    assert [event.data for event in of_two.events] == ["a", "b", "c"]
    one.unsubscribe()
    assert of_one.error.code == "ABORTED"
    assert one.events.over
    assert world.last.all("unsubscribe") == []
    world.last.give(event(seq(4), "d"))
    world.pass_()
    assert (len(of_one.events), len(of_two.events)) == (3, 4)
    two.unsubscribe()
    assert [frame["job_id"] for frame in world.last.all("unsubscribe")] == [JOB]


def test_who_abandons_an_attach_stops_the_watching_and_leaves_the_job_alone(
    world: FakeWorld, client: FakeClient
) -> None:
    client.connect()
    handle, seen = client.attach()
    handle.abandon()
    assert seen.error.code == "ABORTED"
    assert world.last.types() == ["hello", "subscribe", "unsubscribe"]


def test_what_is_asked_and_not_answered_when_the_line_is_cut_is_asked_again(
    world: FakeWorld, client: FakeClient
) -> None:
    handle, _ = client.running()
    status, cancelled = Asked(), Asked()
    handle.status(status.answered, status.failed)
    handle.cancel(cancelled.over, cancelled.failed)
    client.cut()
    world.last.welcome(jobs=[attached()])
    world.pass_()
    world.last.answer("status", snapshot(percentage=66))
    world.last.answer("cancel", snapshot())
    world.last.give(failed(seq(9), "CANCELLED"))
    world.pass_()
    assert status.answers[0].percentage == 66
    assert (cancelled.answers, handle.state) == ([True], "cancelled")


def test_an_acknowledged_job_waits_for_its_client_as_long_as_it_takes(
    world: FakeWorld, client: FakeClient
) -> None:
    _, seen = client.running()
    arrived = world.arrived
    world.arrived = lambda socket: socket.end(1006)
    world.last.end(1006)
    world.pass_(600.0)
    assert seen.pending
    world.arrived = arrived
    world.welcomes = False
    client.next_line()
    world.last.welcome(jobs=[attached(status="succeeded")])
    world.last.give(complete(seq(8)))
    world.pass_()
    assert seen.result == "done"
