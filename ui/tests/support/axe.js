// axe-core on a page: what it finds serious or critical of WCAG 2.2 A and AA, as text.
import axe from 'axe-core';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
// What takes long and says nothing here: passes, selectors, other frames, style sheets read again.
const QUICK = {resultTypes: ['violations'], selectors: false, iframes: false, preload: false};

// What is asked of a page: all there is, its colours alone, or all but those.
export const EVERYTHING = {...QUICK, runOnly: {type: 'tag', values: TAGS}};
export const COLOURS = {...QUICK, runOnly: {type: 'rule', values: ['color-contrast']}};
export const ALL_BUT_COLOURS = {...EVERYTHING, rules: {'color-contrast': {enabled: false}}};

export async function complaints(page, asked = EVERYTHING) {
  await page.evaluate(axe.source); // by the debugger: the page's policy refuses a script of ours
  // Only what is found comes back: all that was looked at would be megabytes.
  return page.evaluate(async (options) => {
    const {violations} = await globalThis.axe.run(document, options);
    return violations
      .filter((found) => found.impact === 'serious' || found.impact === 'critical')
      .flatMap((found) =>
        found.nodes.map((node) => `${found.id} (${found.impact}): ${found.help}: ${node.html}`),
      );
  }, asked);
}
