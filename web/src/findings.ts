// The verdict, as a list beside the editor and as marks in it.

import type { Diagnostic } from "@codemirror/lint";

import { byId, element } from "./dom";
import type { Editor } from "./editor";
import type { AllowedFinding, Document, Edit, Found, Message, Span, Verdict } from "./engine";

export interface Actions {
  show(document: Document, span: Span): void;
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
  const { status, summary, objects, findings, allowed, problems, notEvaluated, notes } = verdict;
  summarize(status === "clean" && objects === 0 ? "empty" : status, summary, findings.length + problems.length + notEvaluated.length);
  byId("findings").replaceChildren(
    ...notEvaluated.map((message) => remark(message, "not evaluated", "problem", actions)),
    ...problems.map((message) => remark(message, message.deny ? "exception" : "warning", message.deny ? "deny" : "warn", actions)),
    ...findings.map((found) => item(found, manifests, actions)),
    ...notes.map((message) => remark(message, "note", "note", actions)),
    ...allowed.map((excepted) => exception(excepted, actions)),
  );
}

/** Rule, severity, object and place of a finding, in one line. */
function where(found: Found, severity: string, actions: Actions): HTMLElement {
  const { rule, ruleName, object, line, path } = found;
  return element(
    "div",
    { class: "where" },
    rule &&
      element("button", { type: "button", class: "rule", title: ruleName, click: () => actions.openRule(rule) }, rule),
    element("span", {}, severity),
    element("span", {}, object),
    place(`line ${line}: ${path || "the object"}`, "manifests", found, actions),
  );
}

function place(text: string, document: Document, span: Span, actions: Actions): HTMLElement {
  // A long path breaks before a field, not within one.
  const parts = text.split(/(?=\.)/).flatMap((part) => [element("wbr"), part]);
  return element("button", { type: "button", class: "place", click: () => actions.show(document, span) }, ...parts);
}

function item(found: Found, manifests: Editor, actions: Actions): HTMLLIElement {
  const { edit } = found;
  return element(
    "li",
    { "data-severity": found.severity },
    where(found, found.severity === "deny" ? "rejected" : "warning", actions),
    element("p", { class: "what" }, sentence(found)),
    found.fix && element("p", { class: "help" }, found.fix),
    ...found.notes.map((note) => element("p", { class: "note" }, note)),
    edit && element("div", { class: "fixes" }, ...button(short(edit, found), edit.safe, () => manifests.change(edit.changes), edit.title)),
  );
}

/** What a button for a change says: what it does, unless the finding's own advice has just said that and nothing else. */
function short({ title }: Edit, { fix }: Found): string {
  const plain = (text: string) => text.replaceAll('"', "").toLowerCase();
  const [verb = "", ...rest] = plain(title).split(" ");
  const message = plain(fix);
  return message.includes(verb) && message.includes(rest.join(" ")) && !message.includes(" or ") ? "Apply" : title;
}

/** A button that changes the manifests, as `title` says. One that changes what they do says so. */
export function button(label: string, safe: boolean, click: () => void, title = label): HTMLElement[] {
  const id = `caution-${cautions++}`;
  const more = label !== title;
  const look = "This changes what the object does, or something else has to happen before.";
  return [
    element(
      "button",
      {
        type: "button",
        class: safe ? "fix" : "fix unsafe",
        title: more && title,
        "aria-label": more && `${label}: ${title}`,
        "aria-describedby": !safe && id,
        click,
      },
      label,
    ),
    ...(safe ? [] : [element("span", { class: "caution", id, title: look }, "Look first")]),
  ];
}

let cautions = 0;

function exception({ finding, reason, place: at, inSource }: AllowedFinding, actions: Actions): HTMLLIElement {
  const rejects = finding.severity === "deny" ? ", and rejects this object" : "";
  const admission = inSource
    ? `Admission ignores comments and annotations${rejects}.`
    : "Admission allows this only where the deployed policies have the exception, too.";
  return element(
    "li",
    { "data-severity": "allowed" },
    where(finding, "allowed", actions),
    element("p", { class: "what" }, sentence(finding)),
    element("p", { class: "reason" }, `Allowed because: ${reason} `, at.document && place(titled(at), at.document, at, actions)),
    element("p", { class: "note" }, admission),
  );
}

const titled = ({ document, line }: Message): string => `${document === "settings" ? "isolation.yaml" : "manifests"}, line ${line}`;

export function remark(message: Message, label: string, severity: string, actions: Actions): HTMLLIElement {
  const { document } = message;
  return element(
    "li",
    { "data-severity": severity },
    element("div", { class: "where" }, element("span", {}, label), document && place(titled(message), document, message, actions)),
    element("p", { class: "what" }, message.what),
    message.help && element("p", { class: "help" }, message.help),
  );
}

const named = ({ title, safe }: Edit): string => (safe ? title : `${title} (look first)`);

/** The marks in an editor. */
export function marks(verdict: Verdict, document: Document, manifests: Editor, actions: Actions): Diagnostic[] {
  const read = (rule: string) => (rule ? [{ name: `Read ${rule}`, markClass: "quiet", apply: () => actions.openRule(rule) }] : []);
  const found = (found: Found): Diagnostic => ({
    from: found.from,
    to: found.to,
    severity: found.severity === "deny" ? "error" : "warning",
    message: `${sentence(found)}.${found.fix ? ` ${found.fix}.` : ""}`,
    actions: [
      ...(found.edit
        ? [{ name: named(found.edit), markClass: found.edit.safe ? "" : "quiet", apply: () => manifests.change(found.edit!.changes) }]
        : []),
      ...read(found.rule),
    ],
  });
  const allowed = ({ finding, reason }: AllowedFinding): Diagnostic => ({
    from: finding.from,
    to: finding.to,
    severity: "info",
    message: `Allowed: ${sentence(finding)}. Reason: ${reason}`,
    actions: read(finding.rule),
  });
  const message = ({ from, to, deny, what, help }: Message): Diagnostic => ({
    from,
    to,
    severity: deny ? "error" : "warning",
    message: `${what}.${help ? ` ${help}.` : ""}`,
  });
  return [
    ...(document === "settings" ? [] : [...verdict.findings.map(found), ...verdict.allowed.map(allowed)]),
    ...[...verdict.problems, ...verdict.notEvaluated].filter((one) => one.document === document).map(message),
  ];
}
