package org.lanewise.samples.mnist;

/** A few hundred damaged files for each reader. */
class DamagedFilesTest extends DamagedFiles {
  DamagedFilesTest() {
    super(300);
  }
}
