/** report.html: one page that holds all it needs, for people who would rather look than read files. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { markup, Html } from './html.js';
import type { PageContent } from './pageContent.js';
import { figures, header, jobs, nextSteps, outcomeBar, reasons, word } from './sections.js';
import { peopleTable, tableData } from './peopleTable.js';

/** The page, piece by piece. Its Content-Security-Policy lets nothing run or load but what is in it. */
export function* reportPage(content: PageContent): Generator<string> {
  const style = asset('report.css');
  const script = asset('report.js');
  const policy = [
    "default-src 'none'",
    `style-src '${digest(style)}'`,
    `script-src '${digest(script)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  yield markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${content.title}: ${content.headline}</title>
<style>${new Html(style)}</style>
</head>
<body>
${header(content)}
<main>
${outcomeBar(content)}
${nextSteps(content)}
${figures(content)}
${reasons(content)}
${jobs(content)}
${peopleTable(content)}
</main>
<footer><p>${word('footer')}</p></footer>
`.text;
  // A page without a table has nothing to do.
  if (content.rows.length > 0) {
    yield '<script type="application/json" id="data">';
    yield* tableData(content);
    yield `</script><script>${script}</script>\n`;
  }
  yield '</body>\n</html>\n';
}

/** Part of the package, beside lib/. */
function asset(name: string): string {
  return readFileSync(new URL(`../../../templates/${name}`, import.meta.url), 'utf8');
}

function digest(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
