package io.streamer.emulator.apigateway;

import io.streamer.emulator.fault.Faults;
import io.streamer.emulator.integration.IntegrationCalls;
import io.streamer.emulator.integration.Timers;

/**
 * One WebSocket API while it runs: its connections, and what calls the backend for them. Its edge's
 * event loop owns it.
 *
 * @param requests all that is asked of the API takes one
 */
record DeployedApi(
    ApiSettings settings,
    IntegrationCalls integrations,
    OpenConnections connections,
    Disconnects disconnects,
    Timers timers,
    TokenBucket requests,
    Faults faults) {}
