package io.streamer.cli.letters;

import io.streamer.shared.settings.AwsSettings;
import io.streamer.shared.store.StoreSettings;
import java.util.Optional;

/**
 * The tables that a command works on.
 *
 * @param tenant whose dead letters are meant if nobody says; empty: somebody must
 */
public record LetterTables(AwsSettings aws, StoreSettings store, Optional<String> tenant) {

  /** For people: which tables, and where. */
  public String described() {
    return "the tables "
        + store.tables().prefix()
        + "-* "
        + aws.dynamoDb().map(address -> "at " + address).orElse("in " + aws.region());
  }
}
