// A line as a terminal would show it: escape sequences become pieces with a look. Only what is on the
// screen is parsed. What is not understood is left out, never shown and never run.
import type {Span} from './source';
import {readable, type Rgb} from './colour';

export interface Look {
  /** Classes of log.css: "ansi-bold ansi-fg-1". */
  classes: string;
  /** Colours beyond the sixteen of the theme. */
  colour?: string;
  background?: string;
}

export interface Piece extends Look {
  text: string;
  href?: string;
  isHit: boolean;
}

interface State {
  styles: Set<string>;
  fg?: number | Rgb;
  bg?: number | Rgb;
  isInverse: boolean;
  href?: string;
}

const STYLES: Record<number, string> = {
  1: 'ansi-bold', 2: 'ansi-faint', 3: 'ansi-italic', 4: 'ansi-underline', 8: 'ansi-hidden', 9: 'ansi-strike',
};
const STYLE_ENDS: Record<number, string[]> = {
  22: ['ansi-bold', 'ansi-faint'], 23: ['ansi-italic'], 24: ['ansi-underline'], 28: ['ansi-hidden'],
  29: ['ansi-strike'],
};

// CSI, OSC ended by BEL or ESC \, any other sequence.
// eslint-disable-next-line no-control-regex
const SEQUENCE = /\x1b(?:\[([\x30-\x3f]*)[\x20-\x2f]*([\x40-\x7e])?|\]((?:(?!\x07|\x1b\\)[^])*)(?:\x07|\x1b\\)?|[\x20-\x2f]*[\x30-\x7e]?)/g;

/** The colour of a number of the 256-colour palette from 16 on. */
export function paletteColour(index: number): Rgb {
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return [grey, grey, grey];
  }
  const at = index - 16;
  const level = (n: number) => (n === 0 ? 0 : 55 + n * 40);
  return [level(Math.floor(at / 36)), level(Math.floor(at / 6) % 6), level(at % 6)];
}

/** 38;5;N and 38;2;R;G;B, with the numbers behind the 38; how many were used comes back too. */
function extendedColour(codes: number[]): {colour?: number | Rgb; used: number} {
  const isByte = (n: number | undefined): n is number => n !== undefined && n >= 0 && n <= 255;
  if (codes[0] === 5) {
    const index = codes[1];
    if (!isByte(index)) return {used: 2};
    return {colour: index < 16 ? index : paletteColour(index), used: 2};
  }
  if (codes[0] !== 2) return {used: 1};
  const [red, green, blue] = codes.slice(1, 4);
  if (!isByte(red) || !isByte(green) || !isByte(blue)) return {used: 4};
  return {colour: [red, green, blue], used: 4};
}

function applyCodes(state: State, codes: number[]): void {
  for (let i = 0; i < codes.length; ++i) {
    const code = codes[i]!;
    if (code === 0) {
      state.styles.clear();
      state.fg = state.bg = undefined;
      state.isInverse = false;
    } else if (STYLES[code]) state.styles.add(STYLES[code]);
    else if (STYLE_ENDS[code]) for (const style of STYLE_ENDS[code]) state.styles.delete(style);
    else if (code === 7 || code === 27) state.isInverse = code === 7;
    else if (code >= 30 && code <= 37) state.fg = code - 30;
    else if (code >= 40 && code <= 47) state.bg = code - 40;
    else if (code >= 90 && code <= 97) state.fg = code - 82;
    else if (code >= 100 && code <= 107) state.bg = code - 92;
    else if (code === 39) state.fg = undefined;
    else if (code === 49) state.bg = undefined;
    else if (code === 38 || code === 48) {
      const {colour, used} = extendedColour(codes.slice(i + 1));
      if (colour !== undefined && code === 38) state.fg = colour;
      if (colour !== undefined && code === 48) state.bg = colour;
      i += used;
    }
  }
}

const css = ([red, green, blue]: Rgb) => `rgb(${red} ${green} ${blue})`;

function lookOf(state: State): Look {
  const classes = [...state.styles];
  const look: Look = {classes: ''};
  const {fg, bg} = state;
  if (state.isInverse) classes.push('ansi-inverse');
  if (typeof fg === 'number') classes.push(`ansi-fg-${fg}`);
  // Alone, a colour is moved until it can be read on the theme; on a background of its own it is as asked.
  else if (fg) look.colour = bg === undefined ? readable(fg) : css(fg);
  if (typeof bg === 'number') classes.push(`ansi-bg-${bg}`);
  else if (bg) look.background = css(bg);
  look.classes = classes.join(' ');
  return look;
}

