/** The door that API Gateway keeps: its sockets reach this task as HTTP requests. */
@NullMarked
package io.streamer.gateway.apigateway;

import org.jspecify.annotations.NullMarked;
