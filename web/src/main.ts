// The page: what is typed, dropped, clicked and linked, and the verdict on it.

import { byId } from "./dom";
import { Editor } from "./editor";
import * as engine from "./engine";
import * as findings from "./findings";
import * as gallery from "./gallery";
import * as module from "./module";
import * as pages from "./pages";
import { pack, TooLong, unpack } from "./share";

type Panel = "manifests" | "settings" | "findings" | "rule";

const main = document.querySelector("main")!;
const editor = (id: string, label: string, hint: string) => new Editor(byId(id), label, hint, () => changed());
const manifests = editor("manifests", "Manifests", "Paste Kubernetes manifests here, drop files, or choose an example.");
const settings = editor("settings", "isolation.yaml", "registries: [myacr.azurecr.io]");
const moduleSettings = editor("module-settings", "Settings of the module", "{}");
let mode: "rules" | "module" = "rules";
let rule: string | undefined;

// --- the verdict ---

let run = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Judges soon: at once for what people type, a little later for a dump of a cluster. */
function changed(): void {
  clearTimeout(timer);
  timer = setTimeout(judge, Math.min(600, manifests.view.state.doc.length / 1500));
}

const actions: findings.Actions = {
  show(document, span) {
    panel(document);
    (document === "settings" ? settings : manifests).show(span);
  },
  openRule,
};

/** What the rules are asked, one after another: of what is typed meanwhile only the last state is judged. */
let turn: Promise<unknown> = Promise.resolve();

function judge(): Promise<unknown> {
  const current = ++run;
  const isCurrent = () => current === run;
  const next = (step: () => Promise<void>) => {
    turn = turn.then(() => (isCurrent() ? step() : undefined)).catch((error) => isCurrent() && failed(error));
    return turn;
  };
  if (mode === "module") {
    module.card();
    byId("fix-all").replaceChildren();
    return module.judge(manifests.text, moduleSettings.text, isCurrent, actions).then(
      (marks) => {
        if (!marks || !isCurrent()) return;
        manifests.mark(marks.manifests);
        moduleSettings.mark(marks.settings);
      },
      (error) => isCurrent() && failed(error),
    );
  }
  return next(async () => {
    const texts = { settings: settings.text, manifests: manifests.text };
    const { value: verdict, milliseconds } = await engine.judge(texts);
    if (!isCurrent()) return;
    main.dataset.milliseconds = milliseconds.toFixed(1);
    show(verdict);
    // How long the first one takes from the opening of the page, for the browser's own tools and for the tests.
    if (!performance.getEntriesByName("verdict").length) performance.mark("verdict");
    // What mends a finding is tried, one run each: after the verdict, and not while somebody types.
    setTimeout(() => next(() => offerFixes(verdict, texts, current)), 120);
  });
}

/** As long as a text may be, in UTF-16 code units, for which fixes are tried. */
const LONG = 200_000;

async function offerFixes(verdict: engine.Verdict, texts: engine.Texts, current: number): Promise<void> {
  if (texts.manifests.length < LONG && verdict.findings.length) {
    const edits = await engine.fixes(texts);
    const [safe, all] = [await engine.mend(texts, false), await engine.mend(texts, true)];
    if (current !== run) return;
    verdict.findings.forEach((found, index) => (found.edit = edits[index] ?? null));
    show(verdict);
    const offer = ({ text, changes }: typeof all, label: string, isSafe: boolean) =>
      text !== null && changes > 0 ? findings.button(label, isSafe, () => replace(text)) : [];
    byId("fix-all").replaceChildren(
      ...offer(safe, safe.changes === 1 ? "Apply the safe fix" : `Apply ${safe.changes} safe fixes`, true),
      ...(all.text === safe.text ? [] : offer(all, all.changes === 1 ? "Apply the fix" : `Apply all ${all.changes} fixes`, false)),
    );
  } else {
    byId("fix-all").replaceChildren();
  }
  main.dataset.run = String(current);
}

function show(verdict: engine.Verdict): void {
  findings.render(verdict, manifests, actions);
  manifests.mark(findings.marks(verdict, "manifests", manifests, actions));
  settings.mark(findings.marks(verdict, "settings", manifests, actions));
}

