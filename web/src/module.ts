// The second mode: a policy's own module judges, not the rules that are part of this page.

import type { Diagnostic } from "@codemirror/lint";

import { Failure } from "./caller";
import { byId, element } from "./dom";
import * as engine from "./engine";
import { type Actions, summarize } from "./findings";
import type { Answered } from "./module-worker";
import { Runner } from "./runner";
import type { KubernetesObject } from "./wapc";

interface Answer {
  accepted: boolean;
  message: string;
  code: number | null;
  warnings: string[];
  mutated: unknown;
  /** What our own modules say as data. */
  found: { rule: string; severity: string; path: string; what: string; fix: string }[];
}

let runner: Runner | undefined;
let name = "";
let size = 0;

/** As large as a module may be, in bytes. The largest ones that Kubewarden publishes have a tenth of it. */
const LARGEST = 100_000_000;
/** As much as is shown of a text that a module writes, in UTF-16 code units. */
const SHOWN = 20_000;

const cut = (text: string, length = SHOWN): string => (text.length > length ? `${text.slice(0, length)}…` : text);

export const isLoaded = (): boolean => runner !== undefined;

/** The policy's name, by its metadata or its file. */
const title = (): string => cut(runner?.metadata?.annotations?.["io.kubewarden.policy.title"] ?? name, 100);

/** Takes a module; throws what is wrong with it. */
export async function load(file: File): Promise<void> {
  if (file.size > LARGEST) throw new Error(`It has ${Math.round(file.size / 1e6)} MB. No policy is that large.`);
  const bytes = await file.arrayBuffer();
  const loaded = await Runner.load(bytes);
  runner?.stop();
  runner = loaded;
  name = file.name.replace(/\.wasm$/, "");
  size = bytes.byteLength;
}

const isOurs = async (): Promise<boolean> => (await engine.about()).policies.includes(title());

/** The settings that a module begins with: those of isolation.yaml, where it is one of ours. */
export async function firstSettings(configuration: string): Promise<string> {
  const { settings } = await engine.settingsOf(configuration, title());
  return settings && (await isOurs()) ? `${JSON.stringify(settings, null, 2)}\n` : "{}\n";
}

export function card(): void {
  const place = byId("module-card");
  if (!runner) {
    place.replaceChildren(
      element("h3", {}, "No module yet"),
      element(
        "p",
        {},
        "Drop the .wasm of a Kubewarden policy onto the page, or open it. It runs here as in policy-server.",
      ),
      element("p", {}, element("button", { type: "button", class: "fix", click: () => byId("files").click() }, "Open a module…")),
    );
    return;
  }
  const { metadata } = runner;
  const annotation = (key: string): string | undefined => {
    const text = metadata?.annotations?.[`io.kubewarden.policy.${key}`];
    return text && cut(text, 400);
  };
  const granted = metadata?.contextAwareResources ?? [];
  const kinds = cut(granted.map(({ kind }) => kind).join(", "), 400);
  place.replaceChildren(
    element("h3", {}, [title(), annotation("version")].filter(Boolean).join(" ")),
    element("p", {}, annotation("description") ?? "The module has no description."),
    element(
      "p",
      {},
      `${Math.round(size / 1000)} KB${metadata?.mutating ? ", changes objects" : ""}${
        kinds ? `, looks up ${kinds} among the manifests` : ""
      }`,
    ),
  );
}

function asksFor(request: engine.AskedObject["request"]): boolean {
  const rules = runner?.metadata?.rules;
  if (!rules) return true;
  const names = (list: string[], value: string) => list.some((entry) => entry === "*" || entry === value);
  return rules.some(
    (rule) =>
      names(rule.apiGroups, request.kind.group) &&
      names(rule.resources.map((resource) => resource.replace(/^\*\/\*$/, "*")), request.resource.resource),
  );
}

/** The answer to `validate`, whatever a module calls one; throws where it is none. */
function answered(text: string): Answer {
  const read = JSON.parse(text) as Record<string, unknown> | null;
  if (typeof read?.accepted !== "boolean") throw new Error("its answer says neither accepted nor rejected");
  const { accepted, message, code, warnings, mutated_object, audit_annotations } = read;
  const findings = (audit_annotations as { findings?: unknown } | null | undefined)?.findings;
  const found: unknown = typeof findings === "string" ? JSON.parse(findings) : [];
  return {
    accepted,
    message: typeof message === "string" ? cut(message) : "",
    code: typeof code === "number" ? code : null,
    warnings: Array.isArray(warnings) ? warnings.slice(0, 100).map((warning) => cut(String(warning))) : [],
    mutated: mutated_object,
    found: (Array.isArray(found) ? found : []).slice(0, 1000).map((one: Record<string, unknown> | null) => ({
      rule: String(one?.rule ?? ""),
      severity: String(one?.severity ?? ""),
      path: String(one?.path ?? ""),
      what: cut(String(one?.what ?? "")),
      fix: cut(String(one?.fix ?? "")),
    })),
  };
}

