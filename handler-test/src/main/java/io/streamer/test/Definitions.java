package io.streamer.test;

import io.streamer.handler.Action;
import io.streamer.handler.Handler;
import io.streamer.shared.action.Catalogue;
import io.streamer.shared.action.Definition;
import java.util.List;
import java.util.Optional;

/** What production makes of a handler's annotations. */
final class Definitions {
  private Definitions() {}

  // the class of a Handler<I, O>, or the superclass that carries its @Action
  @SuppressWarnings({"unchecked", "MustBeClosedChecker"})
  static <I, O> Definition of(Handler<I, O> handler) {
    Class<?> type = handler.getClass();
    while (!type.isAnnotationPresent(Action.class)
        && type.getSuperclass() != null
        && Handler.class.isAssignableFrom(type.getSuperclass())) {
      type = type.getSuperclass();
    }
    var declaring = (Class<? extends Handler<I, O>>) type;
    return Catalogue.of(
            List.of((handlers, _) -> handlers.add(declaring, () -> handler)), _ -> Optional.empty())
        .definitions()
        .iterator()
        .next();
  }
}
