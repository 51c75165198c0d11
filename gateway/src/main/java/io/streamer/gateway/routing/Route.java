package io.streamer.gateway.routing;

import io.streamer.gateway.action.Deployed;

/** Where a request goes. */
sealed interface Route {

  /** To an action of this gateway, which answers or finds it a job. */
  record Here(Deployed action) implements Route {}

  /** The caller's token lacks a permission. */
  record Forbidden(String permission) implements Route {}

  record Unknown() implements Route {}
}
