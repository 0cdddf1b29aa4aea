package org.lanewise.kernels.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lanewise.kernels.op.TensorType.f32;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.lanewise.kernels.backend.cpu.CpuBackend;
import org.lanewise.kernels.op.ElementwiseOp;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.kernels.op.Write;

class TimelineTest {
  private static final Origin ORIGIN = new Origin("fc1", "backward");

  private static Step bind(Backend backend, TensorType type) {
    Operand operand = new Operand(backend.allocate(type.byteSize()), 0, type);
    return backend.bind(
        ORIGIN,
        new ElementwiseOp.Scale(0.5f),
        List.of(operand),
        List.of(operand),
        Write.overwriteAll(1));
  }

  @Test
  void notesStepsOnlyWhileItIsTold() {
    try (Timeline timeline = new Timeline(new CpuBackend(1))) {
      Step step = bind(timeline, f32(10));
      step.run();
      assertThat(timeline.runs()).isEmpty();
      timeline.start();
      step.run();
      step.run();
      timeline.stop();
      step.run();
      assertThat(timeline.runs()).hasSize(2);
      Timeline.Run run = timeline.runs().getFirst();
      assertThat(run.label().origin()).isEqualTo(ORIGIN);
      assertThat(run.label().inputs()).isEqualTo("f32[10]");
      assertThat(run.label().outputs()).isEqualTo("f32[10]");
      assertThat(run.label().op()).startsWith("Scale");
      assertThat(run.thread()).isEqualTo(Thread.currentThread().getName());
      assertThat(run.onDevice()).isEqualTo(-1);
      assertThat(run.end()).isGreaterThanOrEqualTo(run.start());
      assertThat(timeline.runs().getLast().start()).isGreaterThanOrEqualTo(run.end());
      timeline.start();
      assertThat(timeline.runs()).isEmpty();
    }
  }

  @Test
  void notesWhatEachThreadDid() {
    try (Timeline timeline = new Timeline(new CpuBackend(3))) {
      Step step = bind(timeline, f32(1 << 22));
      timeline.start();
      step.run();
      timeline.stop();
      Timeline.Run run = timeline.runs().getFirst();
      assertThat(timeline.parts())
          .isNotEmpty()
          .allMatch(part -> part.start() >= run.start() && part.end() <= run.end())
          .allMatch(part -> part.thread() >= 0 && part.thread() < 3);
      assertThat(timeline.parts().stream().mapToInt(Timeline.Part::count).sum()).isEqualTo(12);
      step.run();
      assertThat(timeline.parts().stream().mapToInt(Timeline.Part::count).sum()).isEqualTo(12);
    }
  }

  @Test
  void isWatchedAndProfiledAtOnce() {
    Timeline timeline = new Timeline(new SlowAtFirst(0, 1));
    FiniteCheck check = new FiniteCheck(timeline);
    Profile profile = new Profile(check, () -> new Speed(1e12, 200e9, 1e-6, true));
    Step step = bind(profile, f32(1000));
    timeline.start();
    step.run();
    assertThat(timeline.runs()).hasSize(1);
    assertThat(profile.table()).containsPattern(" 49 %  Scale");
  }
}
