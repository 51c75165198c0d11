/** The client over OkHttp, for Android and for whoever has OkHttp already. */
@NullMarked
package io.streamer.client.okhttp;

import org.jspecify.annotations.NullMarked;
