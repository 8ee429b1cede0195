// Which texts match what was typed, and how well: letters in their order; starts of words count more.

const WORD_START = 8;
const IN_A_ROW = 4;

/** The better the higher; undefined where the letters are not all there in this order. */
export function score(text: string, typed: string): number | undefined {
  const hay = text.toLowerCase();
  const needle = typed.toLowerCase().replaceAll(/\s+/g, '');
  let total = 0;
  let at = -1;
  for (const letter of needle) {
    const next = hay.indexOf(letter, at + 1);
    if (next < 0) return undefined;
    const isStart = next === 0 || /[^a-z0-9]/.test(hay[next - 1] ?? '');
    total += (isStart ? WORD_START : 0) + (next === at + 1 ? IN_A_ROW : 0);
    at = next;
  }
  return total - hay.length / 100;
}

export function rank<T>(all: readonly T[], typed: string, textOf: (each: T) => string): T[] {
  if (typed.trim() === '') return [...all];
  return all
    .map((each) => ({each, score: score(textOf(each), typed)}))
    .filter((scored) => scored.score !== undefined)
    .sort((a, b) => b.score! - a.score!)
    .map((scored) => scored.each);
}
