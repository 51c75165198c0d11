package io.streamer.shared.store.letter;

import io.streamer.shared.job.Job;
import io.streamer.shared.store.row.JobItems;
import io.streamer.shared.table.Item;
import java.util.Optional;

/**
 * A job that failed.
 *
 * @param failedAt epoch ms; empty once the job was done again, and of one that has not failed
 */
public record DeadLetter(Job job, Optional<Long> failedAt) {
  static DeadLetter read(Item row) {
    return new DeadLetter(JobItems.read(row), row.findWhole("deadAt"));
  }
}
