// Builds the book: copies the repository's pages, so that every link is where it is on GitHub, lets mdBook make HTML of them,
// puts the page that judges beside them, and fails where a link of the result leads nowhere.

import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const stage = join(root, "target/book");
const source = join(stage, "src");
const result = join(root, "dist/book");
const [mdbook = "mdbook"] = process.argv.slice(2);

rmSync(stage, { recursive: true, force: true });
mkdirSync(source, { recursive: true });
cpSync(join(root, "docs/book/book.toml"), join(stage, "book.toml"));
// What a page may link to: pages, and the files that they speak of.
for (const entry of ["docs", "examples", "deploy", "README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "LICENSE", "benches/README.md", "fuzz/README.md"]) {
  cpSync(join(root, entry), join(source, entry), { recursive: true });
}
for (const policy of readdirSync(join(root, "policies"))) {
  cpSync(join(root, "policies", policy, "README.md"), join(source, "policies", policy, "README.md"));
}
rmSync(join(source, "docs/book"), { recursive: true });

// The list of chapters, seen from the root, with the rules' pages below their table.
const rules = readdirSync(join(root, "docs/rules")).sort().map((file) => {
  const [title] = readFileSync(join(root, "docs/rules", file), "utf8").split("\n");
  return `  - [${title.replace(/^# /, "")}](docs/rules/${file})`;
});
const summary = readFileSync(join(root, "docs/SUMMARY.md"), "utf8")
  .replace(/\]\(([^)]+)\)/g, (_, link) => `](${relative(root, join(root, "docs", link))})`)
  .replace("(docs/rules.md)", `(docs/rules.md)\n${rules.join("\n")}`);
writeFileSync(join(source, "SUMMARY.md"), summary);
rmSync(join(source, "docs/SUMMARY.md"));

// A link to a folder, or to a file that is no chapter, is one to the repository: in the book it is text.
const chapters = new Set([...summary.matchAll(/\]\(([^)]+\.md)\)/g)].map(([, file]) => file));
for (const file of chapters) {
  const path = join(source, file);
  const text = readFileSync(path, "utf8").replace(/<!-- (example=NI\d+\.(?:bad|good)) -->/g, "[Try it in the browser](../../page/index.html#$1)").replace(/(^|[^!])\[([^\]]+)\]\(([^)#]+)(#[^)]*)?\)/g, (whole, before, words, link) => {
    if (link.includes(":") || link.endsWith("page/index.html")) return whole;
    const target = relative(source, resolve(dirname(path), link));
    const known = target.endsWith(".md") ? chapters.has(target) : existsSync(join(source, target)) && statSync(join(source, target)).isFile();
    return known ? whole : `${before}${words}`;
  });
  writeFileSync(path, file === "docs/page.md" ? text.replace("(page/index.html)", "(../page/index.html)") : text);
}

execFileSync(mdbook, ["build", stage], { stdio: "inherit" });
rmSync(result, { recursive: true, force: true });
cpSync(join(stage, "html"), result, { recursive: true });
mkdirSync(join(result, "page"), { recursive: true });
cpSync(join(root, "dist/web/index.html"), join(result, "page/index.html"));

// Links of the result. One into the page that judges opens an example.
const examples = new Set(JSON.parse(readFileSync(join(root, "docs/examples.json"), "utf8")).map(({ id }) => id));
const ids = new Map();
function idsOf(file) {
  if (!ids.has(file)) ids.set(file, new Set([...readFileSync(file, "utf8").matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id)));
  return ids.get(file);
}
const broken = [];
let checked = 0;
function check(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) check(path);
    // 404.html has absolute links; the page that judges has none.
    else if (entry.name.endsWith(".html") && entry.name !== "404.html" && !path.endsWith("page/index.html")) checkPage(path);
  }
}
function checkPage(page) {
  const html = readFileSync(page, "utf8").replace(/<script[\s\S]*?<\/script>/g, "");
  for (const [, link] of html.matchAll(/\s(?:href|src)="([^"]*)"/g)) {
    if (/^[a-z]+:/i.test(link) || link === "") continue;
    checked++;
    const [path, anchor] = link.split("#");
    const target = path ? resolve(dirname(page), decodeURIComponent(path)) : page;
    const where = `${relative(result, page)}: ${link}`;
    const example = /^example=([\w-]+)\.(bad|good)$/.exec(anchor ?? "")?.[1];
    if (!existsSync(target) || (example && !examples.has(example))) broken.push(where);
    else if (example) continue;
    else if (anchor && target.endsWith(".html") && !idsOf(target).has(decodeURIComponent(anchor))) broken.push(where);
  }
}
check(result);
if (broken.length) {
  console.error(`links that lead nowhere:\n${broken.join("\n")}`);
  process.exit(1);
}
console.log(`${result}: ${chapters.size} chapters, ${checked} links checked`);
