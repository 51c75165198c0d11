"""What the pages show, run as it stands and checked for its types."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from gateway import JOB, Frame, Gateway, gateway

from streamer_client import LOCAL_CODES, StreamerClient

HOME = Path(__file__).parents[1]
PAGES = ["docs/client-python.md", "clients/python/README.md"]
Run = Callable[..., Coroutine[Any, Any, Any]]


def snippets(page: str) -> list[str]:
    text = (HOME.parents[1] / page).read_text(encoding="utf-8")
    return re.findall(r"```python\n(.*?)```", text, re.DOTALL)


ALL = [(f"{page} {n}", text) for page in PAGES for n, text in enumerate(snippets(page), 1)]


def play(door: Gateway) -> Callable[[Frame], None]:
    """Does what the actions of the pages do."""
    snapshot = {"job_id": JOB, "status": "running", "attempt": 1, "seq": 0, "percentage": 0}

    def progress() -> None:
        door.job(1, type="progress", percentage=50, message="half", attempt=1)

    def take(frame: Frame) -> None:
        id = frame.get("id")
        if frame.get("action") == "generate_report":
            progress()
            door.job(2, type="complete", success=True, result={"url": "the report"})
        elif frame.get("action") == "ask":
            door.job(1, type="event", name="token", data="no")
            door.job(2, type="rewind", after_seq=0)
            door.job(3, type="event", name="token", data="yes")
            door.job(4, type="event", name="token", data="!")
            door.job(5, type="complete", success=True, result={})
        elif frame.get("action") == "quote":
            door.give(type="response", request_id=id, success=True, data={"price": 1.5})
        elif frame["type"] == "status":
            door.give(type="response", request_id=id, success=True, data=snapshot)
        elif frame["type"] == "subscribe":
            attached = {"snapshot": snapshot, "events": []}
            door.give(type="response", request_id=id, success=True, data=attached)
            progress()
            door.job(2, type="complete", success=True, result={"n": 1})

    return take


@pytest.mark.parametrize(("name", "text"), ALL, ids=[name for name, _ in ALL])
def test_what_a_page_shows_runs(name: str, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with gateway() as door:
        door.play = play(door)
        found: dict[str, Any] = {}
        exec(text.replace("wss://api.example.com/ws", door.url), found)

        async def call(function: Run, *of: Any) -> Any:
            async with StreamerClient(door.url, token="T") as client:
                return await function(client, *of)

        if "watch" in found:
            asyncio.run(call(found["watch"], JOB))
            assert capsys.readouterr().out.split() == ["50.0", "{'n':", "1}"]
        elif "quote" in found:
            assert asyncio.run(call(found["quote"], "ACME")) == 1.5
        elif "answer" in found:
            assert asyncio.run(call(found["answer"], "is it?")) == "yes!"
        else:
            assert capsys.readouterr().out.split("\n") == ["50.0 half", "the report", ""]


def test_what_the_pages_show_has_the_right_types(tmp_path: Path) -> None:
    for n, (_, text) in enumerate(ALL):
        (tmp_path / f"snippet_{n}.py").write_text(text, encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-m", "mypy", *map(str, sorted(tmp_path.iterdir()))],
        cwd=HOME,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert f"no issues found in {len(ALL)} source files" in ran.stdout


def test_every_code_of_the_client_is_on_its_page() -> None:
    page = (HOME.parents[1] / PAGES[0]).read_text(encoding="utf-8")
    assert [code for code in LOCAL_CODES if f"`{code}`" not in page] == []
