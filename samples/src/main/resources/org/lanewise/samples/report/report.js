"use strict";

const report = JSON.parse(byId("data").textContent);
const charts = [];

function confusion({ title, note, classes, counts }) {
  const worst = Math.max(1, ...counts.flatMap((ofClass, label) => ofClass.filter((_, i) => i !== label)));
  const cell = (value, label, prediction, total) => {
    const right = label === prediction;
    const made = element("td", count(value), value ? {} : { class: "none" });
    const strength = right ? 0.55 * (value / Math.max(1, total)) : 0.75 * Math.sqrt(value / worst);
    made.style.background = `rgba(var(${right ? "--right" : "--wrong"}), ${strength.toFixed(3)})`;
    made.title = `${count(value)} of class ${classes[label]} taken for ${classes[prediction]}`;
    return made;
  };
  const rows = counts.map((ofClass, label) => {
    const total = sum(ofClass);
    return row(
      rowHead(classes[label]),
      ...ofClass.map((value, prediction) => cell(value, label, prediction, total)),
      element("td", total ? percent(ofClass[label] / total, 1) : "–", { class: "share" }),
    );
  });
  const head = row(element("td", ""), ...classes.map(columnHead), columnHead("right"));
  const matrix = element(
    "table",
    [element("caption", `${title}: ${note}`, { class: "unseen" }), element("thead", head), element("tbody", rows)],
    { class: "confusion" },
  );
  return [element("p", note), scrolled(matrix, title)];
}

function mistakes({ note, mistakes }) {
  const items = mistakes.map((mistake) => {
    const picture = element("img", [], { src: mistake.picture, alt: `${mistake.label}, as the test set says` });
    const sure = element("small", `${percent(mistake.probability, 1)} sure`);
    const text = element("div", [element("b", `${mistake.label} read as ${mistake.prediction}`), element("br"), sure]);
    return element("li", [picture, text]);
  });
  return [element("p", note), ...(items.length ? [element("ul", items, { class: "mistakes" })] : [])];
}

function properties({ title, properties }) {
  const rows = Object.entries(properties).map(([name, value]) => row(rowHead(name), element("td", value)));
  const caption = element("caption", title, { class: "unseen" });
  return [element("table", [caption, element("tbody", rows)], { class: "properties" })];
}

function show(section) {
  switch (section.type) {
    case "Curves": {
      const chart = curves(section);
      charts.push(chart);
      return [chart.figure];
    }
    case "Confusion":
      return confusion(section);
    case "Mistakes":
      return mistakes(section);
    case "Table":
      return [
        ...(section.note ? [element("p", section.note)] : []),
        scrolled(table(section.title, section.head, section.rows), section.title),
      ];
    case "Properties":
      return properties(section);
    case "Text":
      return [scrolled(element("pre", section.text), section.title)];
  }
}

/** Charts stand beside each other, and so do properties, where there is room for two. */
function showSections() {
  let pair = null;
  let pairType = null;
  for (const section of report.sections) {
    const isCurves = section.type === "Curves";
    const content = isCurves ? show(section) : [element("h2", section.title), ...show(section)];
    if (isCurves || section.type === "Properties") {
      if (pairType !== section.type || pair.childElementCount === 2) {
        pair = element("section", [], { class: "pair" });
        byId("main").append(pair);
        pairType = section.type;
      }
      pair.append(isCurves ? content[0] : element("div", content));
    } else {
      pairType = null;
      byId("main").append(element("section", content));
    }
  }
}

document.title = byId("title").textContent = report.title;
showHeadline(report.headline);
showSections();
charts.forEach((chart) => chart.draw());
