package io.streamer.shared.action;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.handler.Part;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunPartsTest {
  private final List<Double> reported = new ArrayList<>();
  private final List<String> odd = new ArrayList<>();
  private final Part whole =
      RunParts.of(
          new RunParts.Sink() {
            @Override
            public void report(double percentage, String message) {
              reported.add(percentage);
            }

            @Override
            public void odd(String what) {
              odd.add(what);
            }
          });

  @Test
  void theWholeIsTheWeightedMeanOfItsParts() {
    var one = whole.part(1);
    var two = whole.part(2);
    var three = whole.part(5);
    one.progress(100, "");
    two.progress(50, "");
    three.progress(40, "");
    three.progress(100, "");
    two.progress(100, "");
    assertThat(reported).containsExactly(12.5, 25.0, 50.0, 87.5, 100.0);
  }

  @Test
  void aPartOfAPartCountsWithinIt() {
    var half = whole.part(1);
    whole.part(1);
    half.part(1).progress(100, "");
    half.part(1).progress(50, "");
    assertThat(reported).containsExactly(50.0, 50.0);
  }

  @Test
  void theWholeNeverGoesBack() {
    var one = whole.part(1);
    one.progress(80, "");
    one.progress(20, "");
    whole.part(9).progress(0, "");
    one.progress(200, "");
    assertThat(reported).containsExactly(80.0, 80.0, 80.0, 80.0);
  }

  @Test
  void whatIsNoWeightCountsForNothing() {
    for (var weight : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      whole.part(weight).progress(100, "");
    }
    assertThat(odd).hasSize(4);
    whole.part(1).progress(50, "");
    assertThat(reported).containsExactly(0.0, 0.0, 0.0, 0.0, 50.0);
  }

  @Test
  void whatIsNoPercentageIsForTheRunToLeaveOut() {
    whole.part(1).progress(Double.NaN, "");
    assertThat(reported).containsExactly(Double.NaN);
  }
}
