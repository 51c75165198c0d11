package io.streamer.shared.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.handler.RawJson;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

class SdkRequestsTest {
  private static final Item KEY = Item.of("jobId", "j1");

  @Test
  void aReadSaysHowConsistentItIs() {
    assertThat(SdkRequests.write(new StoreRequest.Get("t", KEY, true)).consistentRead()).isTrue();
    assertThat(SdkRequests.write(new StoreRequest.Get("t", KEY, false)).consistentRead()).isFalse();
  }

  @Test
  void aConditionalPutAsksForTheItemThatIsThere() {
    var put =
        SdkRequests.write(new StoreRequest.Put("t", KEY, List.of(new Condition.Absent("jobId"))));
    assertThat(put.conditionExpression()).isEqualTo("attribute_not_exists(#n0)");
    assertThat(put.expressionAttributeNames()).isEqualTo(Map.of("#n0", "jobId"));
    assertThat(put.hasExpressionAttributeValues()).isFalse();
    assertThat(put.returnValuesOnConditionCheckFailure())
        .isEqualTo(ReturnValuesOnConditionCheckFailure.ALL_OLD);
  }

  @Test
  void aPutWithoutConditionsHasNoExpressionAtAll() {
    var put = SdkRequests.write(new StoreRequest.Put("t", KEY, List.of()));
    assertThat(put.conditionExpression()).isNull();
    assertThat(put.hasExpressionAttributeNames()).isFalse();
  }

  @Test
  void whatMayNotFallMayBeAbsent() {
    var rising = List.<Condition>of(new Condition.AtMost("seq", Value.of(5)));
    var update =
        SdkRequests.write(
            new StoreRequest.Update("t", KEY, Map.of("seq", Value.of(5)), Set.of(), rising));
    assertThat(update.conditionExpression()).isEqualTo("(attribute_not_exists(#n0) OR #n0 <= :v1)");
  }

  @Test
  void anUpdateNamesEachAttributeOnceAndTakesNoWordLiterally() {
    var update =
        SdkRequests.write(
            new StoreRequest.Update(
                "t",
                KEY,
                Map.of("status", Value.of("RUNNING"), "epoch", Value.of(4)),
                Set.of("start"),
                List.of(
                    new Condition.OneOf("status", List.of(Value.of("QUEUED"))),
                    new Condition.Equal("epoch", Value.of(3)),
                    new Condition.Present("jobId"))));
    assertThat(update.updateExpression()).isEqualTo("SET #n0 = :v0, #n1 = :v1 REMOVE #n2");
    assertThat(update.conditionExpression())
        .isEqualTo("#n1 IN (:v2) AND #n0 = :v3 AND attribute_exists(#n3)");
    assertThat(update.expressionAttributeNames())
        .isEqualTo(Map.of("#n0", "epoch", "#n1", "status", "#n2", "start", "#n3", "jobId"));
    assertThat(update.expressionAttributeValues())
        .isEqualTo(
            Map.of(
                ":v0", AttributeValue.fromN("4"),
                ":v1", AttributeValue.fromS("RUNNING"),
                ":v2", AttributeValue.fromS("QUEUED"),
                ":v3", AttributeValue.fromN("3")));
    assertThat(update.returnValues()).isEqualTo(ReturnValue.ALL_NEW);
    assertThat(update.returnValuesOnConditionCheckFailure())
        .isEqualTo(ReturnValuesOnConditionCheckFailure.ALL_OLD);
  }

  @Test
  void anUpdateThatOnlyRemovesSetsNothing() {
    var update =
        SdkRequests.write(new StoreRequest.Update("t", KEY, Map.of(), Set.of("dueAt"), List.of()));
    assertThat(update.updateExpression()).isEqualTo("REMOVE #n0");
    assertThat(update.hasExpressionAttributeValues()).isFalse();
  }

  @Test
  void aQueryTurnsItsPageAfterTheLastKey() {
    var query =
        SdkRequests.write(
            new StoreRequest.Query("t", "byOwner", "owner", Value.of("a#b"), 20, Optional.of(KEY)));
    assertThat(query.keyConditionExpression()).isEqualTo("#n0 = :v0");
    assertThat(query.scanIndexForward()).isFalse();
    assertThat(query.limit()).isEqualTo(20);
    assertThat(query.exclusiveStartKey()).isEqualTo(SdkValues.write(KEY));
  }

  @Test
  void everyKindOfValueComesBackAsItWent() {
    var item =
        new Item(
            Map.of(
                "s", Value.of("grün"),
                "n", Value.of(45.25),
                "b", Value.of(RawJson.of("{ \"as\" : \"it came\" }")),
                "bool", new Value.Bool(true),
                "m", Value.of(Map.of("k", "v")),
                "l", new Value.L(List.of(Value.of("x"), Value.of(1)))));
    assertThat(SdkValues.read(SdkValues.write(item))).isEqualTo(item);
    assertThat(SdkValues.write(item).get("b").b())
        .isEqualTo(SdkBytes.fromUtf8String("{ \"as\" : \"it came\" }"));
  }

  @Test
  void numbersAreWrittenInPlainDigits() {
    assertThat(Value.of(100.0)).isEqualTo(new Value.N("100"));
    assertThat(Value.of(0.000001)).isEqualTo(new Value.N("0.000001"));
    assertThat(Value.of(33.5)).isEqualTo(new Value.N("33.5"));
  }
}
