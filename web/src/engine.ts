// The rules, linked into one Wasm module that is part of this page.

import init, * as wasm from "../../target/web/isolation.js";
// The module, compressed, as text: a page that is opened as a file may fetch nothing.
import packed from "isolation.wasm";

export interface Span {
  from: number;
  to: number;
}

/** A change of the text, in UTF-16 code units. */
export interface Change extends Span {
  insert: string;
}

/** What a click does. */
export interface Edit {
  title: string;
  changes: Change[];
}

export interface Found extends Span {
  line: number;
  severity: "deny" | "warn";
  rule: string;
  ruleName: string;
  policy: string;
  object: string;
  path: string;
  value: string | null;
  missing: boolean;
  what: string;
  fix: string;
  /** What mends it; found after the verdict. */
  edit?: Edit | null;
  notes: string[];
}

export interface Said extends Span {
  document: "manifests" | "settings" | null;
  line: number;
  what: string;
  help: string;
}

export interface Verdict {
  status: "clean" | "violations" | "notEvaluated";
  summary: string;
  objects: number;
  findings: Found[];
  problems: Said[];
  notes: Said[];
}

export interface AskedObject {
  subject: string;
  request: { object: unknown; kind: { group: string; version: string; kind: string }; resource: { resource: string } };
  span: Span;
  line: number;
}

/** Decodes the module and starts it. */
export async function start(): Promise<void> {
  const compressed = Uint8Array.from(atob(packed), (character) => character.charCodeAt(0));
  const stream = new Blob([compressed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const module = await WebAssembly.compile(await new Response(stream).arrayBuffer());
  await init({ module_or_path: module });
}

const parsed = <T>(json: string): T => JSON.parse(json) as T;

export const judge = (settings: string, manifests: string, namespace: string): Verdict =>
  parsed(wasm.judge(settings, manifests, namespace));

/** What mends each finding of a verdict on the same texts. */
export const fixes = (settings: string, manifests: string, namespace: string): (Edit | null)[] =>
  parsed(wasm.fixes(settings, manifests, namespace));

export const rewrite = (
  settings: string,
  manifests: string,
  namespace: string,
): { text: string | null; changes: number; problem: string } => parsed(wasm.rewrite(settings, manifests, namespace));

export const requests = (
  manifests: string,
  namespace: string,
): { requests: AskedObject[]; problems: (Said & { span: Span })[] } => parsed(wasm.requests(manifests, namespace));

export const locate = (manifests: string, object: number, path: string): { span: Span; line: number } | null =>
  parsed(wasm.locate(manifests, object, path));

export const settingsOf = (configuration: string, policy: string): { settings?: unknown; problem?: string } =>
  parsed(wasm.settings(configuration, policy));

export const value = (text: string): { value?: unknown; problem?: string; span?: Span } => parsed(wasm.value(text));

export const validate = (policy: string, payload: string, objects: string): unknown =>
  parsed(wasm.validate(policy, payload, objects));

export const validateSettings = (policy: string, settings: string): { valid: boolean; message?: string } | null =>
  parsed(wasm.validate_settings(policy, settings));

export const about = (): { version: string; policies: string[] } => parsed(wasm.about());
