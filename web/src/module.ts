// The second mode: a policy's own module judges, not the rules that are part of this page.

import type { Diagnostic } from "@codemirror/lint";

import { byId, element } from "./dom";
import * as engine from "./engine";
import { type Actions, summarize } from "./findings";
import { Runner } from "./runner";
import type { KubernetesObject } from "./wapc";

interface Answer {
  accepted: boolean;
  message?: string | null;
  code?: number | null;
  warnings?: string[] | null;
  mutated_object?: unknown;
  audit_annotations?: Record<string, string> | null;
}

let runner: Runner | undefined;
let name = "";
let size = 0;

export const isLoaded = (): boolean => runner !== undefined;

/** The policy's name, by its metadata or its file. */
const title = (): string => runner?.metadata?.annotations?.["io.kubewarden.policy.title"] ?? name;

/** Takes a module; throws what is wrong with it. */
export async function load(file: string, bytes: ArrayBuffer): Promise<void> {
  const loaded = await Runner.load(bytes);
  runner?.stop();
  runner = loaded;
  name = file.replace(/\.wasm$/, "");
  size = bytes.byteLength;
}

/** The settings that a module begins with: those of isolation.yaml, where it is one of ours. */
export function firstSettings(configuration: string): string {
  const { settings } = engine.settingsOf(configuration, title());
  const ours = engine.about().policies.includes(title());
  return ours && settings ? `${JSON.stringify(settings, null, 2)}\n` : "{}\n";
}

export function card(): void {
  const place = byId("module-card");
  if (!runner) {
    place.replaceChildren(
      element("h3", {}, "No module yet"),
      element("p", {}, "Drop a Kubewarden policy’s .wasm onto the page, or open one. It runs in your browser, as in policy-server."),
    );
    return;
  }
  const { metadata } = runner;
  const version = metadata?.annotations?.["io.kubewarden.policy.version"];
  const granted = metadata?.contextAwareResources ?? [];
  place.replaceChildren(
    element("h3", {}, [title(), version].filter(Boolean).join(" ")),
    element("p", {}, metadata?.annotations?.["io.kubewarden.policy.description"] ?? "It carries no metadata."),
    element(
      "p",
      {},
      `${Math.round(size / 1000)} KB${metadata?.mutating ? ", changes objects" : ""}${
        granted.length ? `, looks up ${granted.map(({ kind }) => kind).join(", ")} among the manifests` : ""
      }`,
    ),
  );
}

function asksFor(request: engine.AskedObject["request"]): boolean {
  const rules = runner?.metadata?.rules;
  if (!rules) return true;
  const names = (list: string[] | undefined, value: string) => (list ?? []).some((entry) => entry === "*" || entry === value);
  return rules.some(
    (rule) =>
      names(rule.apiGroups, request.kind.group) &&
      names(rule.resources?.map((resource) => resource.replace(/^\*\/\*$/, "*")), request.resource.resource),
  );
}

