package io.streamer.gateway.http;

import io.streamer.shared.settings.SettingsException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The networks of load balancers whose {@code X-Forwarded-For} is believed. Whoever else sends that
 * header could give any address for its own.
 */
public record TrustedProxies(List<Network> networks) {
  private static final String RULE =
      "is a comma list of networks such as 10.0.0.0/16 or 2001:db8::/32, not \"";

  /** As load balancers write it: an address, or one with a port. */
  private static final Pattern HOP =
      Pattern.compile("\\[([^\\]]+)](?::\\d{1,5})?|([0-9.]+)(?::\\d{1,5})?|([0-9A-Fa-f:.]+)");

  /**
   * All addresses that begin as one does.
   *
   * @param bits how many of the first ones count
   */
  public record Network(InetAddress address, int bits) {
    private boolean contains(InetAddress other) {
      var own = address.getAddress();
      var theirs = other.getAddress();
      if (own.length != theirs.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> bit % 8;
        if ((own[bit / 8] & mask) != (theirs[bit / 8] & mask)) {
          return false;
        }
      }
      return true;
    }
  }

  public TrustedProxies {
    networks = List.copyOf(networks);
  }

  /**
   * Reads them.
   *
   * @param setting names the setting in what is thrown
   * @throws SettingsException if a text is no network
   */
  public static TrustedProxies of(String setting, List<String> texts) {
    var networks = new ArrayList<Network>();
    for (var text : texts) {
      networks.add(
          network(text)
              .orElseThrow(() ->
                  new SettingsException("the setting " + setting + " " + RULE + text + "\"")));
    }
    return new TrustedProxies(networks);
  }

  private static Optional<Network> network(String text) {
    int slash = text.indexOf('/');
    var address = address(slash < 0 ? text : text.substring(0, slash));
    if (address.isEmpty()) {
      return Optional.empty();
    }
    int most = address.get().getAddress().length * 8;
    if (slash < 0) {
      return Optional.of(new Network(address.get(), most));
    }
    var bits = text.substring(slash + 1);
    if (!bits.matches("\\d{1,3}") || Integer.parseInt(bits) > most) {
      return Optional.empty();
    }
    return Optional.of(new Network(address.get(), Integer.parseInt(bits)));
  }

  /**
   * The client's address: of the hops up to us the last one that is no proxy of ours.
   *
   * @param peer who is connected
   * @param forwarded every value of the header, in the order in which they came
   */
  public String client(String peer, List<String> forwarded) {
    var client = peer;
    var hops = String.join(",", forwarded).split(",", -1);
    for (int at = hops.length - 1; at >= 0 && isTrusted(client); at--) {
      var hop = hop(hops[at].strip());
      if (hop.isEmpty()) {
        break;
      }
      client = hop.get().getHostAddress();
    }
    return client;
  }

  private boolean isTrusted(String address) {
    return address(address)
        .filter(it -> networks.stream().anyMatch(network -> network.contains(it)))
        .isPresent();
  }

  private static Optional<InetAddress> hop(String text) {
    Matcher match = HOP.matcher(text);
    if (!match.matches()) {
      return Optional.empty();
    }
    for (int group = 1; group <= match.groupCount(); group++) {
      if (match.group(group) != null) {
        return address(match.group(group));
      }
    }
    return Optional.empty();
  }

  /** Of a literal alone: no name is looked up. */
  private static Optional<InetAddress> address(String text) {
    try {
      return Optional.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
