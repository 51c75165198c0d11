from __future__ import annotations

from typing import Any

import pytest
from fakes import (
    JOB,
    Asked,
    FakeClient,
    FakeWorld,
    Frame,
    Seen,
    ack,
    complete,
    event,
    failed,
    progress,
    read,
    seq,
    snapshot,
)

from streamer_client import StreamerError
from streamer_client.handle import Handle, Progress, Reading


def test_a_job_is_followed_to_its_result(world: FakeWorld, client: FakeClient) -> None:
    handle, seen = client.running()
    assert (handle.state, handle.job_id, seen.known_count) == ("accepted", JOB, 1)
    world.pass_(1.0)
    world.last.give(progress(seq(1), 25, metadata={"region": "eu"}))
    world.pass_(1.0)
    world.last.give(progress(seq(2), 100), complete(seq(3), {"url": "u"}, metadata={"pages": "3"}))
    world.pass_()
    assert seen.result == {"url": "u"}
    assert seen.steps == [
        Progress(25.0, "at 25", 1, {"region": "eu"}),
        Progress(100.0, "at 100", 1),
    ]
    assert (handle.state, handle.metadata, handle.ended) == ("succeeded", {"pages": "3"}, True)
    took = handle.durations
    assert (took.accepted, took.started, took.ended) == (0.0, 1.0, 2.0)


def test_a_job_that_fails_tells_its_error_with_both_of_its_ids(
    world: FakeWorld, client: FakeClient
) -> None:
    handle, seen = client.running()
    world.last.give(failed(seq(9), "PROCESSING_FAILED", details={"reason": "CLOSED_TODAY"}))
    world.pass_()
    error = seen.error
    assert (error.code, error.details["reason"]) == ("PROCESSING_FAILED", "CLOSED_TODAY")
    assert (error.job_id, error.request_id, handle.state) == (JOB, handle.request_id, "failed")


def test_an_error_without_a_number_does_not_end_the_job(
    world: FakeWorld, client: FakeClient
) -> None:
    handle, seen = client.running()
    error = {"code": "INTERNAL_ERROR", "message": "oops", "retryable": True}
    world.last.give(type="error", request_id=handle.request_id, error=error)
    world.last.give(complete(seq(1)))
    world.pass_()
    assert seen.result == "done"


@pytest.mark.parametrize(
    ("second", "shown"),
    [
        (progress(seq(5), 90), [50]),
        (progress(seq(4), 90), [50]),
        (progress(seq(999, 0), 90), [50]),
        (progress(seq(500_000), 90), [50, 90]),
        (progress(seq(1, 2), 90), [50, 90]),
        ({**progress(seq(6), 90), "seq": float(seq(6))}, [50, 90]),
        ({**progress(seq(6), 90), "seq": seq(6) + 0.5}, [50]),
        ({**progress(seq(6), 90), "seq": str(seq(6))}, [50]),
    ],
)
def test_a_frame_at_or_below_the_last_number_is_dropped(
    world: FakeWorld, client: FakeClient, second: Frame, shown: list[float]
) -> None:
    _, seen = client.running()
    world.last.give(progress(seq(5), 50), second)
    world.pass_()
    assert seen.percentages == shown


def test_frames_of_a_worker_that_lost_the_job_are_dropped_behind_those_of_its_successor(
    world: FakeWorld, client: FakeClient
) -> None:
    _, seen = client.running()
    world.last.give(progress(seq(1, 2), 20), progress(seq(700, 1), 80))
    world.last.give(failed(seq(701, 1), "INTERNAL_ERROR"), complete(seq(2, 2)))
    world.pass_()
    assert (seen.result, seen.percentages) == ("done", [20])


def test_the_percentage_never_falls_and_the_attempt_tells_of_a_new_one(
    world: FakeWorld, client: FakeClient
) -> None:
    _, seen = client.running()
    world.last.give(progress(seq(1), 60), progress(seq(1, 2), 10, attempt=2))
    world.last.give(progress(seq(2, 2), 70, attempt=2))
    world.pass_()
    assert [(step.percentage, step.attempt) for step in seen.steps] == [(60, 1), (60, 2), (70, 2)]


def test_the_end_comes_once_and_nothing_behind_it(world: FakeWorld, client: FakeClient) -> None:
    handle, seen = client.running()
    world.last.give(complete(seq(3), {"n": 1}))
    world.pass_()
    before = seen.changes
    world.last.give(complete(seq(3), {"n": 1}), failed(seq(4), "TIMEOUT"), progress(seq(5), 5))
    world.last.give(event(seq(6), "late"))
    world.pass_()
    assert seen.result == {"n": 1}
    assert (seen.changes, seen.steps, seen.events) == (before, [], [])
    assert handle.state == "succeeded"


