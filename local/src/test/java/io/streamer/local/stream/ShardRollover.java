package io.streamer.local.stream;

import io.streamer.local.DynamoDbLocal;
import java.util.Map;

/**
 * Lets DynamoDB Local close its shards and open new ones, as it does by itself every four hours.
 */
final class ShardRollover {
  private ShardRollover() {}

  static void trigger(DynamoDbLocal dynamo) throws ReflectiveOperationException {
    var requests = field(field(field(dynamo, "server"), "serverHandler"), "primaryHandler");
    for (var database : ((Map<?, ?>) field(requests, "dbRequestHandlers")).values()) {
      var method = database.getClass().getMethod("triggerShardRollovers");
      method.setAccessible(true);
      method.invoke(database);
    }
  }

  private static Object field(Object owner, String name) throws ReflectiveOperationException {
    for (Class<?> type = owner.getClass(); type != null; type = type.getSuperclass()) {
      for (var field : type.getDeclaredFields()) {
        if (field.getName().equals(name)) {
          field.setAccessible(true);
          return field.get(owner);
        }
      }
    }
    throw new NoSuchFieldException(owner.getClass() + "." + name);
  }
}
