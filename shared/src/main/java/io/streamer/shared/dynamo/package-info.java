/**
 * DynamoDB's JSON protocol without the SDK's client: what a request is on the wire, what an answer
 * says, and how often one is asked for. No I/O: whoever has an HTTP client drives it.
 */
@NullMarked
package io.streamer.shared.dynamo;

import org.jspecify.annotations.NullMarked;
