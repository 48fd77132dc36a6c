/** The look of report.html: what is checked without a browser. */
import { expect } from 'chai';
import { header, nextSteps, outcomeBar } from '../../../../lib/report/page/sections.js';
import { readText } from '../../contracts/project.ts';

const style = readText('templates/report.css');

/** WCAG 2.2, "relative luminance". @param color as #rrggbb */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => parseInt(color.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

describe('the style of report.html', () => {
  it('keeps the Id of the org in one piece', () => {
    const fact = { label: 'Org', value: 'acme-prod', id: '00D000000000001EAA', isName: false };
    const { text } = header({ ...{ title: '', headline: '', isProduction: true }, facts: [fact] });
    expect(text).to.include('<dd>acme-prod <span class="whole">(00D000000000001EAA)</span></dd>');
    expect(style).to.match(/\n\.whole \{\n {2}white-space: nowrap;/u);
  });

  const schemes = [...style.matchAll(/:root \{([^}]*--paper[^}]*)\}/gu)].map(
    ([, rules = '']) =>
      new Map([...rules.matchAll(/--(\w+): (#\w{6});/gu)].map(([, name = '', color = '']) => [name, color])),
  );

  it('can be read in light and in dark: text, and the edges of what can be used', () => {
    expect(schemes).to.have.length(2);
    for (const [n, colors] of schemes.entries()) {
      const of = (name: string): string => colors.get(name) ?? '';
      for (const text of ['ink', 'quiet', 'accent', 'failed', 'refused', 'unknown']) {
        for (const ground of ['paper', 'panel'])
          expect(contrast(of(text), of(ground)), `${String(n)} ${text} on ${ground}`).to.be.at.least(4.5);
      }
      expect(contrast(of('edge'), of('paper')), `${String(n)} edge`).to.be.at.least(3);
      expect(contrast(of('line'), of('paper')), `${String(n)} line`).to.be.at.least(1.4);
    }
    expect(style).to.match(/\ninput,\nselect,\nbutton \{[^}]*border: 1px solid var\(--edge\)/u);
    // It would make a text paler than its color.
    expect(style).to.not.contain('opacity');
  });

  it('keeps each word of a command, and each flag in a text, in one line', () => {
    expect(style).to.match(/\n\.whole \{\s*white-space: nowrap;/u);
    const command = `sf portal users create --target-org my-org --where "Name = 'Jo'"`;
    const { text } = nextSteps({ next: [{ text: 'Do it:', command }] });
    const words = [...text.matchAll(/<span class="whole">([^<]*)<\/span>/gu)].map(([, word]) => word);
    expect(words).to.include.members(['--target-org', 'my-org']).and.have.length(command.split(' ').length);
    const plain = text
      .replaceAll(/<\/?span[^>]*>/gu, '')
      .replaceAll('&quot;', '"')
      .replaceAll('&#39;', "'");
    expect(plain).to.contain(`<pre data-names>${command}</pre>`);
    const notes = [{ kind: 'warning', text: 'Too many.', advice: 'Add --max-users 20.' }] as const;
    expect(outcomeBar({ outcome: '', counts: [], further: [], notes }).text).to.contain(
      'Add <span class="whole">--max-users</span> 20.',
    );
  });

  it('prints the heads of the table on each page, where a browser draws no buttons', () => {
    const paper = style.slice(style.indexOf('@media print'));
    expect(paper).to.match(/#rows th button \{\s*display: contents;/u);
  });
});
