/** The pictures of report.html: SVG in the page, each with its numbers in words. */
import { markup, type Html } from './html.js';

/** A part of a bar; `className` is one of templates/report.css. */
export type Share = { readonly className: string; readonly amount: number };

const barWidth = 1000;

/** One bar, whose parts are as long as their amounts. @param title what it shows, in words */
export function bar(shares: readonly Share[], title: string): Html {
  const total = shares.reduce((sum, { amount }) => sum + amount, 0);
  let before = 0;
  const parts = shares
    .filter(({ amount }) => amount > 0)
    .map(({ className, amount }) => {
      const x = (before / total) * barWidth;
      before += amount;
      return markup`<rect
        class="${className}"
        x="${x.toFixed(2)}"
        y="0"
        width="${((amount / total) * barWidth).toFixed(2)}"
        height="20"
      />`;
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

const lineHeight = 14;

/** Spans below each other, on one axis of time. @param title what they are, in words */
export function timeline(spans: readonly Span[], title: string): Html {
  const begin = Math.min(...spans.map(({ from }) => from));
  const length = Math.max(1, Math.max(...spans.map(({ to }) => to)) - begin);
  const lines = spans.map(({ from, to, isFailed, title: text }, n) => {
    const x = ((from - begin) / length) * barWidth;
    const width = Math.max(3, ((to - from) / length) * barWidth);
    return markup`<rect
      class="${isFailed ? 'failed' : 'done'}"
      x="${x.toFixed(2)}"
      y="${String(n * lineHeight)}"
      width="${width.toFixed(2)}"
      height="10"
      rx="2"
      ><title>${text}</title></rect
    >`;
  });
  const height = String(Math.max(1, spans.length) * lineHeight);
  return markup`<svg viewBox="0 0 ${String(barWidth)} ${height}" role="img" aria-label="${title}">${lines}</svg>`;
}
