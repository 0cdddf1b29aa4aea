package org.lanewise.ffi.opencl.backend;

import java.util.function.IntConsumer;

/**
 * A step that runs several times.
 *
 * @param prepare sets the {@link Variable}s before each time, which it is given the number of
 */
record Loop(int times, IntConsumer prepare, DeviceStep body) implements DeviceStep {
  @Override
  public void run() {
    for (int i = 0; i < times; i++) {
      prepare.accept(i);
      body.run();
    }
  }

  @Override
  public long time() {
    long nanos = 0;
    for (int i = 0; i < times; i++) {
      prepare.accept(i);
      nanos += body.time();
    }
    return nanos;
  }
}
