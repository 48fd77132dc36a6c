/** The outcomes of the schedules as a picture: a bar of minutes for each way, with the rows that failed beside it. */
import type { Figures } from './figures.ts';
import { families, spreads, titleOf, ways, type Family } from './scheduleWays.ts';

const titles: Readonly<Record<Family, string>> = {
  roleBased: 'Licenses with roles',
  highVolume: 'Licenses without roles',
};

const [width, labelEnd, barStart, longestBar] = [860, 230, 240, 360];
const [lineHeight, barHeight] = [22, 14];
/** Readable on white and on black. */
const [ink, ours, others] = ['#768390', '#2da44e', '#bf8700'];

export function schedulePicture({ outcomes, contacts }: NonNullable<Figures['schedule']>): string {
  const longest = Math.max(...Object.values(outcomes).map(({ minutes }) => minutes));
  const parts: string[] = [];
  let y = 24;
  const text = (x: number, content: string, more = ''): string =>
    `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" fill="${ink}"${more}>${content}</text>`;
  const title = `Minutes until all users are there: ${contacts.toLocaleString('en-US')}, where nothing else is said`;
  parts.push(text(10, title, ' font-weight="bold"'));
  for (const family of families) {
    for (const spread of spreads) {
      y += lineHeight * 1.6;
      parts.push(
        text(10, `${titles[family]}, contacts over accounts: ${titleOf(spread, contacts)}`, ' font-weight="bold"'),
      );
      for (const way of ways) {
        const outcome = outcomes[`${family}/${spread}/${way}`];
        if (outcome === undefined) continue;
        y += lineHeight;
        const bar = (outcome.minutes / longest) * longestBar;
        const size = `width="${bar.toFixed(1)}" height="${String(barHeight)}"`;
        const color = way === 'this plugin' ? ours : others;
        const failures =
          outcome.lockFailures === 0 ? '' : `, ${outcome.lockFailures.toLocaleString('en-US')} rows refused for a lock`;
        parts.push(
          text(labelEnd, way, ' text-anchor="end"'),
          `<rect x="${String(barStart)}" y="${(y - barHeight + 2).toFixed(1)}" ${size} rx="2" fill="${color}"/>`,
          text(barStart + bar + 6, `${outcome.minutes.toFixed(1)}${failures}`),
        );
      }
    }
  }
  const height = (y + 20).toFixed(0);
  const size = `width="${String(width)}" height="${height}" viewBox="0 0 ${String(width)} ${height}"`;
  const open = `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="sans-serif" font-size="13" role="img">`;
  return [open, `<title>${title}</title>`, ...parts, '</svg>', ''].join('\n');
}
