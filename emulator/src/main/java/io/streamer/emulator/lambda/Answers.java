package io.streamer.emulator.lambda;

import io.streamer.emulator.aws.LocalAws;
import io.vertx.core.Context;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;

/** What Lambda answers to Invoke: a function's result, or its own refusal. */
final class Answers {
  private Answers() {}

  static void answer(Context context, HttpServerResponse response, FunctionResult result) {
    context.runOnContext(_ -> answer(response, result));
  }

  static void answer(HttpServerResponse response, FunctionResult result) {
    if (response.closed()) {
      return;
    }
    response.putHeader("X-Amz-Executed-Version", LambdaContext.VERSION);
    response.putHeader("Content-Type", "application/json");
    var body =
        switch (result) {
          case FunctionResult.Returned(var payload) -> payload;
          case FunctionResult.Failed(var problem) -> {
            response.putHeader("X-Amz-Function-Error", "Unhandled");
            yield problem;
          }
        };
    response.end(body);
  }

  static void notFound(HttpServerResponse response, String name) {
    refuse(
        response,
        404,
        "ResourceNotFoundException",
        "Function not found: " + LocalAws.functionArn(name));
  }

  static void throttle(HttpServerResponse response, Function function) {
    response.putHeader("Retry-After", "1");
    // this one is written in lower case
    refuse(
        response,
        429,
        "TooManyRequestsException",
        JsonObject.of(
            "Reason",
            function.settings().concurrency() < FunctionSettings.ACCOUNT
                ? "ReservedFunctionConcurrentInvocationLimitExceeded"
                : "ConcurrentInvocationLimitExceeded",
            "Type",
            "User",
            "message",
            "Rate Exceeded."));
  }

  static void refuse(HttpServerResponse response, int status, String type, String message) {
    var fault = status < 500 ? "User" : "Service";
    refuse(response, status, type, JsonObject.of("Type", fault, "Message", message));
  }

  static void refuse(HttpServerResponse response, int status, String type, JsonObject body) {
    response
        .setStatusCode(status)
        .putHeader("x-amzn-ErrorType", type)
        .putHeader("Content-Type", "application/json")
        .end(body.toBuffer());
  }
}