def test_a_numbered_frame_that_overtakes_the_acknowledgment_stands_for_it(
    world: FakeWorld, client: FakeClient
) -> None:
    client.connect()
    handle, seen = client.request("report", {}, id="r")
    world.last.give(progress(seq(1), 10))
    world.pass_()
    assert (handle.job_id, seen.percentages) == (JOB, [10])
    world.last.give(ack(handle), complete(seq(2)))
    world.pass_()
    assert seen.result == "done"


LOST: Frame = {"message": "Internal server error", "connectionId": "c", "requestId": "q"}


def overtaken(world: FakeWorld, client: FakeClient) -> tuple[Handle, Seen]:
    """A job of which a frame came, and no acknowledgment."""
    client.connect()
    handle, seen = client.request("report", {}, id="r")
    world.last.give(progress(seq(1), 10))
    world.pass_()
    return handle, seen


def test_a_job_whose_acknowledgment_may_be_lost_is_taken_up_again_on_the_same_line(
    world: FakeWorld, client: FakeClient
) -> None:
    _, seen = overtaken(world, client)
    world.welcomes = False
    world.last.give(LOST)
    world.pass_()
    hello = world.last.all("hello")[1]
    assert (len(world.last.all("request")), hello["last_seq"]) == (1, {JOB: seq(1)})
    # nothing is heard of that hello either: it is sent again, and no other one
    world.last.give(LOST)
    world.pass_(1.0)
    assert world.last.all("hello")[1:] == [hello, hello]
    world.last.welcome(jobs=[{"snapshot": snapshot(), "events": []}])
    world.last.give(LOST, progress(seq(2), 20), complete(seq(3)))
    world.pass_()
    assert (seen.percentages, seen.result) == ([10, 20], "done")
    assert (len(world.last.all("hello")), len(world.sockets)) == (3, 1)


def test_a_line_on_which_a_hello_has_no_answer_however_often_it_is_said_is_given_up(
    world: FakeWorld, client: FakeClient
) -> None:
    overtaken(world, client)
    world.welcomes = False
    line = world.last
    line.give(LOST)
    world.pass_(179.9)
    assert (len(line.all("hello")), len(world.sockets)) == (4, 1)
    world.pass_(0.2)
    assert len(world.sockets) == 2
    assert world.last.all("hello")[0]["last_seq"] == {JOB: seq(1)}


def test_a_job_whose_acknowledgment_came_behind_its_frame_is_not_taken_up_again(
    world: FakeWorld, client: FakeClient
) -> None:
    handle, _ = overtaken(world, client)
    world.last.give(ack(handle), LOST)
    world.pass_()
    assert len(world.last.all("hello")) == 1


def test_a_job_that_the_next_line_took_up_is_not_taken_up_again(
    world: FakeWorld, client: FakeClient
) -> None:
    overtaken(world, client)
    world.welcomes = False
    world.last.end()
    world.pass_(0.5)
    world.last.welcome(jobs=[{"snapshot": snapshot(), "events": []}])
    world.last.give(LOST)
    world.pass_()
    assert (len(world.sockets), len(world.last.all("hello"))) == (2, 1)


def test_events_are_read_in_their_order_before_and_after_the_end(
    world: FakeWorld, client: FakeClient
) -> None:
    handle, seen = client.running()
    world.last.give(event(seq(1), "a"), event(seq(2), "b"))
    world.pass_()
    assert read(handle) == ["a", "b"]
    assert not handle.events.over
    world.last.give(event(seq(3), "c"), complete(seq(4)))
    world.pass_()
    assert (read(handle), handle.events.over) == (["c"], True)
    assert [(one.name, one.data, one.seq) for one in seen.events] == [
        ("row", "a", seq(1)),
        ("row", "b", seq(2)),
        ("row", "c", seq(3)),
    ]


def test_events_that_are_void_are_not_read_and_who_has_read_some_is_told(
    world: FakeWorld, client: FakeClient
) -> None:
    handle, seen = client.running()
    world.last.give(*(event(seq(n), n) for n in (1, 2, 3, 4)))
    world.last.give(type="rewind", job_id=JOB, seq=seq(1, 2), after_seq=seq(2))
    world.last.give(event(seq(2, 2), 33), complete(seq(3, 2)))
    world.pass_()
    assert (read(handle), seen.voids) == ([1, 2, 33], [seq(2)])


