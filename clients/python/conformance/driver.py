"""Drives the client by JSON lines, as clients/conformance/README.md says."""

from __future__ import annotations

import asyncio
import json
import sys
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from streamer_client import ConnectionState, Job, Progress, StreamerClient, StreamerError

Line = dict[str, Any]

clients: dict[str, StreamerClient] = {}
handles: dict[str, Job[Any]] = {}
tasks: set[asyncio.Task[None]] = set()


def tell(**line: Any) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def start(doing: Awaitable[None]) -> None:
    task = asyncio.ensure_future(doing)
    tasks.add(task)
    task.add_done_callback(tasks.discard)


def problem(error: StreamerError) -> Line:
    after = error.retry_after
    return {
        "code": error.code,
        "message": error.message,
        "retryable": error.retryable,
        "retry_after_ms": None if after is None else after * 1_000,
        "details": error.details,
        "request_id": error.request_id,
        "job_id": error.job_id,
        "error_id": error.error_id,
        "may_have_started": error.may_have_started,
    }


def options(of: str, given: Line) -> dict[str, Any]:
    """Has told of a handle all that its caller would see."""
    named = {name: value for name, value in given.items() if name != "unread"}
    for ours, theirs in (("delay", "delay_ms"), ("wait", "wait_ms")):
        if theirs in named:
            named[ours] = named.pop(theirs) / 1_000

    def on_progress(progress: Progress) -> None:
        tell(of=of, progress=vars(progress))

    return {**named, "on_progress": on_progress, "on_void": lambda after: tell(of=of, void=after)}


async def read(of: str, handle: Job[Any]) -> None:
    """Reads the events, also behind those that are lost."""
    try:
        async for event in handle.events:
            tell(of=of, event={"name": event.name, "data": event.data})
    except StreamerError as e:
        tell(of=of, event_error=problem(e))
        await read(of, handle)


def follow(of: str, handle: Job[Any], given: Line) -> None:
    async def accepted() -> None:
        job_id = await handle.accepted()
        if job_id:
            tell(of=of, accepted=job_id)

    async def end() -> None:
        try:
            tell(of=of, result=await handle)
        except StreamerError as e:
            tell(of=of, error=problem(e))

    handles[of] = handle
    for doing in (accepted(), end()):
        start(doing)
    if not given.get("unread"):
        start(read(of, handle))


async def later(of: str, kind: str, answer: Awaitable[Any]) -> None:
    """What is asked for and comes later is told as its own kind, or as an error of the asking."""
    try:
        value = await answer
    except StreamerError as e:
        tell(of=of, **{f"{kind}_error": problem(e)})
    else:
        tell(of=of, **{kind: vars(value) if kind == "status" else value})


def client(command: Line) -> None:
    name, tokens = command["client"], command["tokens"]

    def token() -> str:
        found: str = tokens.pop(0) if len(tokens) > 1 else tokens[0]
        return found

    def on_state(state: ConnectionState) -> None:
        told = {"name": state.name, "reason": state.reason, "code": state.code}
        tell(client=name, state=told)

    clients[name] = StreamerClient(command["url"], token=token)
    clients[name].on_state(on_state)


def request(command: Line) -> None:
    of = command["of"]
    given = command.get("options", {})
    asking = clients[command["client"]]
    asked = asking.request(command["action"], command.get("payload"), **options(of, given))
    follow(of, asked, given)


def attach(command: Line) -> None:
    of = command["of"]
    given = command.get("options", {})
    asking = clients[command["client"]]
    follow(of, asking.attach(command["job"], **options(of, given)), given)


def reset(command: Line) -> None:
    # the next scenario knows none of this one's
    for one in clients.values():
        start(one.close())
    clients.clear()
    handles.clear()


COMMANDS: dict[str, Callable[[Line], None]] = {
    "client": client,
    "connect": lambda command: clients[command["client"]].connect(),
    "close": lambda command: start(clients[command["client"]].close()),
    "request": request,
    "attach": attach,
    "read": lambda command: start(read(command["of"], handles[command["of"]])),
    "unsubscribe": lambda command: handles[command["of"]].unsubscribe(),
    "cancel": lambda command: start(
        later(command["of"], "cancelled", handles[command["of"]].cancel())
    ),
    "status": lambda command: start(
        later(command["of"], "status", handles[command["of"]].status())
    ),
    "reset": reset,
}


async def main() -> None:
    lines = asyncio.StreamReader(limit=1 << 24)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := await lines.readline():
        command = json.loads(line)
        try:
            COMMANDS[command["do"]](command)
        except Exception:
            tell(done=command["n"], failed=traceback.format_exc())
        else:
            tell(done=command["n"])


asyncio.run(main())
