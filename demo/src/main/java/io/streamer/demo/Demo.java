package io.streamer.demo;

import io.streamer.demo.bulk.BulkOperation;
import io.streamer.demo.data.ProcessData;
import io.streamer.demo.report.GenerateReport;
import io.streamer.handler.Config;
import io.streamer.handler.HandlerModule;
import io.streamer.handler.Handlers;
import java.time.Clock;

/** The demo actions, where the setting {@code STREAMER_DEMO} is {@code true}. */
public final class Demo implements HandlerModule {

  @Override
  public void register(Handlers handlers, Config config) {
    if (!config.flag("STREAMER_DEMO")) {
      return;
    }
    var clock = Clock.systemUTC();
    handlers.add(Echo.class, () -> new Echo(clock));
    handlers.add(HealthAction.class, () -> new HealthAction(clock));
    handlers.add(EchoAsync.class, () -> new EchoAsync(Thread::sleep, clock));
    handlers.add(Delay.class, () -> new Delay(Thread::sleep));
    handlers.add(GenerateReport.class, () -> new GenerateReport(clock));
    handlers.add(ProcessData.class, ProcessData::new);
    handlers.add(BulkOperation.class, BulkOperation::new);
  }
}
