package io.streamer.local.feed;

import io.vertx.core.buffer.Buffer;

/** Rows of jobs, as a store takes them. */
final class Rows {
  /** What it says. */
  static final Buffer NOTHING = Buffer.buffer("{}");

  private Rows() {}

  static Buffer put(String job, String status, long epoch, double percentage) {
    return Buffer.buffer(
        """
        {"TableName":"t-jobs","Item":{"jobId":{"S":"%s"},"run":{"S":"r"},"tenant":{"S":"t"},
        "user":{"S":"u"},"id":{"S":"i"},"action":{"S":"a"},"hash":{"S":"h"},"createdAt":{"N":"1"},
        "status":{"S":"%s"},"epoch":{"N":"%d"},"attempt":{"N":"1"},"percentage":{"N":"%s"},
        "message":{"S":""},"seq":{"N":"1"},"eventSeq":{"N":"0"},"payload":{"B":"e30="}}}
        """
            .formatted(job, status, epoch, percentage));
  }
}
