// A module in a worker, with a deadline.

import source from "worker-source";

import type { KubernetesObject, Metadata } from "./wapc";
import type { Question, Reply } from "./worker";

/** As long as a call may take. policy-server stops one after two seconds; a slow machine gets more here. */
const DEADLINE = 10_000;

type Asked = Question extends infer Q ? (Q extends { id: number } ? Omit<Q, "id"> : never) : never;

export class Runner {
  metadata: Metadata | null = null;
  #bytes: ArrayBuffer;
  #worker: Worker | undefined;
  #next = 0;

  private constructor(bytes: ArrayBuffer) {
    this.#bytes = bytes;
  }

  /** Compiles a module. Throws what is wrong with it. */
  static async load(bytes: ArrayBuffer): Promise<Runner> {
    const runner = new Runner(bytes);
    await runner.#start();
    return runner;
  }

  async #start(): Promise<void> {
    const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    this.#worker = new Worker(url);
    const reply = await this.#ask({ load: this.#bytes });
    URL.revokeObjectURL(url);
    if ("failure" in reply) throw new Error(reply.failure);
    if ("problem" in reply && reply.problem) throw new Error(reply.problem);
    if ("metadata" in reply) this.metadata = reply.metadata;
  }

  #ask(question: Asked): Promise<Reply> {
    const worker = this.#worker!;
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      const finish = () => {
        clearTimeout(timer);
        worker.removeEventListener("message", heard);
        worker.removeEventListener("error", failed);
      };
      const heard = ({ data }: MessageEvent<Reply>) => {
        if (data.id !== id) return;
        finish();
        resolve(data);
      };
      const failed = (event: ErrorEvent) => {
        finish();
        reject(new Error(event.message || "the worker could not start"));
      };
      const timer = setTimeout(() => {
        finish();
        this.stop();
        reject(new Error(`stopped after ${DEADLINE / 1000} seconds`));
      }, DEADLINE);
      worker.addEventListener("message", heard);
      worker.addEventListener("error", failed);
      worker.postMessage({ id, ...question });
    });
  }

  /** Calls an operation on a fresh instance. */
  async call(operation: string, payload: string, objects: KubernetesObject[]): Promise<Reply> {
    if (!this.#worker) await this.#start();
    return this.#ask({ operation, payload, objects });
  }

  stop(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
  }
}
