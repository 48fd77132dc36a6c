/** What disable asks in a real terminal, and what an answer does. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'chai';
import { readTypedFlags } from '../../lib/store/typedFlags.js';
import { contactsCsv, mainProfile, PortalOrg } from '../scenarios/commands/portalOrg.ts';
import { finished } from '../scenarios/commands/sfCall.ts';
import { hasTerminals, startInTerminal } from './sfHost.ts';

const arrowDown = '\u001b[B';

describe('disable in a terminal', () => {
  let portal: PortalOrg;
  let fromRun: readonly string[];

  before(async function () {
    if (!hasTerminals()) this.skip();
    portal = await PortalOrg.start();
    const contacts = contactsCsv(portal.plainContacts(6));
    const create = ['create', '--file', portal.file('people.csv', contacts), '--profile', mainProfile];
    const { result } = await portal.json(create);
    fromRun = ['--from-run', result.runDir];
  });

  after(async () => {
    if (hasTerminals()) await portal.stop();
  });

  /** @param answers what is typed when a text stands on the screen */
  async function type(
    args: readonly string[],
    ...answers: ReadonlyArray<readonly [text: string, keys: string]>
  ): Promise<{ readonly code: number | undefined; readonly screen: string }> {
    const options = { home: portal.home, cwd: portal.cwd, env: {} };
    const child = await startInTerminal(['portal', 'users', ...args, '--target-org', 'portal'], options);
    const open = [...answers];
    let screen = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      screen += chunk.toString('utf8');
      const [next] = open;
      if (next === undefined || !screen.includes(next[0])) return;
      open.shift();
      child.stdin?.write(`${next[1]}\r`);
    });
    const { code } = await finished(child);
    expect(open, screen).to.deep.equal([]);
    return { code, screen };
  }

  // Other answers: test/scenarios/commands/questions.test.ts.
  it('the mode is asked for, its effects are told, and a no changes nothing; what is typed while the plan is made is no answer', async () => {
    const untouched = portal.digest();
    const said = await type(
      ['disable', ...fromRun, '--output-dir', 'asked'],
      ['What should happen', arrowDown],
      ['Checking', 'y'],
      ['(y/N)', 'n'],
    );
    expect(said.code, said.screen).to.equal(1);
    expect(said.screen).to.match(/License +freed.*Deactivate 6 users in portal \(production\)\?/s);
    expect(portal.digest()).to.equal(untouched);
    // Commands that repeat this one say what was chosen.
    const db = new DatabaseSync(join(portal.cwd, 'asked', 'run.db'), { readOnly: true });
    expect(readTypedFlags(db)[0]).to.deep.equal({ name: 'mode', value: 'deactivate' });
    db.close();
  });

  it('what is typed while the plan is made is no number either', async () => {
    const untouched = portal.digest();
    const disable = ['disable', '--mode', 'disable-portal', ...fromRun];
    const said = await type(disable, ['Checking', '6'], ['Type the number', 'n']);
    expect(said.code, said.screen).to.equal(1);
    expect(portal.digest()).to.equal(untouched);
  });
});
