// The rules in the page and the page's waPC host, without a browser: every case of the repository, by the module that is
// released and by the rules that are linked, must have one answer.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";
import { parse } from "yaml";

import { fixable, judge, linkedRules } from "./fixable.mjs";
import { answering, call, number, wasm } from "./wasm.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
let [rules, wapc] = [];

async function bundled(entry) {
  const { outputFiles } = await build({
    entryPoints: [join(root, "web/src", entry)], bundle: true, format: "esm", write: false, platform: "neutral",
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
}

before(async () => {
  rules = await linkedRules();
  wapc = await bundled("wapc.ts");
});

const withoutNulls = (value) => {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== null).map(([k, v]) => [k, withoutNulls(v)]));
};

/** What the policy is called with. Keys are sorted, as policy-server has them. */
function payload(given) {
  if (given.payload !== undefined) return given.payload;
  const { object, oldObject, operation, subResource, user = "alice" } = given;
  let request = given.request;
  if (!request) {
    const built = JSON.parse(rules.request(JSON.stringify({ object, oldObject, operation, subResource, user })));
    assert.ok(built.request, built.problem);
    request = built.request;
  }
  return JSON.stringify({ request, settings: given.settings ?? {} });
}

const policies = readdirSync(join(root, "e2e-tests/cases")).sort();
test("there is a module of every policy that has cases", () => assert.equal(policies.length, 7));

for (const policy of policies) {
  test(`the module of ${policy} and the linked rules give the same answers`, async () => {
    const module = await WebAssembly.compile(readFileSync(join(root, `dist/${policy}.wasm`)));
    assert.equal(wapc.unsupported(module), "");
    const metadata = wapc.metadata(module);
    assert.equal(metadata.annotations["io.kubewarden.policy.title"], policy);
    const granted = metadata.contextAwareResources ?? [];
    const folder = join(root, "e2e-tests/cases", policy);
    let compared = 0;
    for (const file of readdirSync(folder)) {
      const given = parse(readFileSync(join(folder, file), "utf8"), { merge: true, maxAliasCount: -1 });
      const objects = given.cluster ?? [];
      const call = (operation, text) => JSON.parse(wapc.call(module, operation, text, { objects, granted, log: [] }));
      const settings = JSON.stringify(given.settings ?? {});
      const name = `${policy}/${file}`;
      assert.deepEqual(
        withoutNulls(call("validate_settings", settings)),
        withoutNulls(JSON.parse(rules.validate_settings(policy, settings))),
        name,
      );
      if (![given.object, given.oldObject, given.request, given.payload].some((part) => part !== undefined)) {
        compared++;
        continue;
      }
      const text = payload(given);
      const answer = call("validate", text);
      assert.deepEqual(
        withoutNulls(answer),
        withoutNulls(JSON.parse(rules.validate(policy, text, JSON.stringify(objects)))),
        name,
      );
      // That both are wrong in the same way, the case itself would show.
      if (given.expect.accepted !== undefined) assert.equal(answer.accepted, given.expect.accepted, name);
      compared++;
    }
    assert.ok(compared > 20, `${compared} cases of ${policy}`);
  });
}

test("a module that asks for what is not granted is refused in the words of policy-server", async () => {
  const module = await WebAssembly.compile(readFileSync(join(root, "dist/private-storage.wasm")));
  const object = {
    apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: "a", namespace: "b" }, spec: { storageClassName: "mine" },
  };
  const text = payload({ object, settings: { lookup: true } });
  const { message } = JSON.parse(wapc.call(module, "validate", text, { objects: [], granted: [], log: [] }));
  assert.match(message, /has not been granted access to Kubernetes storage.k8s.io\/v1\/StorageClass/);
});

test("what is no waPC module is said to be none", async () => {
  const empty = await WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
  assert.match(wapc.unsupported(empty), /exports no __guest_call/);
});

test("every bad example has its finding, every good one has none", () => {
  const examples = JSON.parse(readFileSync(join(root, "docs/examples.json"), "utf8"));
  assert.ok(examples.length > 60);
  const wrong = [];
  for (const { id, bad, good } of examples) {
    const [refused, accepted] = [bad, good].map((texts) => judge(rules, texts));
    if (!refused.findings.some(({ rule }) => rule === id)) wrong.push(`${id}: ${JSON.stringify(refused)}`);
    if (accepted.status !== "clean" || accepted.findings.length) wrong.push(`${id} good: ${JSON.stringify(accepted)}`);
  }
  assert.deepEqual(wrong, []);
});

