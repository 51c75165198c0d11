package io.streamer.demo.bulk;

/** What is done to every item. */
enum OperationType {
  CREATE,
  UPDATE,
  DELETE
}
