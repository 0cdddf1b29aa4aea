"use strict";

const percent = (share, digits = 2) => (100 * share).toFixed(digits) + " %";
const count = (number) => Math.round(number).toLocaleString("en-US");
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
const byId = (id) => document.getElementById(id);

const FORMATS = {
  NUMBER: { value: (value) => value.toFixed(4), tick: (tick) => String(+tick.toFixed(6)) },
  PERCENT: { value: percent, tick: (tick) => +(100 * tick).toFixed(4) + " %" },
};
const COLORS = ["--first", "--second", "--third", "--fourth", "--fifth", "--sixth"];
const DASHES = [[], [8, 4], [2, 4]];
let drawn = [];

function element(name, content, attributes = {}) {
  const made = document.createElement(name);
  made.append(...[content ?? []].flat());
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

const row = (...cells) => element("tr", cells);
const columnHead = (text) => element("th", text, { scope: "col" });
const rowHead = (text) => element("th", text, { scope: "row" });

/** What may be wider than the screen, and then is scrolled, by keyboard too. */
function scrolled(content, label) {
  return element("div", content, { class: "scroll", role: "region", tabindex: "0", "aria-label": label });
}

function table(caption, head, rows, className = "numbers") {
  return element(
    "table",
    [
      element("caption", caption, { class: "unseen" }),
      element("thead", row(...head.map(columnHead))),
      element("tbody", rows.map(([name, ...cells]) => row(rowHead(name), ...cells.map((text) => element("td", text))))),
    ],
    { class: className },
  );
}

function showHeadline(facts) {
  byId("headline").replaceChildren(
    ...facts.map(({ name, value }) => element("div", [element("dt", name), element("dd", value)])),
  );
}

/** Curves as a figure: a chart, and the same numbers as a table. */
function curves({ title, note, xLabel, x, series, format, top }) {
  const { value: written } = FORMATS[format];
  const target = element("div", [], {
    class: "plot",
    role: "img",
    "aria-label": `Chart: ${title}, ${note}. The table below has its numbers.`,
  });
  const cell = (value) => (value == null ? "–" : written(value));
  const rows = x.map((at, i) => [String(at), ...series.map((line) => cell(line.values[i]))]);
  const numbers = element("details", [
    element("summary", "The numbers as a table"),
    scrolled(table(`${title}, ${note}`, [xLabel, ...series.map((line) => line.label)], rows), title),
  ]);
  const figure = element("figure", [
    element("figcaption", [title + " ", element("small", note)]),
    target,
    numbers,
  ]);
  return { figure, draw: () => draw(target, { xLabel, x, series, format, top }) };
}

function draw(target, { xLabel, x, series, format, top }) {
  const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const ofLine = (index) => COLORS[index % COLORS.length];
  const font = "14px system-ui, sans-serif";
  const axis = {
    font,
    labelFont: font,
    stroke: () => color("--quiet"),
    grid: { stroke: () => color("--line"), width: 1 },
    ticks: { stroke: () => color("--line"), width: 1 },
  };
  const size = () => ({ width: target.clientWidth, height: 280 });
  const margin = 0.02 * (x.at(-1) - x.at(0)) || 0.2;
  const chart = new uPlot(
    {
      ...size(),
      scales: {
        x: { time: false, range: [x.at(0) - margin, x.at(-1) + margin] },
        y: {
          range: (_, low, high) => {
            const space = 0.1 * (high - low) || 0.01;
            return [Math.max(0, low - space), Math.min(top ?? Infinity, high + space)];
          },
        },
      },
      axes: [
        { ...axis, label: xLabel, labelSize: 26, size: 36, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 100000] },
        { ...axis, size: 66, values: (_, ticks) => ticks.map(FORMATS[format].tick) },
      ],
      hooks: { ready: [(ready) => ready.setLegend({ idx: x.length - 1 })] },
      legend: { markers: { width: 0, fill: (_, index) => color(ofLine(index - 1)) } },
      series: [
        { label: xLabel },
        ...series.map((line, index) => ({
          label: line.label,
          stroke: () => color(ofLine(index)),
          width: 2.5,
          dash: DASHES[Math.floor(index / COLORS.length) % DASHES.length],
          points: { show: x.length <= 40, size: 8, fill: () => color(ofLine(index)) },
          value: (_, value) => (value == null ? "–" : FORMATS[format].value(value)),
        })),
      ],
    },
    [x, ...series.map((line) => line.values)],
    target,
  );
  drawn = drawn.filter((other) => other.target.isConnected);
  drawn.push({ target, chart, size });
}

addEventListener("resize", () => drawn.forEach(({ chart, size }) => chart.setSize(size())));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawn.forEach(({ chart }) => chart.redraw()));
