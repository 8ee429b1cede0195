// Colours that programs choose, moved until they can be read on either theme.

export type Rgb = [number, number, number];

/** Of the panel that log lines stand on: --color-panel in app.css. */
const LIGHT: Rgb = [255, 255, 255];
const DARK: Rgb = [22, 27, 32];
const ENOUGH = 4.6; // WCAG 2.2 AA asks for 4.5

function luminance(colour: Rgb): number {
  const [red, green, blue] = colour.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

export function contrast(one: Rgb, other: Rgb): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/** The colour, moved towards black or white no further than it takes. */
export function readableOn(colour: Rgb, background: Rgb): Rgb {
  const goal = luminance(background) > 0.5 ? 0 : 255;
  for (let part = 0; part < 1; part += 0.05) {
    const moved = colour.map((value) => Math.round(value + (goal - value) * part)) as Rgb;
    if (contrast(moved, background) >= ENOUGH) return moved;
  }
  return [goal, goal, goal];
}

const known = new Map<string, string>();
const MOST_KNOWN = 1_000; // programs that draw gradients have many

/** As a value of CSS. */
export function readable(colour: Rgb): string {
  const key = colour.join();
  const made = known.get(key);
  if (made) return made;
  if (known.size >= MOST_KNOWN) known.clear();
  const css = (value: Rgb) => `rgb(${value.join(' ')})`;
  const pair = `light-dark(${css(readableOn(colour, LIGHT))}, ${css(readableOn(colour, DARK))})`;
  known.set(key, pair);
  return pair;
}
