package io.streamer.emulator.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FilterTest {
  private static final JsonObject RECORD =
      new JsonObject(
          """
          {"eventName":"INSERT","userIdentity":null,
           "dynamodb":{"NewImage":{"start":{"S":"1"},"n":{"N":"5"},"done":{"BOOL":true}}}}
          """);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'dynamodb':{'NewImage':{'start':{'S':['1']}}}}",
        "{'dynamodb':{'NewImage':{'start':{'S':['0','1']}}}}",
        "{'dynamodb':{'NewImage':{'n':{'N':['5']}}}}",
        "{'eventName':['INSERT'],'dynamodb':{'NewImage':{'start':{'S':['1']}}}}"
      })
  void theseMatch(String pattern) {
    assertThat(filter(pattern).matches(RECORD)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'dynamodb':{'NewImage':{'start':{'S':['2']}}}}",
        "{'dynamodb':{'NewImage':{'start':{'N':['1']}}}}",
        // recorded on AWS: without the type's letter nothing is there
        "{'dynamodb':{'NewImage':{'start':['1']}}}",
        "{'dynamodb':{'NewImage':{'other':{'S':['1']}}}}",
        "{'dynamodb':{'OldImage':{'start':{'S':['1']}}}}",
        "{'dynamodb':{'NewImage':{'done':{'BOOL':['true']}}}}",
        "{'userIdentity':{'type':['Service']}}",
        "{'eventName':{'S':['INSERT']}}",
        "{'eventName':['INSERT'],'dynamodb':{'NewImage':{'start':{'S':['2']}}}}"
      })
  void theseDoNot(String pattern) {
    assertThat(filter(pattern).matches(RECORD)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'eventName':'INSERT'}",
        "{'eventName':[]}",
        "{'eventName':null}",
        "{'eventName':[1]}",
        "{'eventName':[{'prefix':'INS'}]}",
        "{'dynamodb':{}}"
      })
  void whatItDoesNotKnowIsRefused(String pattern) {
    assertThatThrownBy(() -> filter(pattern))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a filter asks for texts");
  }

  private static Filter filter(String pattern) {
    return new Filter(pattern.replace('\'', '"'));
  }
}
