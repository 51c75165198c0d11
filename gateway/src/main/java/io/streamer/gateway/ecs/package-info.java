/** What a task learns from Amazon ECS about itself. */
@NullMarked
package io.streamer.gateway.ecs;

import org.jspecify.annotations.NullMarked;
