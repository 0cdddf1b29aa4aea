"use strict";

const UPDATE_MILLIS = 1000;
let shown = "";

function facts({ running, finished, epochs, points }) {
  const last = finished.at(-1);
  const found = [
    { name: "epoch", value: `${Math.min(running.epoch, epochs)} of ${epochs}` },
    { name: "training loss", value: points.length ? points.at(-1).loss.toFixed(4) : "–" },
  ];
  if (last) {
    found.push({ name: "samples a second", value: count(last.samplesPerSecond) });
    if (last.validation) {
      found.push({ name: "test loss", value: last.validation.loss.toFixed(4) });
      for (const [name, value] of Object.entries(last.validation.metrics)) {
        found.push({ name: `test ${name}`, value: name === "accuracy" ? percent(value) : value.toFixed(4) });
      }
    }
  }
  return found;
}

function sections({ finished, points }) {
  const made = [];
  if (points.length > 1) {
    made.push({
      title: "Training loss",
      note: "mean of the running epoch so far",
      xLabel: "step",
      x: points.map((point) => point.step),
      series: [{ label: "training", values: points.map((point) => point.loss) }],
      format: "NUMBER",
    });
  }
  const validated = finished.filter((epoch) => epoch.validation);
  if (validated.some((epoch) => "accuracy" in epoch.validation.metrics)) {
    made.push({
      title: "Test accuracy",
      note: "after each epoch",
      xLabel: "epoch",
      x: validated.map((epoch) => epoch.epoch),
      series: [{ label: "test accuracy", values: validated.map((epoch) => epoch.validation.metrics.accuracy) }],
      format: "PERCENT",
      top: 1,
    });
  } else if (validated.length) {
    made.push({
      title: "Test loss",
      note: "after each epoch",
      xLabel: "epoch",
      x: validated.map((epoch) => epoch.epoch),
      series: [{ label: "test loss", values: validated.map((epoch) => epoch.validation.loss) }],
      format: "NUMBER",
    });
  }
  return made;
}

function show(metrics) {
  const { running } = metrics;
  document.title = byId("title").textContent = `Training ${metrics.title}${metrics.part ? ", " + metrics.part : ""}`;
  const done = running.samples ? running.samplesDone / running.samples : 0;
  byId("progress").value = done;
  byId("status").textContent =
    running.epoch > metrics.epochs ? "all epochs are done" : `epoch ${running.epoch} of ${metrics.epochs}, ${percent(done, 0)} done`;
  showHeadline(facts(metrics));
  const isOpen = [...document.querySelectorAll("#charts details")].map((details) => details.open);
  const charts = sections(metrics).map(curves);
  byId("charts").replaceChildren(element("section", charts.map((chart) => chart.figure), { class: "pair" }));
  charts.forEach((chart, i) => {
    chart.figure.querySelector("details").open = isOpen[i] ?? false;
    chart.draw();
  });
}

async function update() {
  let text;
  try {
    text = await (await fetch("metrics.json")).text();
  } catch {
    byId("status").textContent = "The training has ended, or was stopped.";
    return;
  }
  if (text !== shown) {
    shown = text;
    show(JSON.parse(text));
  }
  setTimeout(update, UPDATE_MILLIS);
}

update();
