// The YAML editor: CodeMirror in a shadow root, since the page's policy allows no style made by scripts
// in the document, and a shadow root may have style sheets of its own.
import {autocompletion, completionKeymap, type CompletionContext, type CompletionResult} from '@codemirror/autocomplete';
import {defaultKeymap, history, historyKeymap} from '@codemirror/commands';
import {yaml} from '@codemirror/lang-yaml';
import {bracketMatching, HighlightStyle, indentUnit, syntaxHighlighting} from '@codemirror/language';
import {lintGutter, lintKeymap, setDiagnostics, type Diagnostic} from '@codemirror/lint';
import {searchKeymap} from '@codemirror/search';
import {EditorState, type Text} from '@codemirror/state';
import {EditorView, highlightActiveLine, keymap, lineNumbers} from '@codemirror/view';
import {tags} from '@lezer/highlight';
import {useEffect, useRef} from 'react';
import {type Mistake, replacement} from './document';
import {keysAt, type Schema, valuesAt} from './manifest-schema';
import {placeAt} from './place';

interface YamlEditorProps {
  text: string;
  onChange: (text: string) => void;
  schema: Schema | undefined;
  mistakes: readonly Mistake[];
}

export default function YamlEditor({text, onChange, schema, mistakes}: YamlEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const latest = useRef({onChange, schema});
  latest.current = {onChange, schema};
  const initial = useRef(text);
  // What was written here comes back as `text`, later than the next key on a busy machine: it is known
  // by this list, and never put over what is newer.
  const written = useRef<string[]>([]);

  useEffect(() => {
    const element = host.current!;
    const root = element.shadowRoot ?? element.attachShadow({mode: 'open'});
    const made = new EditorView({
      root, parent: root,
      state: EditorState.create({
        doc: initial.current,
        extensions: [
          EXTENSIONS,
          autocompletion({override: [(context) => complete(context, latest.current.schema)]}),
          EditorView.updateListener.of((update) => {
            if (!update.docChanged) return;
            const next = update.state.doc.toString();
            written.current.push(next);
            latest.current.onChange(next);
          }),
        ],
      }),
    });
    view.current = made;
    return () => {
      initial.current = made.state.doc.toString();
      made.destroy();
      view.current = undefined;
    };
  }, []);
  useEffect(() => {
    const own = written.current.lastIndexOf(text);
    if (own >= 0) {
      written.current.splice(0, own + 1);
      return;
    }
    const made = view.current;
    const changes = made && replacement(made.state.doc.toString(), text);
    if (changes) made.dispatch({changes});
    written.current = []; // what the form wrote is told to the listener too
  }, [text]);
  useEffect(() => {
    const made = view.current;
    if (made) made.dispatch(setDiagnostics(made.state, mistakes.map((mistake) => diagnosticOf(mistake, made.state.doc))));
  }, [mistakes]);
  return <div ref={host} data-yaml-editor="" className="h-full min-h-0 overflow-hidden" />;
}

/** From the place of a mistake to the end of its word. */
function diagnosticOf({line, column, message}: Mistake, doc: Text): Diagnostic {
  const found = doc.line(Math.max(1, Math.min(line, doc.lines)));
  const from = Math.min(found.from + Math.max(0, column - 1), found.to);
  const word = /^[\w.-]+|^\S+/.exec(found.text.slice(from - found.from))?.[0].length ?? 0;
  return {from, to: Math.min(found.to, from + word), severity: 'error', message};
}

function complete(context: CompletionContext, schema: Schema | undefined): CompletionResult | null {
  const place = schema && placeAt(context.state.doc.toString(), context.pos);
  if (!place || (place.word === '' && !context.explicit)) return null;
  if (place.key !== undefined) {
    const values = valuesAt([...place.path, place.key], schema);
    return {
      from: place.from, validFor: /^\S*$/,
      options: values.map(({text, description}) => ({label: text, type: 'enum', info: description})),
    };
  }
  const keys = keysAt(place.path, schema).filter((key) => !place.present.includes(key.name) || key.name === place.word);
  return {
    from: place.from, validFor: /^[\w.-]*$/,
    options: keys.map(({name, description, isMap}) => ({
      label: name, type: 'property', info: description, apply: `${name}:${isMap ? '' : ' '}`,
    })),
  };
}

const COLORS = HighlightStyle.define([
  {tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--color-accent)'},
  {tag: [tags.string, tags.special(tags.string)], color: 'var(--color-good)'},
  {tag: [tags.number, tags.bool, tags.null, tags.keyword], color: 'var(--color-busy)'},
  {tag: [tags.comment, tags.lineComment], color: 'var(--color-dim)', fontStyle: 'italic'},
  {tag: [tags.punctuation, tags.separator, tags.brace, tags.squareBracket], color: 'var(--color-dim)'},
]);

const LOOK = EditorView.theme({
  '&': {height: '100%', color: 'var(--color-ink)', backgroundColor: 'var(--color-panel)', fontSize: '13px'},
  '&.cm-focused': {outline: '2px solid var(--color-accent)', outlineOffset: '-2px'},
  '.cm-scroller': {fontFamily: 'var(--font-mono)', lineHeight: '1.55'},
  '.cm-content': {caretColor: 'var(--color-ink)'},
  '.cm-gutters': {backgroundColor: 'var(--color-sunken)', color: 'var(--color-dim)', border: 'none'},
  '.cm-activeLine': {backgroundColor: 'color-mix(in srgb, var(--color-sunken) 60%, transparent)'},
  '.cm-activeLineGutter': {backgroundColor: 'transparent'},
  '.cm-tooltip': {backgroundColor: 'var(--color-panel)', color: 'var(--color-ink)', border: '1px solid var(--color-line)', borderRadius: '6px'},
  '.cm-tooltip-autocomplete ul li[aria-selected]': {backgroundColor: 'var(--color-accent-soft)', color: 'var(--color-ink)'},
  // CodeMirror draws these by data: addresses, which the page's policy refuses.
  '.cm-lint-marker-error': {content: '"✕"', color: 'var(--color-bad)', fontWeight: 'bold', textAlign: 'center', lineHeight: '1'},
  '.cm-lintRange-error': {backgroundImage: 'none', textDecoration: 'underline wavy var(--color-bad)'},
  '.cm-diagnostic-error': {borderLeftColor: 'var(--color-bad)'},
  '.cm-panels': {backgroundColor: 'var(--color-sunken)', color: 'var(--color-ink)'},
});

const EXTENSIONS = [
  lineNumbers(), lintGutter(), history(), bracketMatching(), highlightActiveLine(), indentUnit.of('  '),
  EditorState.tabSize.of(2), yaml(), syntaxHighlighting(COLORS), LOOK,
  // Tab stays what it is on a page: it goes on to the next thing.
  keymap.of([...completionKeymap, ...lintKeymap, ...searchKeymap, ...historyKeymap, ...defaultKeymap]),
  // It takes the focus as it is; the tabindex says so to those who do not know contenteditable.
  EditorView.contentAttributes.of({'aria-label': 'Definition in YAML', tabindex: '0'}),
];
