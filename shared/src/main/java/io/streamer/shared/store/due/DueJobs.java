package io.streamer.shared.store.due;

import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobId;
import java.util.List;
import java.util.Optional;

/**
 * Some of the jobs that are due.
 *
 * @param unreadable those whose rows make no sense here: of a newer version, or damaged
 * @param next the cursor of the page behind this one, if there may be more
 */
public record DueJobs(List<Job> jobs, List<JobId> unreadable, Optional<String> next) {
  public DueJobs {
    jobs = List.copyOf(jobs);
    unreadable = List.copyOf(unreadable);
  }
}
