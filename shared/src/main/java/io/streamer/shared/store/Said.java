package io.streamer.shared.store;

import io.streamer.shared.job.Reports.Report;
import java.util.Map;

/**
 * What a holder has said of its job, or is about to say.
 *
 * @param last the newest progress
 * @param seq the highest frame number that it has used; with an end, the terminal frame's
 * @param annotations its frames' metadata
 */
public record Said(Report last, long seq, Map<String, String> annotations) {
  public Said {
    annotations = Map.copyOf(annotations);
  }
}
