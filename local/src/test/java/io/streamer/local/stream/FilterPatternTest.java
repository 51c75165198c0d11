package io.streamer.local.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FilterPatternTest {
  private static final JsonObject RECORD =
      new JsonObject(
          """
          {"eventName":"INSERT","userIdentity":null,
           "dynamodb":{"ApproximateCreationDateTime":1764085660,
            "NewImage":{"start":{"S":"1"},"n":{"N":"5"},"done":{"BOOL":true},
             "tags":{"SS":["red","green"]},"list":{"L":[{"S":"x"},{"N":"7"}]},"none":{"L":[]}}}}
          """);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'dynamodb':{'NewImage':{'start':{'S':['1']}}}}",
        "{'dynamodb':{'NewImage':{'start':{'S':['0','1']}}}}",
        "{'dynamodb':{'NewImage':{'n':{'N':['5']}}}}",
        "{'dynamodb':{'NewImage':{'done':{'BOOL':[true]}}}}",
        "{'dynamodb':{'NewImage':{'tags':{'SS':['green']}}}}",
        "{'dynamodb':{'NewImage':{'list':{'L':{'S':['x']}}}}}",
        "{'dynamodb':{'NewImage':{'start':{'S':[{'exists':true}]}}}}",
        "{'dynamodb':{'NewImage':{'other':{'S':[{'exists':false}]}}}}",
        "{'dynamodb':{'OldImage':{'start':{'S':[{'exists':false}]}}}}",
        // recorded on AWS: without the type's letter nothing is there
        "{'dynamodb':{'NewImage':{'start':[{'exists':false}]}}}",
        "{'dynamodb':{'ApproximateCreationDateTime':[{'numeric':['>',1764085659]}]}}",
        "{'dynamodb':{'ApproximateCreationDateTime':[{'numeric':['>=',1.5,'<',1764085661]}]}}",
        "{'dynamodb':{'ApproximateCreationDateTime':[1764085660.0]}}",
        "{'eventName':[{'prefix':'INS'}]}",
        "{'eventName':[{'anything-but':'REMOVE'}]}",
        "{'eventName':[{'anything-but':['REMOVE','MODIFY']}]}",
        "{'eventName':[{'anything-but':{'prefix':'MOD'}}]}",
        "{'userIdentity':[null]}",
        "{'eventName':['INSERT'],'dynamodb':{'NewImage':{'start':{'S':['1']}}}}"
      })
  void theseMatch(String pattern) {
    assertThat(parse(pattern).matches(RECORD)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'dynamodb':{'NewImage':{'start':{'S':['2']}}}}",
        "{'dynamodb':{'NewImage':{'start':{'S':[1]}}}}",
        "{'dynamodb':{'NewImage':{'start':['1']}}}",
        "{'dynamodb':{'NewImage':{'start':[{'exists':true}]}}}",
        "{'dynamodb':{'NewImage':{'start':{'S':[{'exists':false}]}}}}",
        "{'dynamodb':{'NewImage':{'other':{'S':[{'anything-but':'x'}]}}}}",
        "{'dynamodb':{'NewImage':{'n':{'N':[{'numeric':['=',5]}]}}}}",
        "{'dynamodb':{'NewImage':{'n':{'N':[5]}}}}",
        "{'dynamodb':{'NewImage':{'list':{'L':{'S':['y']}}}}}",
        "{'dynamodb':{'NewImage':{'none':{'L':{'S':['x']}}}}}",
        "{'dynamodb':{'ApproximateCreationDateTime':[{'numeric':['>',1,'<',2]}]}}",
        "{'eventName':[{'prefix':'ERT'}]}",
        "{'eventName':[{'anything-but':'INSERT'}]}",
        "{'eventName':[{'anything-but':{'prefix':'INS'}}]}",
        "{'userIdentity':{'type':['Service']}}",
        "{'eventName':['INSERT'],'dynamodb':{'NewImage':{'start':{'S':['2']}}}}"
      })
  void theseDoNot(String pattern) {
    assertThat(parse(pattern).matches(RECORD)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "'text'",
        "{}",
        "{'eventName':'INSERT'}",
        "{'eventName':[]}",
        "{'eventName':null}",
        "{'dynamodb':{}}",
        "{'eventName':[['INSERT']]}",
        "{'eventName':[{'exists':'yes'}]}",
        "{'eventName':[{'exists':null}]}",
        "{'eventName':[{'prefix':1}]}",
        "{'eventName':[{'prefix':'a','exists':true}]}",
        "{'eventName':[{'wildcard':'*'}]}",
        "{'eventName':[{'numeric':[]}]}",
        "{'eventName':[{'numeric':['=']}]}",
        "{'eventName':[{'numeric':['~',1]}]}",
        "{'eventName':[{'numeric':['=','1']}]}",
        "{'eventName':[{'numeric':['=',5000000001]}]}",
        "{'eventName':[{'anything-but':[]}]}",
        "{'eventName':[{'anything-but':{'suffix':'T'}}]}"
      })
  void theseAreRefused(String pattern) {
    assertThatThrownBy(() -> parse(pattern))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid filter pattern definition.");
  }

  @Test
  void aPatternHasFourKilobytesAtMost() {
    assertThatThrownBy(() -> parse("{'eventName':['" + "x".repeat(4_096) + "']}"))
        .hasMessage("Invalid filter pattern definition.");
  }

  private static FilterPattern parse(String pattern) {
    return FilterPattern.parse(pattern.replace('\'', '"'));
  }
}