/** Judges by the module; gives the marks for the editors, or nothing if a later run has begun. */
export async function judge(
  manifests: string,
  settings: string,
  isCurrent: () => boolean,
  actions: Actions,
): Promise<{ manifests: Diagnostic[]; settings: Diagnostic[] } | undefined> {
  const marks = { manifests: [] as Diagnostic[], settings: [] as Diagnostic[] };
  const rows: HTMLLIElement[] = [];
  const finish = (status: string, summary: string, count = 0) => {
    summarize(status, summary, count);
    byId("findings").replaceChildren(...rows);
    return marks;
  };
  const said = (what: string, span?: engine.Span, line = 0) =>
    rows.push(
      element(
        "li",
        { "data-severity": "problem" },
        element(
          "div",
          { class: "where" },
          element("span", {}, "not evaluated"),
          span ? element("button", { type: "button", class: "place", click: () => actions.show("manifests", span) }, `line ${line}`) : null,
        ),
        element("p", { class: "what" }, what),
      ),
    );

  if (!runner) return finish("loading", "No module yet");
  const read = engine.value(settings);
  if (read.problem !== undefined) {
    marks.settings.push({ from: read.span!.from, to: read.span!.to, severity: "error", message: read.problem });
    said(`The settings cannot be read: ${read.problem}`);
    return finish("notEvaluated", "nothing was judged: the settings cannot be read", 1);
  }
  const given = read.value ?? {};
  const ours = engine.about().policies.includes(title());
  const differs: string[] = [];

  const valid = await runner.call("validate_settings", JSON.stringify(given), []).catch(failed);
  if (!isCurrent()) return undefined;
  if ("failure" in valid) {
    said(`validate_settings: ${valid.failure}`);
  } else if ("answer" in valid) {
    const answer = JSON.parse(valid.answer) as { valid: boolean; message?: string };
    if (ours && !same(answer, engine.validateSettings(title(), JSON.stringify(given)))) differs.push("the settings");
    if (!answer.valid) {
      said(`The module refuses the settings: ${answer.message ?? "it does not say why"}`);
      return finish("notEvaluated", "nothing was judged: the module refuses the settings", 1);
    }
  }

  const { requests, problems } = engine.requests(manifests, "default");
  problems.forEach((problem) => said(`${problem.what}. ${problem.help}`, problem.span, problem.line));
  const objects = requests.map(({ request }) => request.object as KubernetesObject);
  let [rejected, judged] = [0, 0];
  for (const [index, asked] of requests.entries()) {
    if (!asksFor(asked.request)) continue;
    const payload = JSON.stringify({ request: asked.request, settings: given });
    const reply = await runner.call("validate", payload, objects).catch(failed);
    if (!isCurrent()) return undefined;
    judged++;
    if ("failure" in reply) {
      said(`${asked.subject}: ${reply.failure}`, asked.span, asked.line);
      continue;
    }
    if (!("answer" in reply)) continue;
    const answer = JSON.parse(reply.answer) as Answer;
    if (ours && !same(answer, engine.validate(title(), payload, JSON.stringify(objects)))) differs.push(asked.subject);
    if (!answer.accepted) rejected++;
    rows.push(row(asked, answer, reply.log, reply.milliseconds, actions));
    marks.manifests.push(...marksOf(answer, manifests, index, asked));
  }
  if (differs.length) {
    said(`The rules in this page answer otherwise about ${differs.join(", ")}: the module is of another version`);
  }
  const noVerdict = rows.some((row) => row.dataset.severity === "problem");
  const left = requests.length - judged;
  const summary =
    requests.length === 0
      ? "no objects yet"
      : `${rejected} of ${judged} rejected${left ? `; the module has no rules for ${left} more` : ""}${
          ours && !differs.length ? "; same answers as the rules in this page" : ""
        }`;
  return finish(noVerdict ? "notEvaluated" : rejected ? "violations" : "clean", summary, rejected);
}

const failed = (error: unknown) => ({ id: 0, failure: error instanceof Error ? error.message : String(error), log: [] });

function row(asked: engine.AskedObject, answer: Answer, log: string[], milliseconds: number, actions: Actions): HTMLLIElement {
  const rewritten =
    answer.mutated_object != null && JSON.stringify(answer.mutated_object) !== JSON.stringify(asked.request.object);
  return element(
    "li",
    { "data-severity": answer.accepted ? (answer.warnings?.length ? "warn" : "clean") : "deny" },
    element(
      "div",
      { class: "where" },
      element("b", {}, answer.accepted ? "accepted" : `rejected${answer.code ? `, ${answer.code}` : ""}`),
      element(
        "button",
        { type: "button", class: "place", click: () => actions.show("manifests", asked.span) },
        `${asked.line}: ${asked.subject}`,
      ),
      element("span", {}, `${milliseconds.toFixed(1)} ms`),
    ),
    answer.message ? element("pre", { class: "text" }, answer.message) : null,
    ...(answer.warnings ?? []).map((warning) => element("p", { class: "note" }, warning)),
    rewritten &&
      element(
        "details",
        {},
        element("summary", {}, "the object as the module has rewritten it"),
        element("pre", { class: "text" }, JSON.stringify(answer.mutated_object, null, 2)),
      ),
    log.length > 0 &&
      element("details", {}, element("summary", {}, "what the module logged"), element("pre", { class: "text" }, log.join("\n"))),
  );
}

/** Marks at the fields that our modules name in their audit annotation, else at the object. */
function marksOf(answer: Answer, manifests: string, index: number, asked: engine.AskedObject): Diagnostic[] {
  const annotation = answer.audit_annotations?.["findings"];
  if (annotation) {
    const found = JSON.parse(annotation) as { rule: string; severity: string; path: string; what: string; fix: string }[];
    return found.map(({ rule, severity, path, what, fix }) => ({
      ...(engine.locate(manifests, index, path)?.span ?? asked.span),
      severity: severity === "warn" ? "warning" : "error",
      message: `${what}. ${fix ? `${fix}. ` : ""}[${rule}]`,
    }));
  }
  return answer.accepted ? [] : [{ ...asked.span, severity: "error", message: answer.message ?? "rejected" }];
}

/** Whether two answers say the same; a member that is null counts as left out. */
export function same(one: unknown, other: unknown): boolean {
  const plain = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(plain);
    if (value === null || typeof value !== "object") return value;
    const entries = Object.entries(value).filter(([, member]) => member !== null);
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, member]) => [key, plain(member)]));
  };
  return JSON.stringify(plain(one)) === JSON.stringify(plain(other));
}
