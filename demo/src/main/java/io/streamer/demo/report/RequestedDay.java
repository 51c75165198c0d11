package io.streamer.demo.report;

import io.streamer.handler.Invalid;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A day as a client names it.
 *
 * @param date in UTC
 * @param at the moment, if the client gave one
 */
record RequestedDay(LocalDate date, @Nullable Instant at) {
  private static final Pattern DATE = Pattern.compile("\\d{4}-\\d\\d-\\d\\d");
  private static final Pattern TIME =
      Pattern.compile(
          DATE.pattern() + "[Tt]\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?([Zz]|[+-]\\d\\d:\\d\\d)");
  // spreadsheets count days from 1900, with one too many in that year
  private static final LocalDate FIRST = LocalDate.of(1901, 1, 1);
  private static final LocalDate LAST = LocalDate.of(9999, 12, 31);

  /**
   * Reads {@code YYYY-MM-DD} or RFC 3339.
   *
   * @throws Invalid naming the field
   */
  static RequestedDay parse(String field, String text) {
    var day = read(text);
    if (day == null) {
      throw new Invalid(field, "must be a date such as 2025-01-31 or 2025-01-31T12:00:00Z");
    }
    if (day.date.isBefore(FIRST) || day.date.isAfter(LAST)) {
      throw new Invalid(field, "must be from " + FIRST + " to " + LAST);
    }
    return day;
  }

  private static @Nullable RequestedDay read(String text) {
    try {
      if (DATE.matcher(text).matches()) {
        return new RequestedDay(LocalDate.parse(text), null);
      }
      if (TIME.matcher(text).matches()) {
        var utc = OffsetDateTime.parse(text).withOffsetSameInstant(ZoneOffset.UTC);
        return new RequestedDay(utc.toLocalDate(), utc.toInstant());
      }
      return null;
    } catch (DateTimeException _) {
      return null;
    }
  }

  /** By the moments if both have one, else by the days. */
  boolean isBefore(RequestedDay other) {
    return (at != null && other.at != null) ? at.isBefore(other.at) : date.isBefore(other.date);
  }

  RequestedDay plusDays(int days) {
    return new RequestedDay(
        date.plusDays(days), at == null ? null : at.plus(Duration.ofDays(days)));
  }
}
