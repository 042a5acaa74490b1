// A policy's module in a worker.

import source from "module-worker-source";

import { Caller } from "./caller";
import type { Answered, Loaded } from "./module-worker";
import type { KubernetesObject, Metadata } from "./wapc";

/** As long as a call may take. policy-server stops one after two seconds; a slow machine gets more here. */
const DEADLINE = 10_000;

export class Runner {
  metadata: Metadata | null = null;
  #bytes: ArrayBuffer;
  #caller = new Caller(source, DEADLINE);

  private constructor(bytes: ArrayBuffer) {
    this.#bytes = bytes;
  }

  /** Compiles a module. Throws what is wrong with it. */
  static async load(bytes: ArrayBuffer): Promise<Runner> {
    const runner = new Runner(bytes);
    try {
      await runner.#load();
    } catch (error) {
      runner.stop();
      throw error;
    }
    return runner;
  }

  async #load(): Promise<void> {
    const { metadata, problem } = await this.#caller.ask<Loaded>({ load: this.#bytes });
    if (problem) throw new Error(problem);
    this.metadata = metadata;
  }

  /** Calls an operation on a fresh instance. */
  async call(operation: string, payload: string, objects: KubernetesObject[]): Promise<Answered> {
    if (!this.#caller.runs) await this.#load();
    return this.#caller.ask<Answered>({ operation, payload, objects });
  }

  /** Ends a call that is still under way. */
  interrupt(): void {
    if (this.#caller.waits) this.stop();
  }

  stop(): void {
    this.#caller.stop("stopped");
  }
}
