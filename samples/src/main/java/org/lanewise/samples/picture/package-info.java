/**
 * Reads pictures from files that anybody may have made. What a file's headers claim is held to
 * limits before the decoder, which believes them, takes memory and time.
 */
package org.lanewise.samples.picture;
