package io.streamer.cli.option;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** What a command line names, of those that there are; a name is how each is written. */
public final class Named {
  private Named() {}

  /**
   * One for each name, in their order.
   *
   * @param kind for who names another, such as {@code case}
   */
  public static <E> List<E> of(CommandLine command, String kind, List<String> names, E[] all) {
    return names.stream().map(name -> one(command, kind, name, all)).toList();
  }

  private static <E> E one(CommandLine command, String kind, String name, E[] all) {
    return Arrays.stream(all)
        .filter(one -> one.toString().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new ParameterException(
                command,
                "there is no %s %s, but %s"
                    .formatted(
                        kind,
                        name,
                        Arrays.stream(all)
                            .map(Object::toString)
                            .collect(Collectors.joining(", ")))));
  }
}
