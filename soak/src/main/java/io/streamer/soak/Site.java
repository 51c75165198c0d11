package io.streamer.soak;

import java.net.URI;
import java.util.List;
import java.util.Map;

/** What is soaked: where clients connect, where its tables are, and what fails meanwhile. */
public interface Site extends AutoCloseable {

  /**
   * A way in.
   *
   * @param direct whether its order is promised on the wire
   */
  record Door(URI uri, boolean direct) {}

  /**
   * The doors that are open at this moment; one that has just been shut may still be among them.
   */
  List<Door> doors();

  /** The store, for looking at it at the end. */
  URI dynamo();

  String tablePrefix();

  /** Signs a token for a user of a tenant. */
  String token(String user, String tenant);

  /** Lets things fail from here on. */
  void begin();

  /** Nothing new fails from here on; what was lost comes back. */
  void end() throws InterruptedException;

  /** What fails here, and how often it has so far. */
  Map<String, Long> counts();

  @Override
  void close();
}