test("every change that a finding carries is a click away, and ends clean where nothing else is wrong", () => {
  const { found, quiet, offered, stuck } = fixable(rules);
  console.log(`${offered.length} changes in cases, of ${found.size} rules whose objects end clean and ${quiet.size} others`);
  assert.ok(offered.length > 100 && found.size > 15, `${offered.length} ${found.size}`);
  const missing = offered.filter(({ edit }) => !edit).map(({ name }) => name);
  const ofImages = (name) => `private-images/${name}.yaml`;
  assert.deepEqual(missing, [
    // A block of lines, or a list where an object belongs, cannot be written otherwise without touching what stands around
    // it.
    "internal-load-balancers/internal-trailing-newline.yaml",
    // The finding would go, and another one come: an internal load balancer takes no public address.
    "internal-load-balancers/pip-name-on-public.yaml",
    "isolated-clusters/aso-network-profile-list.yaml",
    // Each of several images of different registries would get the same name.
    ...["argo-operation", "argo-operation", "kserve-oci-modes", "kserve-oci-modes", "kserve-oci-modes"].map(ofImages),
    ...["mcr-look-alikes", "mcr-look-alikes", "mcr-look-alikes", "mcr-look-alikes"].map(ofImages),
    ...["port-allowed", "port-allowed"].map(ofImages),
    // Another finding again: with a private endpoint, the account's public one has no use.
    "private-storage/class-public-access-enabled-without-endpoint.yaml",
    "private-storage/class-value-with-line-break.yaml",
  ]);
  assert.deepEqual(stuck, []);
  assert.ok(offered.some(({ edit }) => edit.safe) && offered.some(({ edit }) => !edit.safe));
});

test("a module gets no more memory than the page can give", async () => {
  // It answers where its memory cannot grow to 9000 pages, which are 562 MiB.
  const growing = await wapc.prepare(wasm({ body: [number(9000), [0x40, 0], number(-1), [0x46]] }).buffer);
  assert.equal(growing.problem, "");
  assert.equal(wapc.call(growing.module, "validate", "{}", { objects: [], granted: [], log: [] }), "");
  const greedy = await wapc.prepare(wasm({ body: [number(1)], pages: 65_536 }).buffer);
  assert.match(greedy.problem, /asks for 4096 MiB of memory. This page gives a module 512 MiB/);
});

test("a module of ours is called with the bytes that it has, but for the limit of its memory", async () => {
  const bytes = readFileSync(join(root, "dist/private-images.wasm"));
  const { module, problem } = await wapc.prepare(new Uint8Array(bytes).buffer);
  assert.equal(problem, "");
  assert.equal(wapc.metadata(module).annotations["io.kubewarden.policy.title"], "private-images");
});

test("metadata of other types does no harm", async () => {
  for (const metadata of ["null", "[1]", '{"rules": 7, "annotations": ["x"], "contextAwareResources": {"a": 1}, "executionMode": 3}']) {
    const { metadata: read, problem } = await wapc.prepare(answering("{}", { metadata }).buffer);
    assert.deepEqual([problem, read.annotations, read.contextAwareResources], ["", {}, []], metadata);
  }
  await assert.rejects(wapc.prepare(answering("{}", { metadata: "{" }).buffer), /metadata is not JSON/);
});

test("a module that logs without end fills no memory", async () => {
  const { module } = await wapc.prepare(wasm({ host: "__console_log", pages: 4, body: [number(0), number(200_000), call, number(0), number(200_000), call, number(0)] }).buffer);
  const log = [];
  assert.throws(() => wapc.call(module, "validate", "{}", { objects: [], granted: [], log }), /the call failed/);
  assert.equal(log.join("").includes("the rest of the log is left out"), true);
  assert.ok(log.join("").length < 300_000);
});

// How long it took is printed for docs/page.md, and decides nothing: a machine may be busy.
test("a Pod of 7 KB is judged alike each time", () => {
  const variables = Array.from({ length: 90 }, (_, at) => `    - {name: VARIABLE_${at}, value: "a value of some length, ${at}"}`);
  const pod = ["apiVersion: v1", "kind: Pod", "metadata: {name: web, namespace: shop}", "spec:", "  containers:",
    "  - name: web", "    image: nginx:1.27", "    env:", ...variables, ""].join("\n");
  assert.ok(pod.length > 5_000 && pod.length < 9_000, `${pod.length}`);
  const times = Array.from({ length: 5 }, () => {
    const began = performance.now();
    const verdict = judge(rules, { settings: "registries: [myacr.azurecr.io]", manifests: pod });
    assert.equal(verdict.findings.length, 1);
    return performance.now() - began;
  });
  console.log(`first ${times[0].toFixed(1)} ms, then ${Math.min(...times).toFixed(1)} ms`);
});

test("the page stays below 2 MB, compressed as it is served", async () => {
  const { gzipSync } = await import("node:zlib");
  const size = gzipSync(readFileSync(join(root, "dist/web/index.html"))).length;
  console.log(`${size} bytes`);
  assert.ok(size < 2_000_000, `${size}`);
});
