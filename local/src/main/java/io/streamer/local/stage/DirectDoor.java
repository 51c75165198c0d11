package io.streamer.local.stage;

import io.vertx.core.Future;

/** The port where clients come to the stage's gateway directly. */
interface DirectDoor {
  /** Where clients come; told once a gateway is there. */
  int port();

  /** The port on which a gateway behind it is to listen; 0 for any free one. */
  int gatewayPort();

  /** Leads to the gateway that listens there. */
  void to(int gatewayPort);

  /** Leads nowhere: all sockets are cut, without a word. */
  void shut();

  /** Cuts all sockets, without a word; how many there were. */
  int cut();

  Future<Void> close();
}
