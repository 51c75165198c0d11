package io.streamer.emulator.s3;

import io.vertx.core.buffer.Buffer;

/**
 * A refusal as S3 words it.
 *
 * @param status the HTTP status
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList">the
 *     list of codes</a>
 */
record S3Error(int status, String code, String message) {

  /** Thrown where an answer is due. */
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient S3Error error;

    Refused(S3Error error) {
      super(error.code());
      this.error = error;
    }

    S3Error error() {
      return error;
    }
  }

  static Refused refused(int status, String code, String message) {
    return new Refused(new S3Error(status, code, message));
  }

  static Refused denied(String message) {
    return refused(403, "AccessDenied", message);
  }

  Buffer xml(String resource) {
    return Buffer.buffer(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>"
            + code
            + "</Code><Message>"
            + escaped(message)
            + "</Message><Resource>"
            + escaped(resource)
            + "</Resource><RequestId>local</RequestId></Error>");
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