/** The rules gave no answer: they were stopped, or met something that they cannot digest. */
function failed(error: unknown): void {
  const what = `The rules gave no answer: ${error instanceof Error ? error.message : error}`;
  findings.summarize("notEvaluated", "nothing was judged", 1);
  const message = { document: null, from: 0, to: 0, line: 0, deny: false, what, help: "Remove unusual parts, or run isolation check" };
  byId("findings").replaceChildren(findings.remark(message, "not evaluated", "problem", actions));
  byId("fix-all").replaceChildren();
  for (const editor of [manifests, settings, moduleSettings]) editor.mark([]);
  main.dataset.run = String(run);
}

/** Replaces the text between what stays at its beginning and at its end, so that the cursor stays where it was. */
function replace(text: string): void {
  const old = manifests.text;
  let [from, end] = [0, 0];
  while (from < Math.min(old.length, text.length) && old[from] === text[from]) from++;
  const most = Math.min(old.length, text.length) - from;
  while (end < most && old[old.length - 1 - end] === text[text.length - 1 - end]) end++;
  manifests.change([{ from, to: old.length - end, insert: text.slice(from, text.length - end) }]);
}

// --- panels, modes, rules ---

function panel(name: Panel): void {
  main.dataset.panel = name;
  for (const button of document.querySelectorAll<HTMLElement>("nav.panels button")) {
    button.setAttribute("aria-current", String(button.dataset.panel === name));
  }
}

function openRule(id: string): void {
  if (!pages.known(id)) return;
  rule = id;
  main.dataset.rule = id;
  pages.show(id, openRule, (fragment) => {
    const sample = gallery.sample(fragment);
    if (!sample) return;
    setTexts(sample);
    panel("manifests");
  });
  panel("rule");
}

function closeRule(): void {
  rule = undefined;
  delete main.dataset.rule;
  pages.clear();
  panel("findings");
  byId("results").focus();
}

function choose(wanted: "rules" | "module"): void {
  mode = wanted;
  byId("mode-rules").setAttribute("aria-pressed", String(mode === "rules"));
  byId("mode-module").setAttribute("aria-pressed", String(mode === "module"));
  byId("module-card").hidden = mode === "rules";
  byId("settings").hidden = mode === "module";
  byId("module-settings").hidden = mode === "rules";
  byId("settings-title").textContent = mode === "rules" ? "isolation.yaml" : "Settings of the module";
  void judge();
}

// --- files ---

/** As much text as an editor takes, in UTF-16 code units. `isolation check` takes more. */
const LONGEST = 8_000_000;

async function take(files: Iterable<File>): Promise<void> {
  const texts: { name: string; text: string }[] = [];
  const read = async (file: File) => {
    if (file.size > LONGEST) throw new Error(`too long for the page (${Math.round(file.size / 1e6)} MB); run isolation check`);
    return file.text();
  };
  for (const file of files) {
    try {
      if (file.name.endsWith(".wasm")) {
        await module.load(file);
        moduleSettings.text = await module.firstSettings(settings.text);
        choose("module");
      } else if (/^isolation\.ya?ml$/.test(file.name)) {
        settings.text = await read(file);
      } else {
        texts.push({ name: file.name, text: await read(file) });
      }
    } catch (error) {
      notify(`${file.name}: ${error instanceof Error ? error.message : error}`);
    }
  }
  if (texts.length === 1) manifests.text = texts[0]!.text;
  if (texts.length > 1) {
    manifests.text = texts.map(({ name, text }) => `# ${name}\n${text.replace(/^---\s*\n/, "").trimEnd()}\n`).join("---\n");
  }
}

function listenForFiles(): void {
  const input = byId<HTMLInputElement>("files");
  byId("open-files").onclick = () => input.click();
  input.onchange = async () => {
    await take(input.files ?? []);
    input.value = "";
  };
  const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
  addEventListener("dragover", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    document.body.dataset.dropping = "";
  });
  addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) delete document.body.dataset.dropping;
  });
  // Before the editor takes the file's text for something to insert.
  addEventListener(
    "drop",
    (event) => {
      delete document.body.dataset.dropping;
      if (!holdsFiles(event)) return;
      event.preventDefault();
      event.stopPropagation();
      void take([...(event.dataTransfer?.files ?? [])]);
    },
    true,
  );
}

// --- links ---

/** As long as a link may be: a browser takes no longer one. */
const LINK = 1_500_000;