/** Only what a page may open from a log: a web address. */
export function safeLink(address: string): string | undefined {
  try {
    const url = new URL(address);
    return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : undefined;
  } catch {
    return undefined;
  }
}

function follow(state: State, sequence: RegExpExecArray): void {
  const [, parameters, final, command] = sequence;
  if (final === 'm' && parameters !== undefined) {
    applyCodes(state, parameters.split(/[;:]/).map((code) => (code === '' ? 0 : Number(code))));
  }
  if (command?.startsWith('8;')) {
    const address = command.slice(command.indexOf(';', 2) + 1);
    state.href = address ? safeLink(address) : undefined;
  }
}

/** The part of a line that is left after programs went back to its begin with '\r', as progress bars do. */
export function lastWritten(text: string): {text: string; skipped: string} {
  const end = text.endsWith('\r') ? text.length - 1 : text.length;
  const from = text.lastIndexOf('\r', end - 1) + 1;
  return {text: text.slice(from, end), skipped: text.slice(0, from)};
}

export function visibleText(text: string): string {
  return text.replace(SEQUENCE, '');
}

const WEB_ADDRESS = /https?:\/\/[^\s<>"'`\\^{|}\u0000-\u001f]+/g;

/** An address without the punctuation that ends the sentence around it. */
function trimAddress(address: string): string {
  let end = address.length;
  while (end > 0 && '.,;:!?)]'.includes(address[end - 1]!)) {
    const last = address[end - 1];
    if (last === ')' && address.slice(0, end).split('(').length >= address.slice(0, end).split(')').length) break;
    if (last === ']' && address.slice(0, end).split('[').length >= address.slice(0, end).split(']').length) break;
    --end;
  }
  return address.slice(0, end);
}

/** The addresses in a text, as places. */
export function findLinks(text: string): {begin: number; end: number; href: string}[] {
  return [...text.matchAll(WEB_ADDRESS)].flatMap((found) => {
    const address = trimAddress(found[0]);
    const href = safeLink(address);
    return href ? [{begin: found.index, end: found.index + address.length, href}] : [];
  });
}

interface Run {
  begin: number; // in the visible text
  text: string;
  look: Look;
  href?: string;
}

function runsOf(text: string): {runs: Run[]; visible: string} {
  const state: State = {styles: new Set(), isInverse: false};
  const runs: Run[] = [];
  let visible = '';
  const add = (part: string) => {
    if (part === '') return;
    // eslint-disable-next-line no-control-regex
    const shown = part.replace(/[\x00-\x08\x0b-\x1f\x7f]/g, '\ufffd');
    runs.push({begin: visible.length, text: shown, look: lookOf(state), ...(state.href ? {href: state.href} : {})});
    visible += shown;
  };
  let at = 0;
  for (const sequence of text.matchAll(SEQUENCE)) {
    add(text.slice(at, sequence.index));
    at = sequence.index + sequence[0].length;
    follow(state, sequence);
  }
  add(text.slice(at));
  return {runs, visible};
}

/** A line's pieces; `spans` are what a search found in all of its visible text. */
export function parseLine(line: string, spans: readonly Span[] = []): Piece[] {
  const {text, skipped} = lastWritten(line);
  const {runs, visible} = runsOf(text);
  const shift = skipped === '' ? 0 : visibleText(skipped).length;
  const hits = spans.map(({begin, length}) => ({begin: begin - shift, end: begin - shift + length}));
  const links = findLinks(visible);
  const cuts = new Set<number>();
  for (const {begin, end} of [...hits, ...links]) cuts.add(begin).add(end);
  const ordered = [...cuts].sort((a, b) => a - b);
  return runs.flatMap((run) => {
    const end = run.begin + run.text.length;
    const edges = [run.begin, ...ordered.filter((cut) => cut > run.begin && cut < end), end];
    return edges.slice(1).map((to, i): Piece => {
      const from = edges[i]!;
      const isIn = (place: {begin: number; end: number}) => from >= place.begin && to <= place.end;
      const href = run.href ?? links.find(isIn)?.href;
      return {
        ...run.look,
        text: run.text.slice(from - run.begin, to - run.begin),
        isHit: hits.some(isIn),
        ...(href ? {href} : {}),
      };
    });
  });
}
