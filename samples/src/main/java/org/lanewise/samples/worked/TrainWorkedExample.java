package org.lanewise.samples.worked;

import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import org.lanewise.cli.HelpOption;
import org.lanewise.nn.train.Optimizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code train worked-example}: a training step small enough to follow by hand. */
@Command(
    name = "worked-example",
    description = "Walks a network of 12 parameters through one training step, with the formulas.")
public final class TrainWorkedExample implements Runnable {
  private static final Optimizer ADAM = Optimizer.adam(0.01);
  private static final Optimizer ADAM_WITHOUT_BIAS_CORRECTION =
      Optimizer.adam(0.01).withoutBiasCorrection();

  private static final String W1 = "hidden.linear.weight";
  private static final String B1 = "hidden.linear.bias";
  private static final String W2 = "output.weight";
  private static final String B2 = "output.bias";

  @Mixin private HelpOption help;

  @Spec private CommandSpec command;

  @Override
  public void run() {
    WorkedStep step = WorkedStep.with(ADAM);
    title("Network 2-2-2, ReLU on both layers; two samples, one to a row");
    line("x", "inputs", matrix(WorkedStep.INPUTS));
    line("t", "targets", matrix(WorkedStep.TARGETS));
    parameters(step.before());

    title("Forward");
    line("h", "relu(x·W1ᵀ + b1)", matrix(step.hidden()));
    line("y", "relu(h·W2ᵀ + b2)", matrix(step.output()));

    title("Loss");
    line("L", "mean of (y − t)² over 4 values", number(step.loss()));

    title("Gradients, from the loss back");
    line("dW2", "(dy ⊙ [y > 0])ᵀ·h, dy = 2(y − t)/4", matrix(step.gradients().get(W2)));
    line("db2", "column sums of dy ⊙ [y > 0]", vector(step.gradients().get(B2)));
    line("dW1", "(dh ⊙ [h > 0])ᵀ·x, dh = (dy ⊙ [y > 0])·W2", matrix(step.gradients().get(W1)));
    line("db1", "column sums of dh ⊙ [h > 0]", vector(step.gradients().get(B1)));

    title("One step of Adam: lr 0.01, β₁ 0.9, β₂ 0.999, ε 1e-8, m = v = 0 before");
    say("m = β₁·m + (1 − β₁)·g     m̂ = m/(1 − β₁)");
    say("v = β₂·v + (1 − β₂)·g²    v̂ = v/(1 − β₂)");
    say("w = w − lr·m̂/(√v̂ + ε)     here g/|g|: each weight moves by lr");
    parameters(step.after());

    title("The same step as Adam is often written, without bias correction");
    say("w = w − lr·m/(√v + ε)");
    parameters(WorkedStep.with(ADAM_WITHOUT_BIAS_CORRECTION).after());
    say("Why they differ: m and v start at 0, so m = 0.1·g and √v = √0.001·|g|; uncorrected, the");
    say("first step is 0.1/√0.001 = √10 times lr, whatever the gradient, and corrected it is lr.");
  }

  private void parameters(Map<String, float[]> parameters) {
    line("W1", "", matrix(parameters.get(W1)));
    line("b1", "", vector(parameters.get(B1)));
    line("W2", "", matrix(parameters.get(W2)));
    line("b2", "", vector(parameters.get(B2)));
  }

  private void title(String text) {
    out().printf("%n%s%n", text);
  }

  private void line(String name, String formula, String value) {
    say("%-3s = %s".formatted(name, formula.isEmpty() ? value : formula + " = " + value));
  }

  private void say(String text) {
    out().println("  " + text);
  }

  private PrintWriter out() {
    return command.commandLine().getOut();
  }

  private static String matrix(float[] values) {
    return "[[%s, %s], [%s, %s]]"
        .formatted(number(values[0]), number(values[1]), number(values[2]), number(values[3]));
  }

  private static String vector(float[] values) {
    return "[%s, %s]".formatted(number(values[0]), number(values[1]));
  }

  private static String number(double value) {
    return BigDecimal.valueOf(value)
        .setScale(6, RoundingMode.HALF_UP)
        .stripTrailingZeros()
        .toPlainString();
  }
}