async function share(): Promise<void> {
  const state = { manifests: manifests.text, settings: settings.text, ...(rule ? { rule } : {}) };
  const fragment = await pack(state);
  if (fragment.length > LINK) {
    notify("The text is too long for a link. Share the file.");
    return;
  }
  history.replaceState(null, "", fragment);
  byId<HTMLInputElement>("link-text").value = location.href;
  const copied = await navigator.clipboard?.writeText(location.href).then(() => true, () => false);
  byId("link-said").textContent =
    `${copied ? "The link is copied." : "Copy the link."} It holds the text of both editors behind the #, a part that ` +
    "browsers send to no server. Whoever has the link can read the text.";
  byId<HTMLDialogElement>("link").showModal();
  byId<HTMLInputElement>("link-text").select();
}

/** Does what the address says; whether it says anything. */
async function follow(fragment: string): Promise<boolean> {
  const example = gallery.sample(fragment);
  if (example) {
    setTexts(example);
    const id = /=(NI\d+)/.exec(fragment)?.[1];
    if (id) openRule(id);
    return true;
  }
  const named = /^#rule=(NI\d{3})$/.exec(fragment)?.[1];
  if (named) {
    openRule(named);
    return false;
  }
  try {
    const state = await unpack(fragment);
    if (!state) return false;
    setTexts(state);
    if (state.rule) openRule(state.rule);
    return true;
  } catch (error) {
    const why = error instanceof TooLong ? error.message : "The link is damaged, so nothing was loaded.";
    notify(why);
    return false;
  }
}

function setTexts(texts: { manifests: string; settings: string }): void {
  manifests.text = texts.manifests;
  settings.text = texts.settings;
  if (mode === "module" && module.isLoaded()) void module.firstSettings(texts.settings).then((text) => (moduleSettings.text = text));
}

// --- the rest ---

let hide: ReturnType<typeof setTimeout> | undefined;

function notify(text: string): void {
  byId("notice").textContent = text;
  clearTimeout(hide);
  hide = setTimeout(() => (byId("notice").textContent = ""), 15_000);
}

const dark = matchMedia("(prefers-color-scheme: dark)");
const kept = {
  get: (): string | null => {
    try {
      return localStorage.getItem("theme");
    } catch {
      return null;
    }
  },
  set: (value: string): void => {
    try {
      localStorage.setItem("theme", value);
    } catch {
      // A browser that keeps nothing for a file has the system's colours next time.
    }
  },
};

function paint(): void {
  const wanted = kept.get() ?? chosen ?? "system";
  const shown = wanted === "system" ? (dark.matches ? "dark" : "light") : wanted;
  document.documentElement.dataset.theme = shown;
  byId("theme").setAttribute("aria-label", `Colours: ${wanted === "system" ? "as the system" : wanted}`);
}

let chosen: string | undefined;

function listen(): void {
  for (const button of document.querySelectorAll<HTMLElement>("nav.panels button")) {
    button.onclick = () => panel(button.dataset.panel as Panel);
  }
  byId("mode-rules").onclick = () => choose("rules");
  byId("mode-module").onclick = () => choose("module");
  byId("close-rule").onclick = closeRule;
  byId("share").onclick = () => void share();
  byId("open-help").onclick = () => byId<HTMLDialogElement>("help").showModal();
  byId("open-examples").onclick = () =>
    gallery.open((sample, id) => {
      setTexts(sample);
      if (pages.known(id)) openRule(id);
      panel("manifests");
    });
  byId("theme").onclick = () => {
    const order = ["system", dark.matches ? "light" : "dark", dark.matches ? "dark" : "light"];
    chosen = order[(order.indexOf(kept.get() ?? chosen ?? "system") + 1) % 3]!;
    kept.set(chosen);
    paint();
  };
  dark.addEventListener("change", paint);
  addEventListener("hashchange", () => void follow(location.hash));
  listenForFiles();
}

async function begin(): Promise<void> {
  paint();
  listen();
  panel("manifests");
  const first = gallery.first();
  if (!(await follow(location.hash)) && first) setTexts(first);
  try {
    const { version, policies } = await engine.about();
    byId("version").textContent = `Version ${version}, with ${policies.length} policies.`;
  } catch (error) {
    findings.summarize("notEvaluated", `The rules cannot start in this browser: ${error}`, 0);
    return;
  }
  await judge();
  document.documentElement.dataset.ready = "";
}

void begin();
