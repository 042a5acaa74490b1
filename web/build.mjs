// Builds the page: one HTML file that holds all of itself, so that it opens as a file, and from any web server, and needs no
// network. `node web/build.mjs MODULE FOLDER` takes what web/bindgen wrote and writes FOLDER/index.html.

import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..");
const [folder = join(root, "dist/web")] = process.argv.slice(2);
const read = (path) => readFileSync(join(root, path));
const text = (path) => read(path).toString();

/** Modules that are made of files of the repository. */
const made = {
  "isolation.wasm": () => JSON.stringify(gzipSync(read("target/web/isolation_bg.wasm"), { level: 9 }).toString("base64")),
  "rule-pages": () => {
    const files = readdirSync(join(root, "docs/rules")).filter((file) => /^NI\d{3}\.md$/.test(file)).sort();
    return JSON.stringify(Object.fromEntries(files.map((file) => [file.slice(0, -3), text(`docs/rules/${file}`)])));
  },
  examples: () => {
    const shop = {
      id: "shop", name: "shop", policy: "To begin with", summary: "A small shop: as a team hands it in, and as it should be.",
      bad: { manifests: text("examples/shop.yaml"), settings: text("examples/isolation.yaml") },
      good: { manifests: text("examples/isolated-shop.yaml"), settings: text("examples/isolation.yaml") },
    };
    return JSON.stringify([shop, ...JSON.parse(text("docs/examples.json"))]);
  },
  "rules-worker-source": async () => JSON.stringify(await bundle("rules-worker.ts")),
  "module-worker-source": async () => JSON.stringify(await bundle("module-worker.ts")),
};

async function bundle(entry) {
  const { outputFiles } = await build({
    absWorkingDir: here,
    entryPoints: [`src/${entry}`],
    bundle: true,
    format: "iife",
    target: "es2022",
    minify: true,
    write: false,
    legalComments: "none",
    charset: "utf8",
    define: { "import.meta.url": '""' },
    plugins: [{
      name: "made",
      setup({ onResolve, onLoad }) {
        const filter = new RegExp(`^(${Object.keys(made).join("|").replace(".", "\\.")})$`);
        onResolve({ filter }, ({ path }) => ({ path, namespace: "made" }));
        onLoad({ filter, namespace: "made" }, async ({ path }) => ({ contents: await made[path](), loader: "json" }));
      },
    }],
  });
  return outputFiles[0].text;
}

// What stands inside of an element ends with the first end tag, whatever it means in JavaScript.
const script = (await bundle("main.ts")).replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
const style = text("web/src/style.css");
const hash = (source) => `'sha256-${createHash("sha256").update(source).digest("base64")}'`;
const policy = [
  "default-src 'none'",
  `script-src ${hash(script)} 'wasm-unsafe-eval'`,
  `style-src ${hash(style)}`,
  "style-src-attr 'unsafe-inline'", // Chromium writes such attributes itself while one types into an editor
  "img-src data:", // the editor's own signs
  "worker-src blob:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");
const parts = { policy, style, script };
const page = text("web/src/index.html").replace(/\{\{(\w+)\}\}/g, (_, name) => parts[name]);
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, "index.html"), page);
const kilobytes = (bytes) => `${Math.round(bytes / 1000)} KB`;
console.log(`${join(folder, "index.html")}: ${kilobytes(page.length)}, ${kilobytes(gzipSync(page).length)} compressed`);
