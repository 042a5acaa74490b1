// Runs a module away from the page, so that one that never ends can be stopped.

import { call, metadata, prepare, type KubernetesObject, type Metadata } from "./wapc";

export type Question =
  | { load: ArrayBuffer }
  | { operation: string; payload: string; objects: KubernetesObject[] };

export type Loaded = { metadata: Metadata | null; problem: string };
export type Answered = { answer: string; log: string[]; milliseconds: number };

let module: WebAssembly.Module | undefined;

self.onmessage = async ({ data }: MessageEvent<Question & { id: number }>) => {
  const log: string[] = [];
  const reply = (value: object) => self.postMessage({ id: data.id, ...value });
  try {
    if ("load" in data) {
      const prepared = await prepare(data.load);
      module = prepared.module;
      reply({ metadata: prepared.metadata, problem: prepared.problem } satisfies Loaded);
      return;
    }
    const granted = metadata(module!)?.contextAwareResources ?? [];
    const before = performance.now();
    const answer = call(module!, data.operation, data.payload, { objects: data.objects, granted, log });
    reply({ answer, log, milliseconds: performance.now() - before } satisfies Answered);
  } catch (error) {
    reply({ failure: [error instanceof Error ? error.message : String(error), ...log].join("\n") });
  }
};
