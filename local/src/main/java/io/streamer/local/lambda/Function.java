package io.streamer.local.lambda;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.streamer.local.aws.DeadLetters;

/**
 * A registered function.
 *
 * @param deadLetters its failure destination
 */
record Function(
    String name,
    RequestStreamHandler handler,
    FunctionSettings settings,
    DeadLetters deadLetters) {}
