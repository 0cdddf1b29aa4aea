"use strict";

const report = JSON.parse(document.getElementById("data").textContent);

const percent = (share, digits = 2) => (100 * share).toFixed(digits) + " %";
const count = (number) => Math.round(number).toLocaleString("en-US");
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

function element(name, content, className) {
  const made = document.createElement(name);
  made.append(...[content ?? []].flat());
  if (className) made.className = className;
  return made;
}

const byId = (id) => document.getElementById(id);
const row = (...cells) => element("tr", cells);

function showHeadline() {
  const { epochs, confusion } = report;
  const last = epochs.at(-1);
  const all = sum(confusion.flat());
  const right = sum(confusion.map((counts, label) => counts[label]));
  const facts = {
    "test accuracy": percent(last.validation.metrics.accuracy),
    [`wrong of ${count(all)}`]: count(all - right),
    "test loss": last.validation.loss.toFixed(4),
    "training time": sum(epochs.map((epoch) => epoch.seconds)).toFixed(1) + " s",
    "samples a second": count(last.samplesPerSecond),
  };
  document.title = byId("title").textContent = `${report.title}: training report`;
  for (const [name, value] of Object.entries(facts)) {
    byId("headline").append(element("div", [element("dt", name), element("dd", value)]));
  }
}

function plot(id, series, top, format) {
  const epochs = report.epochs.map((epoch) => epoch.epoch);
  const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const target = byId(id);
  const font = "14px system-ui, sans-serif";
  const axis = {
    font,
    labelFont: font,
    stroke: () => color("--quiet"),
    grid: { stroke: () => color("--line"), width: 1 },
    ticks: { stroke: () => color("--line"), width: 1 },
  };
  const size = () => ({ width: target.clientWidth, height: 280 });
  const chart = new uPlot(
    {
      ...size(),
      scales: {
        x: { time: false, range: [epochs.at(0) - 0.2, epochs.at(-1) + 0.2] },
        y: {
          range: (_, low, high) => {
            const margin = 0.1 * (high - low) || 0.01;
            return [Math.max(0, low - margin), Math.min(top, high + margin)];
          },
        },
      },
      axes: [
        { ...axis, label: "epoch", labelSize: 26, size: 36, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] },
        { ...axis, size: 66, values: (_, ticks) => ticks.map(format) },
      ],
      hooks: { ready: [(ready) => ready.setLegend({ idx: epochs.length - 1 })] },
      legend: { markers: { width: 0, fill: (_, index) => color(series[index - 1].color) } },
      series: [
        { label: "epoch" },
        ...series.map((line) => ({
          label: line.label,
          stroke: () => color(line.color),
          width: 2.5,
          points: { show: true, size: 8, fill: () => color(line.color) },
          value: (_, value) => (value == null ? "–" : line.format(value)),
        })),
      ],
    },
    [epochs, ...series.map((line) => report.epochs.map(line.value))],
    target,
  );
  addEventListener("resize", () => chart.setSize(size()));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => chart.redraw());
}

function showCurves() {
  const loss = (value) => value.toFixed(4);
  plot(
    "loss",
    [
      { label: "training", color: "--first", value: (epoch) => epoch.trainLoss, format: loss },
      { label: "test", color: "--second", value: (epoch) => epoch.validation.loss, format: loss },
    ],
    Infinity,
    (tick) => String(+tick.toFixed(6)),
  );
  plot(
    "accuracy",
    [{ label: "test accuracy", color: "--first", value: (epoch) => epoch.validation.metrics.accuracy, format: percent }],
    1,
    (tick) => +(100 * tick).toFixed(4) + " %",
  );
}

function showConfusion() {
  const { classes, confusion } = report;
  const worst = Math.max(1, ...confusion.flatMap((counts, label) => counts.filter((_, i) => i !== label)));
  const cell = (value, label, prediction, total) => {
    const right = label === prediction;
    const made = element("td", count(value), value ? "" : "none");
    const strength = right ? 0.55 * (value / Math.max(1, total)) : 0.75 * Math.sqrt(value / worst);
    made.style.background = `rgba(var(${right ? "--right" : "--wrong"}), ${strength.toFixed(3)})`;
    made.title = `${count(value)} of class ${classes[label]} taken for ${classes[prediction]}`;
    return made;
  };
  const heading = (text) => element("th", text);
  byId("confusion").append(row(heading(""), ...classes.map(heading), heading("right")));
  confusion.forEach((counts, label) => {
    const total = sum(counts);
    byId("confusion").append(
      row(
        heading(classes[label]),
        ...counts.map((value, prediction) => cell(value, label, prediction, total)),
        heading(total ? percent(counts[label] / total, 1) : "–"),
      ),
    );
  });
}

function showMistakes() {
  byId("mistakesNote").textContent = report.mistakes.length
    ? "The wrongly classified test samples of the highest loss, with the probability that the model gave to its reading."
    : "None: every test sample was classified rightly.";
  for (const mistake of report.mistakes) {
    const picture = element("img");
    picture.src = mistake.picture;
    picture.alt = `a ${mistake.label}`;
    byId("mistakes").append(
      element("li", [
        picture,
        element("div", [
          element("b", `${mistake.label} read as ${mistake.prediction}`),
          element("br"),
          element("small", `${percent(mistake.probability, 1)} sure`),
        ]),
      ]),
    );
  }
}

function showEpochs() {
  const names = ["epoch", "training loss", "test loss", "test accuracy", "samples a second", "seconds"];
  byId("epochs").append(row(...names.map((name) => element("th", name))));
  for (const epoch of report.epochs) {
    const cells = [
      epoch.epoch,
      epoch.trainLoss.toFixed(4),
      epoch.validation.loss.toFixed(4),
      percent(epoch.validation.metrics.accuracy),
      count(epoch.samplesPerSecond),
      epoch.seconds.toFixed(2),
    ];
    byId("epochs").append(row(...cells.map((text) => element("td", String(text)))));
  }
}

function showProperties(id, properties) {
  for (const [name, value] of Object.entries(properties)) {
    byId(id).append(row(element("th", name), element("td", value)));
  }
}

showHeadline();
showCurves();
showConfusion();
showMistakes();
showEpochs();
showProperties("configuration", report.configuration);
showProperties("machine", report.machine);
byId("summary").textContent = report.summary;
