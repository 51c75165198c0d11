/**
 * API Gateway's WebSocket API and its {@code @connections} API on one local port. What is known of
 * AWS's behaviour, what was chosen and what is left out stands in {@code docs/emulator.md}.
 */
@NullMarked
package io.streamer.emulator.apigateway;

import org.jspecify.annotations.NullMarked;
