from __future__ import annotations

import pytest
from fakes import FakeClient, FakeWorld


@pytest.fixture
def world() -> FakeWorld:
    return FakeWorld()


@pytest.fixture
def client(world: FakeWorld) -> FakeClient:
    return FakeClient(world)
