// The rules' pages, as the book has them.

import { marked } from "marked";

import pages from "rule-pages";

import { byId, element } from "./dom";

export const known = (rule: string): boolean => Object.hasOwn(pages, rule);

export const clear = (): void => byId("rule-page").replaceChildren(element("p", {}, "Choose a rule's id to read its page here."));

/** Shows the page of a rule; `open` is called with the rule that a link on it names, `load` with the fragment of an example. */
export function show(rule: string, open: (rule: string) => void, load: (fragment: string) => void): void {
  const place = byId("rule-page");
  const text = known(rule) ? pages[rule] : undefined;
  if (!text) {
    clear();
    return;
  }
  // Our own text, generated from the rules' sources.
  const linked = text.replace(/<!-- (example=NI\d{3}\.(?:bad|good)) -->/g, "[Open this in the editor](#$1)");
  place.innerHTML = marked.parse(linked, { async: false });
  for (const link of place.querySelectorAll("a")) {
    const target = link.getAttribute("href") ?? "";
    const other = /^(NI\d{3})\.md$/.exec(target)?.[1];
    if (target.startsWith("#example=")) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        load(target);
      });
    } else if (other) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        open(other);
      });
      link.href = `#rule=${other}`;
    } else if (/^https?:/.test(target)) {
      link.target = "_blank";
      link.rel = "noreferrer";
    } else {
      link.replaceWith(...link.childNodes);
    }
  }
  for (const wide of place.querySelectorAll("table, pre")) {
    wide.setAttribute("tabindex", "0");
  }
  place.scrollTop = 0;
}
