/** What the tests of all modules share; needs nothing but the JDK. */
@NullMarked
package io.streamer.testtools;

import org.jspecify.annotations.NullMarked;