@pytest.mark.parametrize("most", [3, 1_000])
def test_of_events_nobody_reads_the_last_are_kept_and_a_reader_is_told_of_the_others(
    world: FakeWorld, client: FakeClient, most: int
) -> None:
    handle, _ = client.running(Reading(event_buffer=most))
    world.last.give(*(event(seq(n), n) for n in range(1, most + 3)))
    world.pass_()
    with pytest.raises(StreamerError) as lost:
        read(handle)
    assert (lost.value.code, lost.value.details) == ("EVENTS_LOST", {"count": 2})
    assert lost.value.job_id == JOB
    assert read(handle) == list(range(3, most + 3))


def test_status_asks_the_server(world: FakeWorld, client: FakeClient) -> None:
    handle, _ = client.running()
    asked = Asked()
    handle.status(asked.answered, asked.failed)
    assert world.last.all("status")[0]["job_id"] == JOB
    world.last.answer("status", snapshot(percentage=77, novel=1))
    world.pass_()
    [found] = asked.answers
    assert (found.percentage, found.status, found.created_at) == (77, "running", 1732151990.5)


@pytest.mark.parametrize(
    ("name", "id"), [("job_id", JOB), ("request_id", "r-9")], ids=["job_id", "request_id"]
)
def test_how_any_job_stands_can_be_asked_by_either_id(
    world: FakeWorld, client: FakeClient, name: str, id: str
) -> None:
    client.connect()
    asked = Asked()
    ids: dict[str, Any] = {"job_id": None, "request_id": None, name: id}
    client.engine.status(**ids, answered=asked.answered, failed=asked.failed)
    [frame] = world.last.all("status")
    assert {key: frame[key] for key in frame.keys() - {"id", "type"}} == {name: id}
    world.last.refuse_frame("status", code="NOT_FOUND")
    world.pass_()
    assert asked.answers[0].code == "NOT_FOUND"


def test_cancel_waits_for_the_end_that_proves_it(world: FakeWorld, client: FakeClient) -> None:
    handle, seen = client.running()
    asked = Asked()
    handle.cancel(asked.over, asked.failed)
    assert world.last.all("cancel")[0]["job_id"] == JOB
    world.last.answer("cancel", snapshot(status="running"))
    world.pass_()
    assert asked.answers == []
    world.last.give(failed(seq(9), "CANCELLED"))
    world.pass_()
    assert (asked.answers, handle.state, seen.error.code) == ([True], "cancelled", "CANCELLED")
    handle.cancel(asked.over, asked.failed)
    assert asked.answers == [True, True]


def test_cancel_says_that_the_job_was_quicker(world: FakeWorld, client: FakeClient) -> None:
    handle, seen = client.running()
    asked = Asked()
    handle.cancel(asked.over, asked.failed)
    world.last.give(complete(seq(9)))
    world.last.answer("cancel", snapshot(status="succeeded"))
    world.pass_()
    assert (asked.answers, handle.state, seen.result) == ([True], "succeeded", "done")


def test_cancel_is_not_sent_before_the_acknowledgment(world: FakeWorld, client: FakeClient) -> None:
    client.connect()
    handle, _ = client.request("report", {}, id="r")
    asked = Asked()
    handle.cancel(asked.over, asked.failed)
    world.pass_()
    assert world.last.all("cancel") == []
    world.last.give(ack(handle))
    world.pass_()
    assert len(world.last.all("cancel")) == 1
    world.last.give(failed(seq(1), "CANCELLED"))
    world.pass_()
    assert asked.answers == [True]


def test_what_was_not_sent_is_cancelled_here(world: FakeWorld, client: FakeClient) -> None:
    world.arrived = lambda socket: None
    handle, seen = client.request("report", {})
    asked = Asked()
    handle.cancel(asked.over, asked.failed)
    assert (asked.answers, handle.state, seen.error.code) == ([True], "cancelled", "CANCELLED")
    world.pass_()
    world.last.accept()
    world.pass_()
    assert world.last.types() == ["hello"]


def test_what_is_refused_because_too_much_is_under_way_is_asked_again(
    world: FakeWorld, client: FakeClient
) -> None:
    def refuse() -> None:
        world.last.refuse_frame(
            "cancel", code="RATE_LIMITED", retryable=True, retry_after_ms=25_000
        )

    handle, seen = client.running()
    asked = Asked()
    handle.cancel(asked.over, asked.failed)
    refuse()
    world.pass_(24.9)
    assert len(world.last.all("cancel")) == 1
    world.pass_(0.1)
    assert len(world.last.all("cancel")) == 2
    refuse()
    world.pass_(25)
    assert len(world.last.all("cancel")) == 3
    # for as long as an answer may take
    refuse()
    world.pass_()
    assert [error.code for error in asked.answers] == ["RATE_LIMITED"]
    assert seen.pending


