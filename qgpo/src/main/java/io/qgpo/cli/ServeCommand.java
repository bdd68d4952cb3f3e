package io.qgpo.cli;

import io.qgpo.algorithm.ConfigTable;
import io.qgpo.run.TrainedPolicy;
import io.qgpo.serve.PolicyServer;
import io.qgpo.tensor.Backend;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Serves a policy over HTTP. */
@Command(
    name = "serve",
    description = {
      "Draws actions for whoever asks over HTTP, until it is stopped: POST /act, GET /health, GET"
          + " /metrics. Requests that come together are computed together.",
      "A body may hold 'states' instead, a list of states; 'guidance', a scale from 0, the"
          + " behaviour, on: 1, the default, alone is the exact policy; and 'seed', for the same"
          + " action each time."
    },
    mixinStandardHelpOptions = true,
    footerHeading = Examples.HEADING,
    footer = {
      "  qgpo serve --run runs/hopper --port 8000",
      "  curl -d '{\"state\": [0.1, 0.2, 0, 0]}' http://127.0.0.1:8000/act"
    })
final class ServeCommand implements Callable<Integer> {
  private static final int MOST_WAITING = 1 << 20;

  @Option(
      names = "--run",
      paramLabel = "DIR",
      required = true,
      description = "Folder of a trained run.")
  private Path run;

  @Option(
      names = "--host",
      paramLabel = "NAME",
      description =
          "Address to listen at; default: ${DEFAULT-VALUE}, which only this machine reaches. There"
              + " is no password and no encryption: others belong behind a proxy that has them.")
  private String host = "127.0.0.1";

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "Port; default: ${DEFAULT-VALUE}; 0 for any that is free.")
  private int port = 8000;

  @Option(
      names = "--waiting",
      paramLabel = "N",
      description =
          "States that may wait; default: ${DEFAULT-VALUE}. Requests beyond are turned away with"
              + " status 503.")
  private int waiting = 1024;

  @Mixin private CheckpointOption checkpointOption;

  @Option(names = "--seed", paramLabel = "N", description = "Of the policy's noise; default: 0.")
  private String seed = "0";

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    if (port < 0 || port > 65535) {
      throw new UsageException("--port: expected a whole number from 0 to 65535, found " + port);
    }
    if (host.isBlank()) {
      throw new UsageException("--host: expected the address of this machine, found none");
    }
    if (waiting < 1 || waiting > MOST_WAITING) {
      throw new UsageException(
          "--waiting: expected a whole number from 1 to %d, found %d"
              .formatted(MOST_WAITING, waiting));
    }
    String checkpoint = checkpointOption.which();
    long noise = (Long) ConfigTable.key("seed").accept(seed);
    PrintWriter log = spec.commandLine().getErr();
    Backend backend = QgpoCommand.globalOptions(spec.commandLine()).choose(log).backend();
    TrainedPolicy policy = TrainedPolicy.load(run, checkpoint, backend, log::println);
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, fault) -> endWithoutMemory(fault, spec.commandLine()));
    PolicyServer server = serve(policy, noise);
    var ended = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  server.close();
                  ended.countDown();
                },
                "end of server"));
    PrintWriter out = spec.commandLine().getOut();
    InetSocketAddress address = server.address();
    out.printf("Serving %s at http://%s:%d%n", run, host(address), address.getPort());
    if (!address.getAddress().isLoopbackAddress()) {
      log.println("Anyone who reaches this address may ask: there is no password.");
      log.flush();
    }
    out.flush();
    ended.await();
    return Main.OK;
  }

  /** As it stands in a URL. */
  private static String host(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return address.getAddress() instanceof Inet6Address ? "[" + host + "]" : host;
  }

  /**
   * A server some of whose threads ended so is none any more: whoever watches it starts another.
   */
  private static void endWithoutMemory(Throwable fault, CommandLine commandLine) {
    if (fault instanceof OutOfMemoryError) {
      Runtime.getRuntime().halt(ErrorMessages.report(fault, commandLine));
    }
    fault.printStackTrace();
  }

  private PolicyServer serve(TrainedPolicy policy, long noise) {
    try {
      var address = new InetSocketAddress(InetAddress.getByName(host), port);
      return new PolicyServer(policy, address, waiting, noise);
    } catch (UnknownHostException e) {
      throw new UsageException("--host: expected the address of this machine, found " + host, e);
    } catch (IOException e) {
      throw new UsageException(
          "--host, --port: cannot listen at %s:%d (%s); choose another port, or 0 for any that is free"
              .formatted(host, port, e.getMessage()),
          e);
    }
  }
}
