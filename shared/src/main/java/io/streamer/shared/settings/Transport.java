package io.streamer.shared.settings;

/** How requests get to AWS, or to a node that speaks as AWS does, and answers back. */
public enum Transport {
  /** The protocol itself, over an HTTP client of ours. */
  LEAN,
  /** The AWS SDK's client. */
  SDK;

  /**
   * Reads the setting that chooses it.
   *
   * @throws SettingsException if it is neither
   */
  public static Transport read(Environment environment, Setting setting) {
    var text = environment.text(setting);
    return switch (text) {
      case "lean" -> LEAN;
      case "sdk" -> SDK;
      default ->
          throw new SettingsException(
              "the setting " + setting + " is one of lean, sdk, not " + text);
    };
  }
}