def test_a_cancel_that_is_refused_says_so_once(world: FakeWorld, client: FakeClient) -> None:
    handle, seen = client.running()
    asked = Asked()
    handle.cancel(asked.over, asked.failed)
    world.last.refuse_frame("cancel", code="FORBIDDEN")
    world.pass_()
    assert [error.code for error in asked.answers] == ["FORBIDDEN"]
    assert seen.pending
    world.last.give(complete(seq(1)))
    world.pass_()
    assert len(asked.answers) == 1


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"status": "succeeded", "result": {"n": 1}}, None),
        (
            {"status": "failed", "error": {"code": "TIMEOUT", "message": "", "retryable": True}},
            "TIMEOUT",
        ),
    ],
)
def test_an_end_that_was_there_before_and_is_not_told_again_is_asked_for(
    world: FakeWorld, client: FakeClient, answer: Frame, code: str | None
) -> None:
    client.connect()
    handle, seen = client.request("report", {}, id="r")
    world.last.give(ack(handle, status="duplicate", snapshot=snapshot(status=answer["status"])))
    world.pass_(0.9)
    assert world.last.all("status") == []
    world.pass_(0.2)
    world.last.answer("status", snapshot(**answer))
    world.pass_()
    if code:
        assert (seen.error.code, seen.error.retryable) == (code, True)
    else:
        assert seen.result == {"n": 1}


def test_a_number_is_no_truth_value(world: FakeWorld, client: FakeClient) -> None:
    _, seen = client.running()
    world.last.give({**progress(seq(1), 90), "seq": True})
    world.pass_()
    assert seen.steps == []


def test_an_end_that_comes_in_time_is_not_asked_for(world: FakeWorld, client: FakeClient) -> None:
    client.connect()
    handle, seen = client.request("report", {}, id="r")
    world.last.give(ack(handle, status="duplicate", snapshot=snapshot(status="succeeded")))
    world.last.give(complete(seq(1)))
    world.pass_(5.0)
    assert seen.result == "done"
    assert world.last.all("status") == []


def test_who_cancels_what_he_follows_takes_no_request_of_the_same_id_back(
    world: FakeWorld, client: FakeClient
) -> None:
    client.connect()
    handle, _ = client.attach()
    world.last.answer("subscribe", {"snapshot": snapshot(), "events": []})
    world.pass_()
    assert handle.request_id == "r"
    world.arrived = lambda socket: None
    world.last.end(1006)
    world.pass_(1.0)
    _, waiting = client.request("report", {}, id="r")
    handle.cancel(lambda: None, lambda error: None)
    assert waiting.pending
    assert not handle.ended


def test_a_request_that_is_unsubscribed_is_still_its_connections_own(
    world: FakeWorld, client: FakeClient
) -> None:
    handle, _ = client.running()
    handle.unsubscribe()
    assert world.last.types() == ["hello", "request"]


def test_who_abandons_a_request_is_told_at_once_and_the_job_is_cancelled(
    world: FakeWorld, client: FakeClient
) -> None:
    handle, seen = client.running()
    handle.abandon()
    assert seen.error.code == "ABORTED"
    assert len(world.last.all("cancel")) == 1
    world.last.give(progress(seq(1), 5), failed(seq(2), "CANCELLED"))
    world.pass_()
    assert (seen.steps, len(seen.outcomes), handle.state) == ([], 1, "cancelled")


def test_a_request_that_is_abandoned_before_it_was_sent_is_not_sent(
    world: FakeWorld, client: FakeClient
) -> None:
    handle, seen = client.request("report", {})
    handle.abandon()
    world.pass_()
    assert seen.error.code == "ABORTED"
    assert world.last.types() == ["hello"]


def test_a_request_that_is_unsubscribed_before_its_acknowledgment_is_not_followed(
    world: FakeWorld, client: FakeClient
) -> None:
    client.connect()
    handle, seen = client.request("report", {}, id="r")
    handle.unsubscribe()
    world.last.give(ack(handle), event(seq(1), "a"))
    world.pass_()
    assert (seen.error.code, seen.events) == ("ABORTED", [])
    client.cut()
    assert world.last.hello["last_seq"] == {}
