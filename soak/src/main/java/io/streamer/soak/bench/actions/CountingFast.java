package io.streamer.soak.bench.actions;

import io.streamer.handler.Action;

/** The same that sends as many frames as an action may. */
@Action(value = "counting-fast", expected = "30s", timeout = "15m", progressPerSecond = 100)
public final class CountingFast extends Counting {}
