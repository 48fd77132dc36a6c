/** What disable asks in a real terminal, and what an answer does. */
import { expect } from 'chai';
import { contactsCsv, mainProfile, PortalOrg, readCsv } from '../scenarios/commands/portalOrg.ts';
import { finished } from '../scenarios/commands/sfCall.ts';
import { hasTerminals, startInTerminal } from './sfHost.ts';

const arrowDown = '\u001b[B';

describe('disable in a terminal', () => {
  let portal: PortalOrg;
  let ids: string[];
  let fromRun: readonly string[];

  before(async function () {
    if (!hasTerminals()) this.skip();
    portal = await PortalOrg.start();
    const contacts = contactsCsv(portal.plainContacts(6));
    const create = ['create', '--file', portal.file('people.csv', contacts), '--profile', mainProfile];
    const { result } = await portal.json(create);
    ids = readCsv(result.files['succeeded'] ?? '').map((row) => row['UserId'] ?? '');
    fromRun = ['--from-run', result.runDir];
  });

  after(async () => {
    if (hasTerminals()) await portal.stop();
  });

  const values = (field: string): unknown[] => ids.map((id) => portal.org.store.get('User', id)?.[field]);

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

  it('the mode is asked for, its effects are told, and a no changes nothing', async () => {
    const untouched = portal.digest();
    const said = await type(['disable', ...fromRun], ['What should happen', arrowDown], ['(y/N)', 'n']);
    expect(said.code, said.screen).to.equal(1);
    expect(said.screen).to.match(/License +freed.*Deactivate 6 users in portal \(production\)\?/s);
    expect(portal.digest()).to.equal(untouched);
  });

  it('what is typed while the plan is made answers nothing', async () => {
    const untouched = portal.digest();
    for (const [mode, question, early] of [
      ['freeze', '(y/N)', 'y'],
      ['disable-portal', 'Type the number', '6'],
    ] as const) {
      const said = await type(['disable', '--mode', mode, ...fromRun], ['Checking', early], [question, 'n']);
      expect(said.code, said.screen).to.equal(1);
    }
    expect(portal.digest()).to.equal(untouched);
  });

  it("what can't be undone wants the number of users, nothing else", async () => {
    const untouched = portal.digest();
    for (const answer of ['y', '7']) {
      const said = await type(['disable', '--mode', 'disable-portal', ...fromRun], ['Type the number', answer]);
      expect(said.code, said.screen).to.equal(1);
    }
    expect(portal.digest()).to.equal(untouched);
    const done = await type(['disable', '--mode', 'disable-portal', ...fromRun], ['Type the number', '6']);
    expect(done.code, done.screen).to.equal(0);
    expect(values('ContactId')).to.deep.equal(ids.map(() => null));
    expect(done.screen).to.match(/create +--file .*create-again\.csv/s);
  });
});
