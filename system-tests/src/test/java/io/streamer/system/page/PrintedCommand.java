package io.streamer.system.page;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** A command of AWS's CLI as a page prints it, in an indented block and over several lines. */
final class PrintedCommand {
  /** A word, quoted as a shell takes it or not at all. */
  private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

  private PrintedCommand() {}

  /** The options of each command of that name; an option without a value is empty. */
  static List<Map<String, String>> all(String page, String name) {
    return page.replace("\\\n", " ")
        .lines()
        .map(String::strip)
        .filter(line -> line.startsWith("aws lambda " + name + " "))
        .map(PrintedCommand::options)
        .toList();
  }

  private static Map<String, String> options(String line) {
    var options = new LinkedHashMap<String, String>();
    var last = "";
    for (var word : WORD.matcher(line).results().toList()) {
      var text = word.group(1) == null ? word.group(2) : word.group(1);
      if (text.startsWith("--")) {
        last = text.substring(2);
        options.put(last, "");
      } else if (!last.isEmpty()) {
        options.put(last, text);
      }
    }
    return options;
  }
}
