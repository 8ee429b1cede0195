// axe-core on a page: what it finds serious or critical of WCAG 2.2 A and AA, as text.
import axe from 'axe-core';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

export async function complaints(page) {
  await page.evaluate(axe.source); // by the debugger: the page's policy refuses a script of ours
  const result = await page.evaluate(
    (tags) => globalThis.axe.run(document, {runOnly: {type: 'tag', values: tags}}),
    TAGS,
  );
  return result.violations
    .filter((found) => found.impact === 'serious' || found.impact === 'critical')
    .flatMap((found) =>
      found.nodes.map((node) => `${found.id} (${found.impact}): ${found.help}: ${node.html}`),
    );
}
