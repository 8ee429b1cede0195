// axe-core on a page: what it finds serious or critical of WCAG 2.2 A and AA, as text.
import axe from 'axe-core';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

// What is asked of a page: all there is, its colours alone, or all but those.
export const EVERYTHING = {runOnly: {type: 'tag', values: TAGS}};
export const COLOURS = {runOnly: {type: 'rule', values: ['color-contrast']}};
export const ALL_BUT_COLOURS = {...EVERYTHING, rules: {'color-contrast': {enabled: false}}};

export async function complaints(page, asked = EVERYTHING) {
  await page.evaluate(axe.source); // by the debugger: the page's policy refuses a script of ours
  const result = await page.evaluate((options) => globalThis.axe.run(document, options), asked);
  return result.violations
    .filter((found) => found.impact === 'serious' || found.impact === 'critical')
    .flatMap((found) =>
      found.nodes.map((node) => `${found.id} (${found.impact}): ${found.help}: ${node.html}`),
    );
}
