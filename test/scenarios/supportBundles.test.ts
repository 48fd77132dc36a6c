/** The support bundles of runs that change users: what they hold is fit for a public issue. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { writeSupportBundle } from '../../lib/run/supportBundle.js';
import { csvOf, mainProfile, type Run } from './runLab.ts';
import { active, SyncLab } from './sync/syncLab.ts';

/** Columns whose cells tell who somebody is. */
const naming = /^(Id|.*Id|Name|.*Name|Username|Email|CommunityNickname|FederationIdentifier)$/;

async function bundleOf({ folder }: Run): Promise<string> {
  return readFileSync(await writeSupportBundle(folder, { plugin: '1' }), 'utf8');
}

/** What the files of a run say of people, and what else nobody outside is to know. */
function secretsOf(run: Run, ...others: readonly string[]): string[] {
  const cells = readdirSync(run.folder)
    .filter((name) => name.endsWith('.csv'))
    .flatMap((name) => csvOf(run.folder, name.slice(0, -'.csv'.length)))
    .flatMap((row) => Object.entries(row).filter(([column, cell]) => naming.test(column) && cell !== ''))
    .map(([, cell]) => cell);
  return [...new Set([...cells, run.result.orgId, run.result.username, run.folder, mainProfile, ...others])];
}

describe('the support bundle', () => {
  let sync: SyncLab;
  before(async () => {
    sync = await SyncLab.start();
  });
  after(() => sync.stop());

  function expectHarmless(bundle: string, secrets: readonly string[]): void {
    expect(secrets.length).to.be.greaterThan(20);
    const words = new Set(bundle.split(/[^\p{L}\p{M}\p{N}@._'’-]+/u));
    const found = secrets.filter((each) => (/^[\p{L}\p{M}]+$/u.test(each) ? words.has(each) : bundle.includes(each)));
    expect(found).to.deep.equal([]);
    expect(bundle).not.to.match(/@/);
  }

  it('of a sync holds nobody, and nothing of its definition', async () => {
    const [leaver, other] = [sync.person(), sync.person({}, 'Acme Customer Login')];
    sync.leave(leaver.contactId);
    const [group] = active.groups;
    const groups = [{ ...group, name: 'Nachtschwärmer', username: '{Email}.geheim' }];
    const definition = { ...active, groups, protect: ["Title = 'Hofrat'"], formerProfiles: ['Acme Customer Login'] };
    const run = await sync.sync(definition);
    expect(run.result.counts.succeeded).to.be.greaterThan(5);
    const bundle = await bundleOf(run);
    const secrets = ['Nachtschwärmer', 'geheim', 'Hofrat', 'Acme Customer Login', leaver.userId, other.contactId];
    expectHarmless(bundle, secretsOf(run, ...secrets));
    expect(JSON.parse(bundle)).to.deep.include({ counts: run.result.counts, steps: run.result.steps });
  });

  it('of an invite holds nobody, and no site', async () => {
    const made = sync.lab.plainContacts().flatMap(({ Id }) => sync.lab.usersOf(Id).map((user) => user.Id));
    const where = `Id IN ('${made.join("','")}')`;
    const run = await sync.lab.invite({ where, protect: ["Title = 'Hofrat'"] });
    expect(run.result.counts.succeeded).to.be.greaterThan(5);
    const sites = run.result.passwordEmails?.sites.map(({ name }) => name) ?? [];
    expect(sites).not.to.deep.equal([]);
    const bundle = await bundleOf(run);
    expectHarmless(bundle, secretsOf(run, 'Hofrat', ...sites));
    expect(JSON.parse(bundle)).to.deep.include({ counts: run.result.counts, steps: run.result.steps });
  });
});
