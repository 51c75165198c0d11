package io.streamer.shared.store.row;

import io.streamer.shared.job.JobId;
import io.streamer.shared.job.JobTerms;
import io.streamer.shared.job.Marks;
import io.streamer.shared.table.Item;
import io.streamer.shared.table.Value;

/** The terms and marks of a job in its row: the attributes that most rows do not have. */
public final class JobMarks {
  public static final String CANCEL = "cancel";
  public static final String ABANDON_AT = "abandonAt";
  public static final String CHECKPOINT = "checkpoint";
  public static final String WATCH = "watch";
  public static final String TOLD = "told";
  public static final String REDRIVEN_BY = "redrivenBy";

  private JobMarks() {}

  public static void write(Item.Builder row, JobTerms terms) {
    terms.notBefore().ifPresent(at -> row.put("notBefore", at));
    terms.deadlineAt().ifPresent(at -> row.put("deadlineAt", at));
    if (terms.cancelWhenLeft()) {
      row.put("onDisconnect", "cancel");
    }
    if (terms.overran()) {
      row.put("overran", new Value.Bool(true));
    }
    terms.redriveOf().ifPresent(id -> row.put("redriveOf", id.value()));
  }

  public static void write(Item.Builder row, Marks marks) {
    if (marks.cancel()) {
      row.put(CANCEL, new Value.Bool(true));
    }
    marks.abandonAt().ifPresent(at -> row.put(ABANDON_AT, at));
    marks.checkpoint().ifPresent(part -> row.put(CHECKPOINT, part));
    if (marks.watch() > 0) {
      row.put(WATCH, marks.watch());
    }
    if (marks.told()) {
      row.put(TOLD, new Value.Bool(true));
    }
    marks.redrivenBy().ifPresent(id -> row.put(REDRIVEN_BY, id.value()));
  }

  public static JobTerms terms(Item row) {
    return new JobTerms(
        Math.toIntExact(row.findWhole("priority").orElse(0L)),
        row.findWhole("notBefore"),
        row.findWhole("deadlineAt"),
        row.has("onDisconnect"),
        row.has("overran"),
        row.findText("redriveOf").map(JobId::new));
  }

  public static Marks marks(Item row) {
    return new Marks(
        row.has(CANCEL),
        row.findWhole(ABANDON_AT),
        row.findText(CHECKPOINT),
        row.findWhole(WATCH).orElse(0L),
        row.has(TOLD),
        row.findText(REDRIVEN_BY).map(JobId::new));
  }
}
