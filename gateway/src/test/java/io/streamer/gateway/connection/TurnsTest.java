package io.streamer.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How much of what one connection asks for is done at a time. */
class TurnsTest {
  private final Turns turns = new Turns(2, 3);
  private final List<Promise<Void>> begun = new ArrayList<>();

  @Test
  void noMoreIsDoneAtATimeThanMayBe() {
    var asked = new ArrayList<Future<Void>>();
    for (int i = 0; i < 5; i++) {
      asked.add(ask());
    }
    assertThat(begun).hasSize(2);
    begun.getFirst().complete();
    assertThat(asked.getFirst().succeeded()).isTrue();
    assertThat(begun).hasSize(3);
    begun.get(1).fail("it went wrong");
    assertThat(asked.get(1).failed()).isTrue();
    assertThat(begun).hasSize(4);
    begun.get(2).complete();
    begun.get(3).complete();
    begun.get(4).complete();
    assertThat(asked).allMatch(Future::isComplete);
    ask();
    assertThat(begun).hasSize(6);
  }

  @Test
  void itIsFullWhileSoManyWait() {
    for (int i = 0; i < 5; i++) {
      assertThat(turns.isFull()).isFalse();
      ask();
    }
    assertThat(turns.isFull()).isTrue();
    begun.getFirst().complete();
    assertThat(turns.isFull()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {1_000, 100_000})
  void howeverManyAreOverAtOnceEachComesToItsEnd(int many) {
    var asked = new ArrayList<Future<Void>>();
    asked.add(ask());
    asked.add(ask());
    for (int i = 0; i < many; i++) {
      asked.add(turns.run(Future::succeededFuture));
    }
    assertThat(asked).noneMatch(Future::isComplete);
    begun.getFirst().complete();
    assertThat(asked.stream().filter(Future::isComplete)).hasSize(many + 1);
    begun.get(1).complete();
    assertThat(ask().isComplete()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 1_000})
  void whatHasNotBegunWhenItEndsDoesNotBegin(int waiting) {
    var asked = new ArrayList<Future<Void>>();
    for (int i = 0; i < 2 + waiting; i++) {
      asked.add(ask());
    }
    turns.end();
    assertThat(asked.subList(2, asked.size())).allMatch(Future::isComplete);
    assertThat(asked.subList(0, 2)).noneMatch(Future::isComplete);
    begun.getFirst().complete();
    begun.get(1).fail("it went wrong");
    assertThat(asked).allMatch(Future::isComplete);
    assertThat(ask().isComplete()).isTrue();
    assertThat(begun).hasSize(2);
  }

  @Test
  void workThatThrowsGivesItsTurnBack() {
    for (int i = 0; i < 3; i++) {
      var failed =
          turns.run(() -> {
            throw new IllegalStateException("no");
          });
      assertThat(failed.failed()).isTrue();
    }
    ask();
    assertThat(begun).hasSize(1);
  }

  private Future<Void> ask() {
    return turns.run(() -> {
      var promise = Promise.<Void>promise();
      begun.add(promise);
      return promise.future();
    });
  }

  @Test
  void whoFailsAtTheEndTakesNobodyElseWithIt() {
    ask();
    ask();
    var first = ask();
    var second = ask();
    first.onSuccess(_ -> {
      throw new AssertionError("as if");
    });
    assertThatThrownBy(turns::end).hasMessage("as if");
    assertThat(List.of(first, second)).allMatch(Future::isComplete);
    assertThat(turns.isFull()).isFalse();
  }
}
