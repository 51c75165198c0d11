"""What is in the package, and what it needs."""

from __future__ import annotations

import re
from pathlib import Path

import streamer_client

HOME = Path(__file__).parents[1]


def test_it_needs_one_other_package() -> None:
    project = (HOME / "pyproject.toml").read_text(encoding="utf-8")
    assert 'dependencies = ["websockets>=15"]' in project


def test_its_list_of_packages_is_exact_and_names_no_registry() -> None:
    lines = (HOME / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pinned = [line for line in lines if not line.startswith("#")]
    assert pinned
    assert [line for line in pinned if not re.match(r"[\w.-]+==[\d.]+( ;|$)", line)] == []
    assert "://" not in "".join(lines)


def test_it_says_that_it_is_typed() -> None:
    assert (Path(streamer_client.__file__).parent / "py.typed").exists()


def test_every_name_it_offers_is_there() -> None:
    missing = [name for name in streamer_client.__all__ if not hasattr(streamer_client, name)]
    assert missing == []


def test_the_states_do_nothing_by_themselves() -> None:
    doers = {"world", "client", "blocking", "fetch", "__init__"}
    for source in Path(streamer_client.__file__).parent.glob("*.py"):
        if source.stem not in doers:
            text = source.read_text(encoding="utf-8")
            assert not re.search(
                r"^(import|from) (asyncio|threading|socket|time|random|websockets|urllib)",
                text,
                re.MULTILINE,
            ), source
