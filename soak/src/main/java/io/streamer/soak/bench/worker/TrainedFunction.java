package io.streamer.soak.bench.worker;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.streamer.worker.JobFunction;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The job function, with the handlers that are beside this class. */
public final class TrainedFunction implements RequestStreamHandler {
  private final JobFunction function = new JobFunction(TrainedFunction.class.getClassLoader());

  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    function.handleRequest(input, output, context);
  }
}
