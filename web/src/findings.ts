// The verdict, as a list beside the editor and as marks in it.

import type { Diagnostic } from "@codemirror/lint";

import { byId, element } from "./dom";
import type { Editor } from "./editor";
import type { Found, Said, Verdict } from "./engine";

export interface Actions {
  show(document: "manifests" | "settings", span: { from: number; to: number }): void;
  openRule(rule: string): void;
}

/** What is wrong, as a sentence. */
export function sentence({ value, missing, what }: Found): string {
  const before = value !== null ? `${JSON.stringify(value)}: ` : missing ? "not set: " : "";
  return `${before}${what}`;
}

export function summarize(status: string, summary: string, count: number): void {
  const line = byId("summary");
  line.dataset.status = status;
  line.textContent = summary;
  byId("count").textContent = count ? String(count) : "";
}

export function render(verdict: Verdict, manifests: Editor, actions: Actions): void {
  const problems = verdict.problems.length;
  summarize(verdict.status, verdict.summary, verdict.findings.length + problems);
  byId("findings").replaceChildren(
    ...verdict.problems.map((said) => remark(said, "problem", actions)),
    ...verdict.findings.map((found) => item(found, manifests, actions)),
    ...verdict.notes.map((said) => remark(said, "note", actions)),
  );
}

function item(found: Found, manifests: Editor, actions: Actions): HTMLLIElement {
  const place = element(
    "button",
    { type: "button", class: "place", click: () => actions.show("manifests", found) },
    `${found.line}: ${found.path || "(the object)"}`,
  );
  const { edit } = found;
  return element(
    "li",
    { "data-severity": found.severity },
    element(
      "div",
      { class: "where" },
      found.rule &&
        element(
          "button",
          { type: "button", class: "rule", title: found.ruleName, click: () => actions.openRule(found.rule) },
          found.rule,
        ),
      element("span", {}, found.severity === "deny" ? "rejected" : "warning"),
      element("span", {}, found.object),
      place,
    ),
    element("p", { class: "what" }, sentence(found)),
    found.fix && element("p", { class: "help" }, found.fix),
    ...found.notes.map((note) => element("p", { class: "note" }, note)),
    edit &&
      element(
        "div",
        { class: "fixes" },
        element("button", { type: "button", class: "fix", click: () => manifests.change(edit.changes) }, edit.title),
      ),
  );
}

export function remark(said: Said, severity: string, actions: Actions): HTMLLIElement {
  const { document, line } = said;
  const name = document === "settings" ? "isolation.yaml" : "manifests";
  return element(
    "li",
    { "data-severity": severity },
    element(
      "div",
      { class: "where" },
      element("span", {}, severity === "note" ? "note" : "not evaluated"),
      document &&
        element(
          "button",
          { type: "button", class: "place", click: () => actions.show(document, said) },
          `${name}, line ${line}`,
        ),
    ),
    element("p", { class: "what" }, said.what),
    said.help && element("p", { class: "help" }, said.help),
  );
}

/** The marks in an editor. */
export function marks(verdict: Verdict, document: "manifests" | "settings", manifests: Editor, actions: Actions): Diagnostic[] {
  const found = document === "settings" ? [] : verdict.findings;
  return [
    ...found.map(
      (found): Diagnostic => ({
        from: found.from,
        to: found.to,
        severity: found.severity === "deny" ? "error" : "warning",
        message: `${sentence(found)}.${found.fix ? ` ${found.fix}.` : ""}`,
        actions: [
          ...(found.edit ? [{ name: found.edit.title, apply: () => manifests.change(found.edit!.changes) }] : []),
          ...(found.rule ? [{ name: `Read ${found.rule}`, apply: () => actions.openRule(found.rule) }] : []),
        ],
      }),
    ),
    ...verdict.problems
      .filter((said) => said.document === document)
      .map(({ from, to, what, help }): Diagnostic => ({
        from,
        to,
        severity: "warning",
        message: `${what}.${help ? ` ${help}.` : ""}`,
      })),
  ];
}
