// The rules, linked into one Wasm module, away from the page: a text that takes long to judge stops nobody from typing.

import init, * as wasm from "../../target/web/isolation.js";
// The module, compressed, as text: a page that is opened as a file may fetch nothing.
import packed from "isolation.wasm";

export type Call = Exclude<keyof typeof wasm, "default" | "initSync">;

async function start(): Promise<void> {
  const compressed = Uint8Array.from(atob(packed), (character) => character.charCodeAt(0));
  const stream = new Blob([compressed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const module = await WebAssembly.compile(await new Response(stream).arrayBuffer());
  await init({ module_or_path: module });
}

const started = start();

self.onmessage = async ({ data }: MessageEvent<{ id: number; call: Call; given: never[] }>) => {
  const { id, call, given } = data;
  try {
    await started;
    const began = performance.now();
    const answer = (wasm[call] as (...given: never[]) => string)(...given);
    self.postMessage({ id, answer, milliseconds: performance.now() - began });
  } catch (error) {
    self.postMessage({ id, failure: error instanceof Error ? error.message : String(error) });
  }
};
