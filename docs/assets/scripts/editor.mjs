/** A field for code: CodeMirror, in a shadow root, where the page's policy lets it have its styles. */

import {
  bracketMatching,
  defaultKeymap,
  EditorState,
  EditorView,
  HighlightStyle,
  history,
  historyKeymap,
  indentUnit,
  indentWithTab,
  keymap,
  LanguageSupport,
  pythonLanguage,
  syntaxHighlighting,
  tags,
} from "../vendor/codemirror.mjs";

const KEYS = "Tab indents. Press Escape, then Tab, to leave the editor.";

/** @param {string} name of one of the site's colours for code */
const colour = (name) => ({ color: `var(--md-code-hl-${name}-color)` });

const HIGHLIGHT = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.definitionKeyword], ...colour("keyword") },
  { tag: [tags.bool, tags.null, tags.self], ...colour("constant") },
  { tag: [tags.string, tags.special(tags.string)], ...colour("string") },
  { tag: tags.number, ...colour("number") },
  { tag: [tags.comment, tags.docString], ...colour("comment") },
  { tag: [tags.punctuation, tags.bracket, tags.separator], ...colour("punctuation") },
]);

const THEME = EditorView.theme({
  "&": { color: "var(--md-code-fg-color)", backgroundColor: "var(--md-code-bg-color)", maxHeight: "70vh", border: "1px solid var(--md-default-fg-color--light)", borderRadius: "4px" },
  "&.cm-focused": { outline: "2px solid var(--md-accent-fg-color)", outlineOffset: "2px" },
  ".cm-scroller": { fontFamily: "var(--md-code-font-family)", fontSize: "var(--editor-size)", lineHeight: "1.55", overflow: "auto" },
  ".cm-content": { padding: "0.6rem 0", caretColor: "var(--md-accent-fg-color)" },
  ".cm-line": { padding: "0 0.8rem" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--md-accent-fg-color--transparent)", outline: "1px solid var(--md-accent-fg-color)" },
});

/** A browser keeps the colour of what is typed over, by an inline style, which the policy refuses. */
const TYPED_OVER = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const typed = event.inputType === "insertText" && event.data !== null && !view.composing;
    if (!typed || view.state.selection.main.empty) return false;
    view.dispatch(view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
    return true;
  },
});

const PLAIN = new CSSStyleSheet();
PLAIN.replaceSync("p { margin: 0.3rem 0 0.8rem; font: 0.72rem/1.5 var(--md-text-font-family); color: var(--md-default-fg-color--light) }");

/** A field for a Python program, in the page once it is put there. */
export class Editor {
  element = document.createElement("div");

  /** @param {string} code @param {string} label @param {(code: string) => void} [changed] */
  constructor(code, label, changed) {
    this.element.className = "run__editor";
    const root = this.element.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [PLAIN];
    const keys = Object.assign(document.createElement("p"), { id: "keys", textContent: KEYS });
    const heard = EditorView.updateListener.of((update) => update.docChanged && changed?.(this.value));
    const attributes = { "aria-label": label, "aria-describedby": keys.id, spellcheck: "false", autocapitalize: "off", tabindex: "0" };
    const extensions = [
      new LanguageSupport(pythonLanguage),
      indentUnit.of("    "),
      EditorState.tabSize.of(4),
      history(),
      bracketMatching(),
      syntaxHighlighting(HIGHLIGHT),
      keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]),
      EditorView.contentAttributes.of(attributes),
      THEME,
      TYPED_OVER,
      heard,
    ];
    this.view = new EditorView({ doc: code, extensions, parent: root, root });
    root.append(keys);
  }

  get value() {
    return this.view.state.doc.toString();
  }

  set value(code) {
    this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length, insert: code } });
  }

  focus() {
    this.view.focus();
  }

  remove() {
    this.view.destroy();
    this.element.remove();
  }
}
