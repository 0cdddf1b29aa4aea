package org.lanewise.kernels.simd;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.lanewise.kernels.workspace.Workspace;

/** Runs each test in a workspace, for those that call kernels without a task around them. */
final class EnterWorkspace implements BeforeEachCallback, AfterEachCallback {
  @Override
  public void beforeEach(ExtensionContext context) {
    Workspace.enter();
  }

  @Override
  public void afterEach(ExtensionContext context) {
    Workspace.current().close();
  }
}
