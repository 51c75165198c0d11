/** DynamoDB Local, and the proxy in front of it through which calls go wrong. */
@NullMarked
package io.streamer.emulator.dynamo;

import org.jspecify.annotations.NullMarked;
