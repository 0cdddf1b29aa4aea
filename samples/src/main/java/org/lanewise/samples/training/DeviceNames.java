package org.lanewise.samples.training;

import java.util.ArrayList;
import org.lanewise.kernels.backend.Backends;

/** The devices that the help lists: those that are there. */
public final class DeviceNames extends ArrayList<String> {
  private static final long serialVersionUID = 1;

  /** The names of all backends. */
  public DeviceNames() {
    super(Backends.names());
  }
}
