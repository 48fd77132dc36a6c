/** summary.md is a table of GitHub Flavored Markdown, whatever the advice holds. */
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { mainProfile, RunLab } from '../../scenarios/runLab.ts';

describe('summary.md', () => {
  it('has a cell for each column, and commands as code', async () => {
    const lab = await RunLab.start();
    const { result } = await lab.create({ profile: mainProfile, dryRun: true });
    const text = readFileSync(result.files.summary, 'utf8');
    await lab.stop();
    const rows = text.split('\n').filter((line) => /^\| [A-Z]+_/.test(line));
    expect(rows).not.to.deep.equal([]);
    for (const row of rows) {
      expect(row.split(/(?<!\\)\|/), row).to.have.length(5);
      // What stands in <…> outside of code is HTML.
      expect(row.replace(/`[^`]*`/g, ''), row).not.to.match(/<|sf portal users/);
    }
    expect(rows.join('\n')).to.include('`sf ').and.to.include('\\|');
  });
});
