package io.streamer.demo.report;

import java.time.LocalDate;

/** What a report sums up by. */
enum ReportType {
  MONTHLY,
  QUARTERLY,
  ANNUAL,
  /** Any range; sums by month. */
  CUSTOM;

  /** The period that a day belongs to; later periods have greater names. */
  String period(LocalDate date) {
    return switch (this) {
      case MONTHLY, CUSTOM -> "%04d-%02d".formatted(date.getYear(), date.getMonthValue());
      case QUARTERLY -> "%04d Q%d".formatted(date.getYear(), (date.getMonthValue() + 2) / 3);
      case ANNUAL -> "%04d".formatted(date.getYear());
    };
  }

  /** What one period is called. */
  String periodName() {
    return switch (this) {
      case MONTHLY, CUSTOM -> "month";
      case QUARTERLY -> "quarter";
      case ANNUAL -> "year";
    };
  }
}
