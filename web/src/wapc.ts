// A waPC host: runs a policy's module as Kubewarden's policy-server does, one fresh instance a call.
//
// It knows nothing of the page and nothing of our policies; it is tested in Node.js on every case that the repository has.

export interface Resource {
  apiVersion: string;
  kind: string;
}

/** What a module's metadata says, as far as a host needs it. */
export interface Metadata {
  executionMode?: string;
  mutating?: boolean;
  contextAwareResources?: Resource[];
  annotations?: Record<string, string>;
  rules?: { apiGroups: string[]; resources: string[] }[];
}

/** A Kubernetes object; one with the key `failure` stands for a look-up that fails. */
export type KubernetesObject = {
  apiVersion?: string;
  kind?: string;
  metadata?: { name?: string; namespace?: string };
  failure?: string;
};

/** What a call may ask, and what came of it beside the answer. */
export interface Surroundings {
  objects: KubernetesObject[];
  granted: Resource[];
  /** What the module writes: its log, its standard output. */
  log: string[];
}

const SECTION = "io.kubewarden.metadata";
const BAD_DESCRIPTOR = 8;
const NOT_IMPLEMENTED = 52;

/** As much as a module may hand over in one piece: far more than an admission response has. */
const TEXT = 16 << 20;
/** As much as is kept of what it logs, in characters. */
const LOG = 64 << 10;
/** As much memory as an instance may have, in pages of 64 KiB. Without a limit a module could have the browser end the page. */
const PAGES = 8192;
const megabytes = (bytes: number): string => `${Math.round(bytes / (1 << 20))} MiB`;

class Exit extends Error {
  constructor(readonly status: number) {
    super(`it exited with status ${status}`);
  }
}

/** A module that is ready to be called, or why it cannot be. */
export interface Prepared {
  module: WebAssembly.Module;
  metadata: Metadata | null;
  problem: string;
}

/** Compiles a module whose memory can grow to the limit and no further. Nothing else in it changes. */
export async function prepare(bytes: ArrayBuffer): Promise<Prepared> {
  const [limited, asked] = limit(new Uint8Array(bytes));
  const module = await WebAssembly.compile(limited);
  const tooMuch = `It asks for ${megabytes(asked * 65_536)} of memory. This page gives a module ${megabytes(PAGES * 65_536)}.`;
  return { module, metadata: metadata(module), problem: asked > PAGES ? tooMuch : unsupported(module) };
}

/** The module with its memory limited, and how many pages it asks for at once. What is no module stays as it is. */
function limit(bytes: Uint8Array<ArrayBuffer>): [Uint8Array<ArrayBuffer>, number] {
  let at = 8;
  const number = (): number => {
    let [value, factor] = [0, 1];
    for (;;) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 127) * factor;
      factor *= 128;
      if (byte < 128) return value;
    }
  };
  const written = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...written(value >>> 7)]);
  const MEMORY = 5;
  while (at < bytes.length) {
    const start = at;
    const [id, size] = [bytes[at++], number()];
    const end = at + size;
    if (id !== MEMORY) {
      at = end;
      continue;
    }
    const count = number();
    const memories: number[] = [];
    let most = 0;
    for (let index = 0; index < count && at < end; index++) {
      const flags = bytes[at++] ?? 0;
      const least = number();
      const maximum = flags & 1 ? number() : Infinity;
      most = Math.max(most, least);
      memories.push(flags | 1, ...written(Math.min(least, PAGES)), ...written(Math.min(maximum, PAGES)));
    }
    const content = [...written(count), ...memories];
    const section = [MEMORY, ...written(content.length), ...content];
    const limited = new Uint8Array(start + section.length + Math.max(bytes.length - end, 0));
    limited.set(bytes.subarray(0, start));
    limited.set(section, start);
    limited.set(bytes.subarray(end), start + section.length);
    return [limited, most];
  }
  return [bytes, 0];
}

