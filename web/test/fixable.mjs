// What a click can mend, from the cases of the repository: for each rule that carries a change, texts that are clean after clicks.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { parse, stringify } from "yaml";

const root = fileURLToPath(new URL("../..", import.meta.url));
const TODAY = "2026-12-01";

/** The rules of the page, in this process. */
export async function linkedRules() {
  const rules = await import(join(root, "target/web/isolation.js"));
  await rules.default({ module_or_path: readFileSync(join(root, "target/web/isolation_bg.wasm")) });
  return rules;
}

export const judge = (rules, { settings, manifests }) => JSON.parse(rules.judge(settings, manifests, "default", TODAY));
export const edits = (rules, { settings, manifests }) => JSON.parse(rules.fixes(settings, manifests, "default", TODAY));

/** The text after a click. */
export const clicked = (text, { changes: [{ from, to, insert }] }) => text.slice(0, from) + insert + text.slice(to);

/** Every case that one manifest holds, as the page has it: that policy's settings, and no other policy. */
export function* texts() {
  const policies = readdirSync(join(root, "e2e-tests/cases")).sort();
  for (const policy of policies) {
    const folder = join(root, "e2e-tests/cases", policy);
    for (const file of readdirSync(folder).sort()) {
      const given = parse(readFileSync(join(folder, file), "utf8"), { merge: true, maxAliasCount: -1 });
      const others = ["oldObject", "operation", "subResource", "request", "payload", "user", "cluster"];
      if (given.object === undefined || others.some((key) => given[key] !== undefined)) continue;
      const off = Object.fromEntries(policies.filter((other) => other !== policy).map((other) => [other, false]));
      const settings = stringify({ [policy]: given.settings ?? {}, ...off });
      yield { name: `${policy}/${file}`, settings, manifests: stringify(given.object, { aliasDuplicateObjects: false }) };
    }
  }
}

/** Clicks until nothing is offered any more; the texts then, and the verdict on them. */
function mend(rules, given) {
  let { manifests } = given;
  for (let clicks = 0; clicks < 20; clicks++) {
    const edit = edits(rules, { ...given, manifests }).find(Boolean);
    if (!edit) break;
    manifests = clicked(manifests, edit);
  }
  return judge(rules, { ...given, manifests });
}

/**
 * By rule: texts that clicks make clean; where every case has something that no value mends, texts in which the rule has nothing
 * left that carries a change (`quiet`). Rules that have neither are `stuck`.
 */
export function fixable(rules) {
  const [found, quiet, carried, offered] = [new Map(), new Map(), new Set(), []];
  for (const given of texts()) {
    const { findings } = judge(rules, given);
    const ids = findings.filter((finding) => finding.fixable).map(({ rule }) => rule);
    if (!ids.length) continue;
    const made = edits(rules, given);
    findings.forEach((finding, index) => finding.fixable && offered.push({ ...given, finding, edit: made[index] }));
    ids.forEach((id) => carried.add(id));
    const wanted = ids.filter((id) => !found.has(id));
    if (!wanted.length) continue;
    const { status, findings: left } = mend(rules, given);
    for (const id of wanted) {
      if (status === "clean") found.set(id, given);
      else if (!left.some(({ rule, fixable }) => rule === id && fixable)) quiet.set(id, given);
    }
  }
  for (const id of found.keys()) quiet.delete(id);
  return { found, quiet, offered, stuck: [...carried].filter((id) => !found.has(id) && !quiet.has(id)).sort() };
}
