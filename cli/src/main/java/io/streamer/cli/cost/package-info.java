/** What a month of a workload costs on AWS. */
@NullMarked
package io.streamer.cli.cost;

import org.jspecify.annotations.NullMarked;
