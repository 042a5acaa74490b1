"use strict";
// The table of problems, filtered and sorted, and the buttons that copy. Everything else of the page is plain HTML. What the
// filter shows stands in the address behind the #, so that a view can be linked and is kept by going back.
(() => {
  const PAGE = 200;
  const PRINTED = 2000;
  const columns = ["severity", "rule", "namespace", "workload", "field", "what", "place"];
  const problems = JSON.parse(document.getElementById("data").textContent);
  const byId = (id) => document.getElementById(id);
  const form = byId("filter");
  const fields = ["q", "theme", "severity", "namespace", "owner"];
  const rows = byId("rows");
  const count = byId("count");
  const more = byId("more");
  const unique = (key) => [...new Set(problems.map((problem) => problem[key]))].filter(Boolean).sort();
  const state = { sort: "", down: false, shown: PAGE };

  for (const key of ["namespace", "owner"]) {
    for (const value of unique(key)) form.elements[key].append(new Option(value, value));
    if (form.elements[key].length < 2) form.elements[key].closest("label").hidden = true;
  }
  for (const problem of problems) {
    problem.text = [problem.rule, problem.name, problem.namespace, problem.workload, problem.owner, problem.field, problem.what, problem.fix, problem.place].join("\n").toLowerCase();
  }

  const matching = () => {
    const words = form.elements.q.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = fields.slice(1).map((key) => [key, form.elements[key].value]).filter(([, value]) => value !== "");
    const found = problems.filter((problem) => words.every((word) => problem.text.includes(word)) && wanted.every(([key, value]) => problem[key] === value));
    if (state.sort) {
      const order = (a, b) => String(a[state.sort] ?? "").localeCompare(String(b[state.sort] ?? ""), "en", { numeric: true });
      found.sort((a, b) => (state.down ? order(b, a) : order(a, b)));
    }
    return found;
  };

  const cell = (row, label, ...parts) => {
    const td = row.insertCell();
    td.dataset.label = label;
    td.append(...parts);
    return td;
  };
  const element = (name, text, kind) => {
    const made = document.createElement(name);
    made.textContent = text;
    if (kind) made.className = kind;
    return made;
  };
  const line = (text, kind) => element("div", text, kind);

  const draw = () => {
    const found = matching();
    rows.replaceChildren();
    for (const problem of found.slice(0, state.shown)) {
      const row = rows.insertRow();
      cell(row, "Severity", element("span", problem.severity, "pill " + (problem.severity === "breaks" ? "bad" : "warn")));
      cell(row, "Rule", line(problem.rule), line(problem.name, "soft"));
      cell(row, "Namespace", problem.namespace || "(cluster)");
      const workload = cell(row, "Workload", problem.workload);
      if (problem.owner) workload.append(line(problem.owner, "soft"));
      cell(row, "Field", element("code", problem.field));
      const what = cell(row, "What to do", problem.what + (problem.count > 1 ? " (in " + problem.count + " places)" : ""));
      if (problem.fix) what.append(line(problem.fix));
      cell(row, "Written in", element("code", problem.place));
    }
    count.textContent = found.length === problems.length ? found.length + " problems" : found.length + " of " + problems.length + " problems";
    more.hidden = found.length <= state.shown;
    more.textContent = "Show " + Math.min(PAGE, found.length - state.shown) + " more";
    for (const th of document.querySelectorAll("#problems-table th[data-key]")) {
      th.setAttribute("aria-sort", th.dataset.key === state.sort ? (state.down ? "descending" : "ascending") : "none");
    }
  };

  const remember = () => {
    const parts = new URLSearchParams();
    for (const key of fields) if (form.elements[key].value) parts.set(key, form.elements[key].value);
    if (state.sort) parts.set("sort", (state.down ? "-" : "") + state.sort);
    const text = parts.toString();
    history.replaceState(null, "", text ? "#" + text : location.pathname + location.search);
  };
  // Of an address that names a place of the page nothing is read.
  const recall = () => {
    const target = byId(location.hash.slice(1));
    if (target && target.tagName === "DETAILS") target.open = true;
    const parts = new URLSearchParams(location.hash.slice(1));
    if (![...parts.keys()].some((key) => fields.includes(key) || key === "sort")) return;
    for (const key of fields) form.elements[key].value = parts.get(key) ?? "";
    const sort = parts.get("sort") ?? "";
    const key = sort.replace(/^-/, "");
    state.sort = columns.includes(key) ? key : "";
    state.down = sort.startsWith("-");
    state.shown = PAGE;
    draw();
    byId("problems").scrollIntoView();
  };

  form.addEventListener("input", () => { state.shown = PAGE; draw(); remember(); });
  form.addEventListener("reset", () => setTimeout(() => { state.sort = ""; state.shown = PAGE; draw(); remember(); }));
  form.addEventListener("submit", (event) => event.preventDefault());
  more.addEventListener("click", () => { state.shown += PAGE; draw(); });
  for (const button of document.querySelectorAll("#problems-table th button")) {
    button.addEventListener("click", () => {
      const key = button.closest("th").dataset.key;
      state.down = state.sort === key && !state.down;
      state.sort = key;
      draw();
      remember();
    });
  }
  addEventListener("hashchange", recall);
  for (const link of document.querySelectorAll("a[data-filter]")) {
    link.addEventListener("click", () => setTimeout(() => byId("problems").scrollIntoView()));
  }
  // What is folded on the screen is read on paper, and folded again afterwards.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open])")];
    for (const details of folded) details.open = true;
    state.shown = PRINTED;
    draw();
    if (matching().length > PRINTED) count.textContent += ", of which the first " + PRINTED + " are printed: the report as JSON has all";
  });
  addEventListener("afterprint", () => {
    for (const details of folded) details.open = false;
    state.shown = PAGE;
    draw();
  });
  if (navigator.clipboard) {
    for (const pre of document.querySelectorAll("pre")) {
      const text = pre.textContent;
      const button = element("button", "Copy");
      button.type = "button";
      button.addEventListener("click", () => navigator.clipboard.writeText(text).then(() => { button.textContent = "Copied"; }));
      pre.append(button);
    }
  }
  byId("table").hidden = false;
  draw();
  recall();
})();
