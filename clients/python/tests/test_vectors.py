"""The contract's examples, taken as they are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fakes import FakeClient, FakeWorld

from streamer_client.handle import Reading

GOLDEN = Path(__file__).parents[3] / "protocol/vectors/golden/server.json"
VECTORS: list[dict[str, Any]] = json.loads(GOLDEN.read_text(encoding="utf-8"))


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["name"] for vector in VECTORS])
def test_the_contracts_example_is_taken_as_it_is(world: FakeWorld, vector: dict[str, Any]) -> None:
    client = FakeClient(world, new_tokens=False).connect()
    frame = json.loads(vector["frame"])
    type, id = frame["type"], frame.get("request_id")
    # the id of a welcome or a pong is its own frame's
    own = {"id": id} if id and type not in ("welcome", "pong", "goaway") else {}
    handle, seen = client.request("a", {}, Reading(fetch_result=False), **own)
    world.last.text(vector["frame"])
    world.pass_()
    assert client.state.name == "open"
    if type == "response" and id:
        assert seen.result == frame["data"]
    elif type == "complete":
        url = frame.get("result_url")
        assert seen.result == ({"result_url": url} if url else frame["result"])
    elif type == "error" and id:
        error, said = seen.error, frame["error"]
        assert (error.code, error.message) == (said["code"], said["message"])
        assert error.retryable == said["retryable"]
        after = said.get("retry_after_ms")
        assert error.retry_after == (None if after is None else after / 1_000)
    elif type == "progress":
        [step] = seen.steps
        assert step.percentage == frame["percentage"]
        assert (step.message, step.attempt) == (frame["message"], frame["attempt"])
    else:
        assert seen.pending
    if id and "seq" in frame:
        assert handle.job_id == frame["job_id"]
