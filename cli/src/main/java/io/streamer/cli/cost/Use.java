package io.streamer.cli.cost;

/**
 * So much of what has a price.
 *
 * @param what for people, such as "messages"
 * @param price the price's name
 */
record Use(String what, double quantity, String price) {
  Use times(double factor) {
    return new Use(what, quantity * factor, price);
  }
}
