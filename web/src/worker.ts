// Runs a module away from the page, so that one that never ends can be stopped.

import { call, metadata, unsupported, type KubernetesObject, type Metadata } from "./wapc";

export type Question =
  | { id: number; load: ArrayBuffer }
  | { id: number; operation: string; payload: string; objects: KubernetesObject[] };

export type Reply =
  | { id: number; metadata: Metadata | null; problem: string }
  | { id: number; answer: string; log: string[]; milliseconds: number }
  | { id: number; failure: string; log: string[] };

let module: WebAssembly.Module | undefined;

self.onmessage = async ({ data }: MessageEvent<Question>) => {
  const reply = (value: Reply) => self.postMessage(value);
  const log: string[] = [];
  try {
    if ("load" in data) {
      module = await WebAssembly.compile(data.load);
      reply({ id: data.id, metadata: metadata(module), problem: unsupported(module) });
      return;
    }
    const granted = metadata(module!)?.contextAwareResources ?? [];
    const before = performance.now();
    const answer = call(module!, data.operation, data.payload, { objects: data.objects, granted, log });
    reply({ id: data.id, answer, log, milliseconds: performance.now() - before });
  } catch (error) {
    reply({ id: data.id, failure: error instanceof Error ? error.message : String(error), log });
  }
};
