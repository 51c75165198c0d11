package io.streamer.emulator.lambda;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;

/** A registered function. */
record Function(String name, RequestStreamHandler handler, FunctionSettings settings) {}