/** The metadata that a module carries; none if it was not annotated. What has another type than Kubewarden's is left out. */
export function metadata(module: WebAssembly.Module): Metadata | null {
  const [section] = WebAssembly.Module.customSections(module, SECTION);
  if (!section) return null;
  let read: unknown;
  try {
    read = JSON.parse(new TextDecoder().decode(section));
  } catch {
    throw new Error("Its metadata is not JSON.");
  }
  const { executionMode, mutating, contextAwareResources, annotations, rules } = members(read);
  return {
    ...(typeof executionMode === "string" ? { executionMode } : {}),
    mutating: mutating === true,
    contextAwareResources: list(contextAwareResources).map(members).flatMap(({ apiVersion, kind }) =>
      typeof apiVersion === "string" && typeof kind === "string" ? [{ apiVersion, kind }] : [],
    ),
    annotations: Object.fromEntries(
      Object.entries(members(annotations)).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
    ),
    ...(rules === undefined
      ? {}
      : {
          rules: list(rules).map(members).map(({ apiGroups, resources }) => ({
            apiGroups: list(apiGroups).map(String),
            resources: list(resources).map(String),
          })),
        }),
  };
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const members = (value: unknown): Record<string, unknown> =>
  value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

/** Why this host cannot run a module, in a sentence; empty if it can. */
export function unsupported(module: WebAssembly.Module): string {
  const mode = metadata(module)?.executionMode ?? "kubewarden-wapc";
  if (mode !== "kubewarden-wapc") {
    return `Its execution mode is ${mode}. This page runs kubewarden-wapc; kwctl runs the others.`;
  }
  if (!WebAssembly.Module.exports(module).some(({ name }) => name === "__guest_call")) {
    return "It exports no __guest_call, so it is not a waPC module.";
  }
  const known = ["wapc", "wasi_snapshot_preview1", "wasi_unstable"];
  const strange = WebAssembly.Module.imports(module).find((imported) => !known.includes(imported.module));
  return strange ? `It imports ${strange.module}.${strange.name}, which no engine provides.` : "";
}

/** Calls an operation on a fresh instance. */
export function call(module: WebAssembly.Module, operation: string, payload: string, around: Surroundings): string {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  const [operationBytes, payloadBytes] = [encoder.encode(operation), encoder.encode(payload)];
  let memory: WebAssembly.Memory | undefined;
  const view = (): Uint8Array => new Uint8Array(memory!.buffer);
  const data = (): DataView => new DataView(memory!.buffer);
  const bytes = (at: number, length: number): Uint8Array => view().slice(at >>> 0, (at >>> 0) + (length >>> 0));
  const text = (at: number, length: number): string => {
    if (length >>> 0 > TEXT) throw new Error(`it hands over ${megabytes(length >>> 0)} in one piece`);
    return decoder.decode(bytes(at, length));
  };
  let logged = 0;
  const log = (line: string): void => {
    if (logged > LOG) return;
    logged += line.length + 1;
    around.log.push(logged > LOG ? "… the rest of the log is left out" : line);
  };
  const put = (value: Uint8Array, at: number): void => view().set(value, at >>> 0);
  const number = (at: number, value: number): void => data().setUint32(at >>> 0, value, true);

  let [response, failure] = ["", ""];
  let [hostResponse, hostError] = [new Uint8Array(), new Uint8Array()];

  const wapc: Record<string, (...args: number[]) => number | void> = {
    __guest_request(operationAt, payloadAt) {
      put(operationBytes, operationAt!);
      put(payloadBytes, payloadAt!);
    },
    __guest_response(at, length) {
      response = text(at!, length!);
    },
    __guest_error(at, length) {
      failure = text(at!, length!);
    },
    __console_log(at, length) {
      log(text(at!, length!));
    },
    __host_call(...args) {
      const said = [0, 2, 4, 6].map((index) => text(args[index]!, args[index + 1]!));
      try {
        hostResponse = encoder.encode(hostCall(said[0]!, said[1]!, said[2]!, said[3]!, around, log));
        return 1;
      } catch (error) {
        hostError = encoder.encode(error instanceof Error ? error.message : String(error));
        return 0;
      }
    },
    __host_response_len: () => hostResponse.length,
    __host_response: (at) => put(hostResponse, at!),
    __host_error_len: () => hostError.length,
    __host_error: (at) => put(hostError, at!),
  };

  // As much of WASI as a module without files, arguments and environment can use.
  const wasi: Record<string, (...args: any[]) => number> = {
    args_sizes_get(count: number, size: number) {
      number(count, 0);
      number(size, 0);
      return 0;
    },
    args_get: () => 0,
    environ_sizes_get(count: number, size: number) {
      number(count, 0);
      number(size, 0);
      return 0;
    },
    environ_get: () => 0,
    clock_res_get(_clock: number, at: number) {
      data().setBigUint64(at >>> 0, 1_000_000n, true);
      return 0;
    },
    clock_time_get(_clock: number, _precision: bigint, at: number) {
      data().setBigUint64(at >>> 0, BigInt(Date.now()) * 1_000_000n, true);
      return 0;
    },
    random_get(at: number, length: number) {
      const random = new Uint8Array(Math.min(length >>> 0, view().length));
      for (let from = 0; from < random.length; from += 65_536) {
        crypto.getRandomValues(random.subarray(from, from + 65_536));
      }
      put(random, at);
      return 0;
    },
    fd_write(descriptor: number, vectors: number, count: number, written: number) {
      if (descriptor !== 1 && descriptor !== 2) return BAD_DESCRIPTOR;
      let [line, total] = ["", 0];
      for (let index = 0; index < count; index++) {
        const at = (vectors >>> 0) + 8 * index;
        const length = data().getUint32(at + 4, true);
        if (line.length <= LOG) line += text(data().getUint32(at, true), length);
        total += length;
      }
      if (line.trim()) log(line.trimEnd());
      number(written, total);
      return 0;
    },
    fd_read(_descriptor: number, _vectors: number, _count: number, read: number) {
      number(read, 0);
      return 0;
    },
    fd_close: () => BAD_DESCRIPTOR,
    fd_seek: () => BAD_DESCRIPTOR,
    fd_prestat_get: () => BAD_DESCRIPTOR,
    fd_fdstat_get(descriptor: number, at: number) {
      if (descriptor > 2) return BAD_DESCRIPTOR;
      view().fill(0, at >>> 0, (at >>> 0) + 24);
      view()[at >>> 0] = 2; // a character device
      return 0;
    },
    sched_yield: () => 0,
    proc_exit(status: number) {
      throw new Exit(status);
    },
  };

  const imports: WebAssembly.Imports = { wapc, wasi_snapshot_preview1: {}, wasi_unstable: {} };
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    if (from.startsWith("wasi")) {
      imports[from]![name] = wasi[name] ?? (() => NOT_IMPLEMENTED);
    }
  }
  const { exports } = new WebAssembly.Instance(module, imports);
  memory = exports.memory as WebAssembly.Memory;
  for (const name of ["_initialize", "_start", "wapc_init"]) {
    const start = exports[name] as (() => void) | undefined;
    try {
      start?.();
    } catch (error) {
      if (!(error instanceof Exit && error.status === 0)) throw error;
    }
  }
  const guest = exports.__guest_call as (operation: number, payload: number) => number;
  if (guest(operationBytes.length, payloadBytes.length) !== 1) {
    throw new Error(failure ? `Guest call failure: ${failure}` : "the call failed and the module does not say why");
  }
  return response;
}

