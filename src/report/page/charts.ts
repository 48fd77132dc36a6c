/** The pictures of report.html: SVG in the page, each with its numbers in words. */
import { markup, type Html } from './html.js';

/** A part of a bar; `className` is one of templates/report.css. */
export type Share = { readonly className: string; readonly amount: number };

const barWidth = 1000;
/** What is one of thousands is seen, too. */
const leastWidth = 6;

/** One bar, whose parts are as long as their amounts. @param title what it shows, in words */
export function bar(shares: readonly Share[], title: string): Html {
  const shown = shares.filter(({ amount }) => amount > 0);
  const total = shown.reduce((sum, { amount }) => sum + amount, 0);
  const wanted = shown.map(({ amount }) => Math.max(leastWidth, (amount / total) * barWidth));
  const scale = barWidth / wanted.reduce((sum, width) => sum + width, 0);
  let x = 0;
  const parts = shown.map(({ className }, n) => {
    const width = (wanted[n] ?? 0) * scale;
    const part = markup`<rect class="${className}" x="${x.toFixed(2)}" y="0" width="${width.toFixed(2)}" height="20" />`;
    x += width;
    return part;
  });
  return markup`<svg
    class="bar"
    viewBox="0 0 ${String(barWidth)} 20"
    preserveAspectRatio="none"
    role="img"
    aria-label="${title}"
  >
    ${parts}
  </svg>`;
}

/** Work between two times, in milliseconds since 1970. */
export type Span = { readonly from: number; readonly to: number; readonly isFailed: boolean; readonly title: string };

const lineHeight = 12;

/** Spans below each other, on one axis of time. @param title what they are, in words */
export function timeline(spans: readonly Span[], title: string): Html {
  const begin = Math.min(...spans.map(({ from }) => from));
  const length = Math.max(1, Math.max(...spans.map(({ to }) => to)) - begin);
  const lines = spans.map(({ from, to, isFailed, title: text }, n) => {
    const width = Math.max(leastWidth, ((to - from) / length) * barWidth);
    const x = Math.min(((from - begin) / length) * barWidth, barWidth - width);
    return markup`<rect
      class="${isFailed ? 'failed' : 'succeeded'}"
      x="${x.toFixed(2)}"
      y="${String(n * lineHeight)}"
      width="${width.toFixed(2)}"
      height="8"
      ><title>${text}</title></rect
    >`;
  });
  const height = String(Math.max(1, spans.length) * lineHeight);
  return markup`<svg
    class="timeline"
    viewBox="0 0 ${String(barWidth)} ${height}"
    height="${height}"
    preserveAspectRatio="none"
    role="img"
    aria-label="${title}"
  >
    ${lines}
  </svg>`;
}
