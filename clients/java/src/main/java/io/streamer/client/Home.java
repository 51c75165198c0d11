package io.streamer.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Consumer;

/** What a job's handle needs of its client. */
interface Home {
  Loop loop();

  Teller teller();

  Json json();

  Transport transport();

  /** Asks, on the loop; an answer that is an error has failed. */
  void ask(ObjectNode frame, Consumer<Frame> answered, Consumer<Problem> failed);

  /** Takes a request back that was not sent yet; false if it was. */
  boolean takeBack(Job job);

  /** The job's id or its end is new. */
  void moved(Job job);

  void unwatch(Job job);

  double random();
}
