package org.lanewise.kernels.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lanewise.kernels.Gemm;

/** Workspaces belong to calls. */
class WorkspaceTest {
  private static final PerWorkspace<Object> INSTANCES = PerWorkspace.of(Object::new);

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void idleThreadsHaveNoMemory(boolean virtual) throws Exception {
    int threads = 300;
    long each = 64 * 1024; // less than a block of an operand takes
    try (Arena arena = Arena.ofShared()) {
      MemorySegment a = arena.allocate(16 * 16 * Float.BYTES);
      product(a, arena);
      long before = allocated();
      CountDownLatch computed = new CountDownLatch(threads);
      CountDownLatch end = new CountDownLatch(1);
      AtomicReference<Throwable> failure = new AtomicReference<>();
      List<Thread> all = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        Runnable task =
            () -> {
              try {
                product(a, arena);
                computed.countDown();
                end.await();
              } catch (Throwable thrown) {
                failure.set(thrown);
                computed.countDown();
              }
            };
        all.add(
            virtual
                ? Thread.ofVirtual().unstarted(task)
                : Thread.ofPlatform().daemon().unstarted(task));
      }
      all.forEach(Thread::start);
      computed.await();
      long grown = allocated() - before;
      end.countDown();
      for (Thread thread : all) {
        thread.join();
      }
      assertThat(failure.get()).isNull();
      assertThat(grown).isLessThan(threads * each);
    }
  }

  /** Packs B, as it is transposed. */
  private static void product(MemorySegment a, Arena arena) {
    Gemm.of(16, 16, 16).transposeB().sgemm(a, a, arena.allocate(a.byteSize()));
  }

  /** Bytes that Java has outside the heap. */
  private static long allocated() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .findFirst()
        .orElseThrow()
        .getMemoryUsed();
  }

  @Test
  void callsOneAfterTheOtherHaveTheSame() throws Exception {
    Object first = call();
    assertThat(call()).isSameAs(first);
  }

  @Test
  void callsWithinACallHaveTheSame() {
    try (Workspace outer = Workspace.enter()) {
      Object instance = INSTANCES.get();
      try (Workspace inner = Workspace.enter()) {
        assertThat(inner).isSameAs(outer);
        assertThat(INSTANCES.get()).isSameAs(instance);
      }
      assertThat(INSTANCES.get()).isSameAs(instance);
    }
  }

  @Test
  void thereIsNoneOutsideACall() {
    call();
    assertThatThrownBy(INSTANCES::get).isInstanceOf(IllegalStateException.class);
  }

  private static Object call() {
    try (Workspace _ = Workspace.enter()) {
      return INSTANCES.get();
    }
  }

  /** As many as are kept, and more. */
  @Test
  void callsAtTheSameTimeHaveDifferentOnes() throws Exception {
    int calls = 3 * Workspace.KEPT;
    Set<Object> first = concurrentCalls(calls);
    assertThat(first).hasSize(calls);
    Set<Object> second = concurrentCalls(calls);
    assertThat(second).hasSize(calls);
    second.retainAll(first);
    assertThat(second).as("kept").hasSizeLessThanOrEqualTo(Workspace.KEPT).isNotEmpty();
  }

  private static Set<Object> concurrentCalls(int calls) throws Exception {
    Set<Object> instances = ConcurrentHashMap.newKeySet();
    CyclicBarrier barrier = new CyclicBarrier(calls);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                try (Workspace _ = Workspace.enter()) {
                  instances.add(INSTANCES.get());
                  barrier.await();
                } catch (Exception broken) {
                  throw new AssertionError(broken);
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return instances;
  }

  @Test
  void aLargeOneIsFreed() {
    MemorySegment large;
    MemorySegment small;
    try (Workspace workspace = Workspace.enter()) {
      small = workspace.allocate(1024, 64);
    }
    assertThat(small.scope().isAlive()).isTrue();
    try (Workspace workspace = Workspace.enter()) {
      large = workspace.allocate(Workspace.KEPT_BYTES + 1, 64);
    }
    assertThat(large.scope().isAlive()).isFalse();
    call();
  }

  @Test
  void thatOfAThreadIsFreedWithIt() {
    MemorySegment memory;
    try (Workspace workspace = Workspace.ofThread()) {
      memory = workspace.allocate(1024, 64);
      try (Workspace inner = Workspace.enter()) {
        assertThat(inner).isSameAs(workspace);
      }
      assertThat(memory.scope().isAlive()).isTrue();
    }
    assertThat(memory.scope().isAlive()).isFalse();
    call();
  }
}
