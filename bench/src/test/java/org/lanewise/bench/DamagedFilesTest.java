package org.lanewise.bench;

/** A few hundred damaged files for each reader. */
class DamagedFilesTest extends DamagedFiles {
  DamagedFilesTest() {
    super(300);
  }
}
