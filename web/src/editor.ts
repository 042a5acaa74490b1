// An editor for YAML. It stands in a shadow tree, where CodeMirror's styles are adopted sheets, which the page's policy for
// content allows without a nonce.

import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, foldGutter, foldKeymap, HighlightStyle, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, Transaction } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  placeholder,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";

import type { Change, Span } from "./engine";

const theme = EditorView.theme({
  "&": { height: "100%", color: "var(--text)", backgroundColor: "var(--surface)", fontSize: "var(--code-size)" },
  "&.cm-focused": { outline: "none" },
  // Over the gutters, which would cover an outline.
  "&.cm-focused::after": {
    content: '""', position: "absolute", inset: "0", zIndex: "300", pointerEvents: "none", border: "2px solid var(--accent)",
  },
  ".cm-placeholder": { color: "var(--faint)" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.55" },
  ".cm-content": { caretColor: "var(--text)", paddingBlock: "8px" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  ".cm-gutters": { backgroundColor: "var(--surface)", color: "var(--faint)", border: "none" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--active-line)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--selection)",
  },
  ".cm-selectionMatch": { backgroundColor: "var(--selection-match)" },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": { backgroundColor: "var(--selection-match)", outline: "none" },
  ".cm-lintRange-error": { backgroundImage: "none", borderBottom: "2px solid var(--deny)", backgroundColor: "var(--deny-wash)" },
  ".cm-lintRange-warning": { backgroundImage: "none", borderBottom: "2px solid var(--warn)", backgroundColor: "var(--warn-wash)" },
  ".cm-lintRange-active": { backgroundColor: "var(--selection)" },
  ".cm-tooltip, .cm-panels": { backgroundColor: "var(--raised)", color: "var(--text)", borderColor: "var(--line)" },
  ".cm-tooltip": { maxWidth: "min(40rem, 90vw)", borderRadius: "6px", overflow: "hidden" },
  ".cm-lint-marker": { width: "0.55em", height: "0.55em", margin: "0.5em auto 0", borderRadius: "50%", padding: "0" },
  ".cm-gutter-lint .cm-gutterElement": { padding: "0 2px" },
  ".cm-lint-marker-error": { content: "normal", backgroundColor: "var(--deny)" },
  ".cm-lint-marker-warning": { content: "normal", backgroundColor: "var(--warn)" },
  ".cm-lint-marker-info": { content: "normal", backgroundColor: "var(--faint)" },
  ".cm-diagnostic": { padding: "8px 12px", fontFamily: "var(--sans)", fontSize: "0.875rem", borderLeftWidth: "4px" },
  ".cm-diagnosticText": { display: "block" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--deny)" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--warn)" },
  ".cm-diagnosticAction": {
    backgroundColor: "var(--accent)",
    color: "var(--on-accent)",
    padding: "3px 10px",
    borderRadius: "4px",
    margin: "6px 8px 0 0",
    fontSize: "0.8125rem",
    border: "1px solid var(--accent)",
  },
  ".cm-diagnosticAction.quiet": { backgroundColor: "transparent", color: "var(--accent)" },
  ".cm-panel.cm-search input, .cm-panel.cm-search button, .cm-panel.cm-search label": { fontSize: "0.8125rem" },
  ".cm-textfield": { backgroundColor: "var(--surface)", color: "var(--text)", borderColor: "var(--line)" },
  ".cm-button": { backgroundImage: "none", backgroundColor: "var(--surface)", color: "var(--text)", borderColor: "var(--line)" },
});

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--hl-key)" },
  { tag: [tags.string, tags.content, tags.special(tags.string)], color: "var(--hl-string)" },
  { tag: [tags.number, tags.bool, tags.null, tags.keyword], color: "var(--hl-literal)" },
  { tag: [tags.comment, tags.lineComment], color: "var(--hl-comment)", fontStyle: "italic" },
  { tag: [tags.separator, tags.punctuation, tags.squareBracket, tags.brace, tags.meta], color: "var(--faint)" },
  { tag: [tags.labelName, tags.typeName], color: "var(--hl-literal)" },
]);

/** Where the page is a column, a long line breaks: nobody scrolls sideways with a thumb. */
const narrow = matchMedia("(max-width: 820px)");

export class Editor {
  readonly view: EditorView;

  constructor(host: HTMLElement, label: string, hint: string, changed: () => void) {
    const wrapping = new Compartment();
    const wrap = () => (narrow.matches ? EditorView.lineWrapping : []);
    const root = host.attachShadow({ mode: "open" });
    const parent = document.createElement("div");
    parent.style.height = "100%";
    // Ids do not reach into a shadow tree, so what describes the editor is in it.
    const keys = document.createElement("p");
    keys.id = "keys";
    keys.hidden = true;
    keys.textContent = "F8 goes to the next finding. Tab leaves the editor.";
    root.append(parent, keys);
    this.view = new EditorView({
      root,
      parent,
      state: EditorState.create({
        extensions: [
          lineNumbers(),
          highlightActiveLineGutter(),
          highlightSpecialChars(),
          history(),
          foldGutter(),
          drawSelection(),
          indentOnInput(),
          syntaxHighlighting(colours),
          bracketMatching(),
          highlightActiveLine(),
          highlightSelectionMatches(),
          search({ top: true }),
          lintGutter(),
          yaml(),
          placeholder(hint),
          wrapping.of(wrap()),
          theme,
          // Tab leaves the editor, so that a keyboard reaches all of the page.
          keymap.of([...defaultKeymap, ...searchKeymap, ...historyKeymap, ...foldKeymap, ...lintKeymap]),
          EditorView.contentAttributes.of({ "aria-label": label, "aria-describedby": keys.id, spellcheck: "false", tabindex: "0" }),
          EditorView.updateListener.of((update) => update.docChanged && changed()),
        ],
      }),
    });
    narrow.addEventListener("change", () => this.view.dispatch({ effects: wrapping.reconfigure(wrap()) }));
  }

  get text(): string {
    return this.view.state.doc.toString();
  }

  /** Replaces all of the text. It can be undone. */
  set text(text: string) {
    this.view.dispatch({
      changes: { from: 0, to: this.view.state.doc.length, insert: text },
      selection: { anchor: 0 },
      annotations: Transaction.userEvent.of("input.replace"),
      scrollIntoView: true,
    });
  }

  change(changes: Change[]): void {
    const length = this.view.state.doc.length;
    if (changes.some(({ from, to }) => to > length || from > to)) return;
    this.view.dispatch({ changes, annotations: Transaction.userEvent.of("input.fix"), scrollIntoView: true });
    this.view.focus();
  }

  mark(diagnostics: Diagnostic[]): void {
    const length = this.view.state.doc.length;
    const inside = diagnostics.filter(({ from, to }) => from <= to && to <= length);
    this.view.dispatch(setDiagnostics(this.view.state, inside));
  }

  /** Goes to a place. */
  show({ from, to }: Span): void {
    const length = this.view.state.doc.length;
    const selection = { anchor: Math.min(from, length), head: Math.min(to, length) };
    this.view.dispatch({ selection, effects: EditorView.scrollIntoView(selection.anchor, { y: "center" }) });
    this.view.focus();
  }
}
