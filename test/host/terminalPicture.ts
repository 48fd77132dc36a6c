/** What a terminal shows, as a picture (SVG) that is light or dark as its reader's screen is. */

type Style = { readonly color?: string; readonly bold?: boolean; readonly dim?: boolean };
type Run = { readonly text: string; readonly style: Style };

/** SGR codes (ECMA-48) that our screens and sf's use. */
const colors: Readonly<Record<string, string>> = {
  31: 'red',
  32: 'green',
  33: 'yellow',
  34: 'blue',
  35: 'magenta',
  36: 'cyan',
};

const [columnWidth, lineHeight, margin] = [8.43, 19, 16];

/** @param screen the lines of a terminal with their colors @param columns its width */
export function terminalPicture(screen: readonly string[], columns: number): string {
  const [width, height] = [Math.ceil(columns * columnWidth) + 2 * margin, screen.length * lineHeight + 2 * margin];
  const texts = screen.map((line, index) => {
    const y = margin + (index + 0.75) * lineHeight;
    return `<text x="${String(margin)}" y="${String(y)}" xml:space="preserve">${runsOf(line).map(spanOf).join('')}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(width)} ${String(height)}" width="${String(width)}" height="${String(height)}">
<style>
rect { fill: #fff; stroke: #d0d7de }
text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; fill: #1f2328 }
.bold { font-weight: bold } .dim { fill: #59636e }
.green { fill: #116329 } .yellow { fill: #7d4e00 } .red { fill: #cf222e } .blue { fill: #0550ae } .magenta { fill: #8250df } .cyan { fill: #1b7c83 }
@media (prefers-color-scheme: dark) {
  rect { fill: #0d1117; stroke: #3d444d } text { fill: #f0f6fc } .dim { fill: #9198a1 }
  .green { fill: #3fb950 } .yellow { fill: #d29922 } .red { fill: #ff7b72 } .blue { fill: #79c0ff } .magenta { fill: #d2a8ff } .cyan { fill: #76e3ea }
}
</style>
<rect x="0.5" y="0.5" width="${String(width - 1)}" height="${String(height - 1)}" rx="6"/>
${texts.join('\n')}
</svg>
`;
}

function runsOf(line: string): Run[] {
  let style: Style = {};
  return line.split(/(\u001B\[[\d;]*m)/).flatMap((part) => {
    if (!part.startsWith('\u001B')) return part === '' ? [] : [{ text: part, style }];
    for (const code of part.slice(2, -1).split(';')) style = styleAfter(style, code);
    return [];
  });
}

function styleAfter({ color, ...style }: Style, code: string): Style {
  const kept = color === undefined ? {} : { color };
  if (code === '' || code === '0') return {};
  if (code === '39') return style;
  if (code === '1') return { ...style, ...kept, bold: true };
  if (code === '2') return { ...style, ...kept, dim: true };
  if (code === '22') return kept;
  const next = colors[code];
  return next === undefined ? { ...style, ...kept } : { ...style, color: next };
}

function spanOf({ text, style: { color, bold, dim } }: Run): string {
  const classes = [color, bold === true ? 'bold' : undefined, dim === true ? 'dim' : undefined].filter(Boolean);
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return classes.length === 0 ? escaped : `<tspan class="${classes.join(' ')}">${escaped}</tspan>`;
}