const reason = (error: unknown): string => cut(error instanceof Error ? error.message : String(error), 2000);

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

  if (!runner) return finish("empty", "nothing is judged yet");
  runner.interrupt();
  const read = await engine.value(settings);
  if (read.problem !== undefined) {
    marks.settings.push({ from: read.span!.from, to: read.span!.to, severity: "error", message: read.problem });
    said(`The settings cannot be read: ${read.problem}`);
    return finish("notEvaluated", "nothing was judged: the settings cannot be read", 1);
  }
  const given = read.value ?? {};
  const ours = await isOurs();
  const differs: string[] = [];

  try {
    const { answer } = await runner.call("validate_settings", JSON.stringify(given), []);
    const { valid, message } = JSON.parse(answer) as { valid?: unknown; message?: unknown };
    if (ours && !same(JSON.parse(answer), await engine.validateSettings(title(), JSON.stringify(given)))) differs.push("the settings");
    if (valid !== true) {
      said(`The module refuses the settings: ${typeof message === "string" ? cut(message) : "it does not say why"}`);
      return isCurrent() ? finish("notEvaluated", "nothing was judged: the module refuses the settings", 1) : undefined;
    }
  } catch (error) {
    said(`validate_settings: ${reason(error)}`);
    if (!isCurrent()) return undefined;
    if (error instanceof Failure && error.stopped) return finish("notEvaluated", "nothing was judged: the module was stopped", 1);
  }

  const { requests, problems } = await engine.requests(manifests);
  problems.forEach((problem) => said(`${problem.what}. ${problem.help}`, problem.span, problem.line));
  const objects = requests.map(({ request }) => request.object as KubernetesObject);
  const wanted = requests.map((asked, index) => ({ asked, index })).filter(({ asked }) => asksFor(asked.request));
  let [rejected, judged] = [0, 0];
  for (const { asked, index } of wanted) {
    const payload = JSON.stringify({ request: asked.request, settings: given });
    if (!isCurrent()) return undefined;
    judged++;
    try {
      const reply = await runner.call("validate", payload, objects);
      const answer = answered(reply.answer);
      if (ours && !same(JSON.parse(reply.answer), await engine.validate(title(), payload, JSON.stringify(objects)))) {
        differs.push(asked.subject);
      }
      if (!answer.accepted) rejected++;
      rows.push(row(asked, answer, reply, actions));
      marks.manifests.push(...(await marksOf(answer, manifests, index, asked)));
    } catch (error) {
      said(`${asked.subject}: ${reason(error)}`, asked.span, asked.line);
      // One that was stopped would be stopped again, ten seconds an object.
      if (error instanceof Failure && error.stopped) break;
    }
  }
  if (!isCurrent()) return undefined;
  if (differs.length) {
    said(`The rules in this page answer otherwise about ${differs.join(", ")}: the module is of another version`);
  }
  if (judged < wanted.length) said(`${wanted.length - judged} more were not judged, because the module was stopped`);
  const noVerdict = rows.some((row) => row.dataset.severity === "problem");
  const left = requests.length - wanted.length;
  const summary =
    requests.length === 0
      ? "no objects yet"
      : `${rejected} of ${judged} rejected${left ? `; the module has no rules for ${left} more` : ""}${
          ours && !noVerdict ? "; same answers as the rules in this page" : ""
        }`;
  const status = noVerdict ? "notEvaluated" : rejected ? "violations" : requests.length ? "clean" : "empty";
  return finish(status, summary, rejected);
}

function row(asked: engine.AskedObject, answer: Answer, { log, milliseconds }: Answered, actions: Actions): HTMLLIElement {
  const { accepted, message, code, warnings, mutated } = answer;
  const rewritten = mutated != null && JSON.stringify(mutated) !== JSON.stringify(asked.request.object);
  return element(
    "li",
    { "data-severity": accepted ? (warnings.length ? "warn" : "clean") : "deny" },
    element(
      "div",
      { class: "where" },
      element("b", {}, accepted ? "accepted" : `rejected${code ? `, ${code}` : ""}`),
      element(
        "button",
        { type: "button", class: "place", click: () => actions.show("manifests", asked.span) },
        `line ${asked.line}: ${asked.subject}`,
      ),
      element("span", {}, `${milliseconds.toFixed(1)} ms`),
    ),
    message ? element("pre", { class: "text" }, message) : null,
    ...warnings.map((warning) => element("p", { class: "note" }, warning)),
    rewritten &&
      element(
        "details",
        {},
        element("summary", {}, "The object as the module rewrites it"),
        element("pre", { class: "text" }, cut(JSON.stringify(mutated, null, 2))),
      ),
    log.length > 0 &&
      element("details", {}, element("summary", {}, "What the module logged"), element("pre", { class: "text" }, log.join("\n"))),
  );
}

/** Marks at the fields that our modules name in their audit annotation, else at the object. */
async function marksOf(answer: Answer, manifests: string, index: number, asked: engine.AskedObject): Promise<Diagnostic[]> {
  if (answer.found.length) {
    return Promise.all(
      answer.found.map(async ({ rule, severity, path, what, fix }): Promise<Diagnostic> => ({
        ...((await engine.locate(manifests, index, path))?.span ?? asked.span),
        severity: severity === "warn" ? "warning" : "error",
        message: `${what}. ${fix ? `${fix}. ` : ""}[${rule}]`,
      })),
    );
  }
  return answer.accepted ? [] : [{ ...asked.span, severity: "error", message: answer.message || "rejected" }];
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
