// Questions to a worker, each with a deadline. What never ends is stopped there, and the page lives on.

/** What went wrong in a worker, or that it was stopped. */
export class Failure extends Error {
  constructor(message: string, readonly stopped = false) {
    super(message);
  }
}

interface Waiting {
  resolve(reply: never): void;
  reject(failure: Failure): void;
  timer: ReturnType<typeof setTimeout>;
}

export class Caller {
  #source: string;
  #deadline: number;
  #worker: Worker | undefined;
  #waiting = new Map<number, Waiting>();
  #next = 0;

  /** `source` is the worker's script; `deadline`, in milliseconds, is for each question. */
  constructor(source: string, deadline: number) {
    this.#source = source;
    this.#deadline = deadline;
  }

  /** Whether something is not answered yet. */
  get waits(): boolean {
    return this.#waiting.size > 0;
  }

  /** Whether there is a worker, which may know what it was told before. */
  get runs(): boolean {
    return this.#worker !== undefined;
  }

  ask<Reply>(question: object): Promise<Reply> {
    this.#worker ??= this.#start();
    const worker = this.#worker;
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      const late = () => this.stop(`stopped after ${this.#deadline / 1000} seconds`);
      this.#waiting.set(id, { resolve, reject, timer: setTimeout(late, this.#deadline) });
      worker.postMessage({ id, ...question });
    });
  }

  /** Ends the worker and fails what is not answered. The next question starts another one. */
  stop(why: string): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(new Failure(why, true));
    }
    this.#waiting.clear();
  }

  #start(): Worker {
    const url = URL.createObjectURL(new Blob([this.#source], { type: "text/javascript" }));
    const worker = new Worker(url);
    URL.revokeObjectURL(url);
    worker.onmessage = ({ data }: MessageEvent<{ id: number; failure?: string }>) => {
      const waiting = this.#waiting.get(data.id);
      if (!waiting || worker !== this.#worker) return;
      clearTimeout(waiting.timer);
      this.#waiting.delete(data.id);
      if (data.failure === undefined) waiting.resolve(data as never);
      else waiting.reject(new Failure(data.failure));
    };
    worker.onerror = (event) => {
      event.preventDefault();
      if (worker === this.#worker) this.stop(event.message || "the worker could not start");
    };
    return worker;
  }
}
