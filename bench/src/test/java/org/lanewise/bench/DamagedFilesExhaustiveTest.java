package org.lanewise.bench;

/** So many that rare combinations of faults come up. */
class DamagedFilesExhaustiveTest extends DamagedFiles {
  DamagedFilesExhaustiveTest() {
    super(25_000);
  }
}