/** Answers what a module asks, as policy-server does whose cluster has these objects; throws what it refuses with. */
function hostCall(
  binding: string,
  namespace: string,
  operation: string,
  payload: string,
  around: Surroundings,
  log: (line: string) => void,
): string {
  if (binding !== "kubewarden") throw new Error(`unknown binding: ${binding}`);
  if (namespace === "tracing" && operation === "log") {
    const { level, message } = JSON.parse(payload) as { level?: string; message?: string };
    log(`${level ?? "log"}: ${message ?? payload}`);
    return "";
  }
  if (namespace === "kubernetes" && operation.startsWith("list_")) {
    const asked = JSON.parse(payload) as Record<string, string | null>;
    refuseUnlessGranted(asked.api_version!, asked.kind!, around);
    if (asked.label_selector || asked.field_selector) {
      throw new Error("This page does not evaluate selectors of look-ups.");
    }
    const items = around.objects.filter(
      (object) =>
        object.apiVersion === asked.api_version &&
        object.kind === asked.kind &&
        (operation !== "list_resources_by_namespace" || object.metadata?.namespace === asked.namespace),
    );
    return JSON.stringify({ apiVersion: "v1", kind: "List", metadata: {}, items });
  }
  if (namespace === "kubernetes" && operation === "get_resource") {
    const { api_version, kind, name, namespace: where } = JSON.parse(payload) as Record<string, string | null>;
    refuseUnlessGranted(api_version!, kind!, around);
    const found = around.objects.find(
      (object) =>
        object.apiVersion === api_version &&
        object.kind === kind &&
        object.metadata?.name === name &&
        (!where || object.metadata?.namespace === where),
    );
    const prefix = "Callback evaluation failure: ";
    if (found?.failure) throw new Error(prefix + found.failure.replace(prefix, ""));
    if (!found) {
      const inside = where == null ? "None" : `Some("${where}")`;
      throw new Error(`${prefix}Cannot find ${api_version}/${kind} named '${name}' inside of namespace '${inside}'`);
    }
    return JSON.stringify(found);
  }
  throw new Error(
    `Policy has not been granted access to the '${namespace}/${operation}' host capability. The violation has been reported.`,
  );
}

function refuseUnlessGranted(apiVersion: string, kind: string, { granted }: Surroundings): void {
  if (!granted.some((resource) => resource.apiVersion === apiVersion && resource.kind === kind)) {
    throw new Error(
      `Policy has not been granted access to Kubernetes ${apiVersion}/${kind} resources. The violation has been reported.`,
    );
  }
}
