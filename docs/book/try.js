// Adds to the examples on a rule's page the way into the page that judges them.
(() => {
  const rule = /\/docs\/rules\/(NI\d{3})\.html$/.exec(location.pathname)?.[1];
  if (!rule) return;
  for (const which of ["bad", "good"]) {
    const heading = document.getElementById(which);
    if (!heading) continue;
    const link = document.createElement("a");
    link.href = `../../page/index.html#example=${rule}.${which}`;
    link.textContent = "Try it in the page";
    const line = document.createElement("p");
    line.append(link);
    heading.after(line);
  }
})();
