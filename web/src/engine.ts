// The rules that are part of this page, as they answer from their worker.

import source from "rules-worker-source";

import { Caller, Failure } from "./caller";
import type { Call } from "./rules-worker";

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
  /** Whether it only says what was meant already; everything else deserves a look first. */
  safe: boolean;
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
  /** Whether it carries the change that mends it. */
  fixable: boolean;
  /** What mends it; found after the verdict. */
  edit?: Edit | null;
  notes: string[];
}

export interface Message extends Span {
  document: Document | null;
  line: number;
  deny: boolean;
  what: string;
  help: string;
}

/** A finding that an exception allows. */
export interface AllowedFinding {
  finding: Found;
  reason: string;
  place: Message;
  inSource: boolean;
}

export type Document = "manifests" | "settings";

export interface Verdict {
  status: "clean" | "violations" | "notEvaluated";
  summary: string;
  objects: number;
  findings: Found[];
  allowed: AllowedFinding[];
  problems: Message[];
  notEvaluated: Message[];
  notes: Message[];
}

export interface AskedObject {
  subject: string;
  request: { object: unknown; kind: { group: string; version: string; kind: string }; resource: { resource: string } };
  span: Span;
  line: number;
}

/** What is judged. */
export interface Texts {
  settings: string;
  manifests: string;
}

/** As long as an answer may take, in milliseconds: what hangs longer is no text that people write. */
const DEADLINE = 20_000;
const caller = new Caller(source, DEADLINE);
const NAMESPACE = "default";

async function ask<T>(call: Call, ...given: (string | number | boolean)[]): Promise<{ value: T; milliseconds: number }> {
  try {
    const { answer, milliseconds } = await caller.ask<{ answer: string; milliseconds: number }>({ call, given });
    return { value: JSON.parse(answer) as T, milliseconds };
  } catch (error) {
    // What failed once may be left in any state.
    if (!(error instanceof Failure && error.stopped)) caller.stop("restarted");
    throw error;
  }
}

const answer = async <T>(call: Call, ...given: (string | number | boolean)[]): Promise<T> => (await ask<T>(call, ...given)).value;

/** The day, as the command line counts it. */
const today = (): string => new Date().toISOString().slice(0, 10);
const given = ({ settings, manifests }: Texts): string[] => [settings, manifests, NAMESPACE, today()];

/** The verdict, and how long it took. */
export const judge = (texts: Texts) => ask<Verdict>("judge", ...given(texts));

/** What mends each finding of a verdict on the same texts. */
export const fixes = (texts: Texts) => answer<(Edit | null)[]>("fixes", ...given(texts));

/** The text with all safe fixes, or with all. */
export const mend = (texts: Texts, all: boolean) =>
  answer<{ text: string | null; changes: number; problem: string }>("mend", ...given(texts), all);

export const requests = (manifests: string) =>
  answer<{ requests: AskedObject[]; problems: (Message & { span: Span })[] }>("requests", manifests, NAMESPACE);

export const locate = (manifests: string, object: number, path: string) =>
  answer<{ span: Span; line: number } | null>("locate", manifests, object, path);

export const settingsOf = (configuration: string, policy: string) =>
  answer<{ settings?: unknown; problem?: string }>("settings", configuration, policy);

export const value = (text: string) => answer<{ value?: unknown; problem?: string; span?: Span }>("value", text);

export const validate = (policy: string, payload: string, objects: string) =>
  answer<unknown>("validate", policy, payload, objects);

export const validateSettings = (policy: string, settings: string) =>
  answer<{ valid: boolean; message?: string } | null>("validate_settings", policy, settings);

export const about = () => answer<{ version: string; policies: string[] }>("about");
