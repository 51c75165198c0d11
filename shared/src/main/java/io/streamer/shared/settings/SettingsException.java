package io.streamer.shared.settings;

/** A setting is missing, unknown or out of range; the message says which and what to do. */
public final class SettingsException extends RuntimeException {
  public SettingsException(String message) {
    super(message);
  }
}
