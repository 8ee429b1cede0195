// The keyboard: one listener for the page, a registry that `?` lists. Keys are written as people say
// them: "g j" (one after the other), "?", "mod+k" (Ctrl, or Cmd on a Mac).
import {useEffect, useRef} from 'react';
import {shared} from '@/components/store';

const SEQUENCE_MS = 2_000; // time to look where the second key is

export interface Shortcut {
  keys: string;
  does: string;
  group: 'Anywhere' | 'Go to' | 'In a table' | 'This page';
  run: () => void;
}

export const shortcuts = shared<Shortcut[]>([]);

/** Adds shortcuts as long as the component is there; the latest of the same keys wins. */
export function useShortcuts(added: Shortcut[]): void {
  const latest = useRef(added);
  latest.current = added;
  const names = added.map((each) => `${each.keys}\t${each.does}\t${each.group}`).join('\n');
  useEffect(() => {
    const mine = latest.current.map((each, at) => ({...each, run: () => latest.current[at]?.run()}));
    shortcuts.set((all) => [...all, ...mine]);
    return () => shortcuts.set((all) => all.filter((each) => !mine.includes(each)));
  }, [names]);
}

export interface Pressed {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

/** "mod+k", "j", "G", "Escape"; undefined for what is no shortcut's business. */
export function keyName(event: Pressed): string | undefined {
  if (event.altKey || ['Shift', 'Control', 'Meta', 'Alt'].includes(event.key)) return undefined;
  return event.ctrlKey || event.metaKey ? `mod+${event.key.toLowerCase()}` : event.key;
}

/** Follows what is pressed and finds the shortcut that it completes. */
export class KeySequence {
  private before = '';
  private beforeAt = Number.NEGATIVE_INFINITY;

  press(name: string, now: number, known: readonly {keys: string}[]): string | undefined {
    const start = now - this.beforeAt < SEQUENCE_MS ? this.before : '';
    this.before = '';
    const candidates = start ? [`${start} ${name}`, name] : [name];
    for (const keys of candidates) {
      if (known.some((each) => each.keys === keys)) return keys;
      if (known.some((each) => each.keys.startsWith(`${keys} `))) {
        this.before = keys;
        this.beforeAt = now;
        return undefined;
      }
    }
    return undefined;
  }
}

function isTyping(event: KeyboardEvent): boolean {
  const at = event.composedPath()[0];
  if (!(at instanceof HTMLElement)) return false;
  return at.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(at.tagName);
}

/** Once in the app. */
export function useKeyboard(): void {
  useEffect(() => {
    const sequence = new KeySequence();
    const pressed = (event: KeyboardEvent) => {
      const name = keyName(event);
      if (!name || event.defaultPrevented) return;
      const isFree = !isTyping(event) && !document.querySelector('dialog[open]');
      if (!isFree && !name.startsWith('mod+')) return;
      const keys = sequence.press(name, event.timeStamp, shortcuts.get());
      const found = keys && shortcuts.get().findLast((each) => each.keys === keys);
      if (!found) return;
      event.preventDefault();
      found.run();
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, []);
}
