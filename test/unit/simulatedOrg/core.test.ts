/** The core of the simulated org knows no world: another project can start it with its own. */
import { expect } from 'chai';
import { SimulatedOrg } from '../../simulated-org/simulatedOrg.ts';
import { customFields } from '../../simulated-org/world/customFields.ts';
import { importsOf, resolveImport } from '../contracts/imports.ts';
import { listFiles, readText } from '../contracts/project.ts';
import { query } from './orgClient.ts';
import { createRuleOrg } from './ruleOrg.ts';

const folder = 'test/simulated-org/';
const core = listFiles('test/simulated-org', '.ts').filter((path) => !path.startsWith(`${folder}world/`));

/** What of our world has a name: fields, profiles, sites and the organization (all of them Acme's), permission sets, people. */
function ourNames(): string[] {
  const { world } = createRuleOrg({ personAccounts: true });
  return [
    'Acme',
    'acme.example',
    'customers.example',
    ...Object.values(customFields).flatMap((fields) => fields.map(({ name }) => name)),
    ...world.permissionSets.keys(),
    ...world.internalUsers.keys(),
    ...world.awkwardCases.map(({ contactName }) => contactName),
  ];
}

const names = ourNames();

/** What a file of the core may not do, as `file: what`. */
function faultsOf(path: string, text: string): string[] {
  const foreign = importsOf(text)
    .map((name) => resolveImport(path, name))
    .filter((target) => target.startsWith('../') || /^(test|src|lib)\//.test(target))
    .filter((target) => !target.startsWith(folder) || target.startsWith(`${folder}world/`));
  const named = names.filter((name) => text.includes(name));
  return [...foreign, ...named].map((what) => `${path}: ${what}`);
}

describe('simulated org: the core', () => {
  it('imports nothing of our world or of the plugin, and names nothing of ours', () => {
    expect(core).to.include.members([`${folder}simulatedOrg.ts`, `${folder}schema/contact.ts`, `${folder}start.ts`]);
    expect(core.flatMap((path) => faultsOf(path, readText(path)))).to.deep.equal([]);
  });

  const planted: ReadonlyArray<readonly [file: string, text: string]> = [
    ['a.ts', "import { seedWorld } from './world/seed.ts';"],
    ['dml/a.ts', "import type { World } from '../world/seed.ts';"],
    ['dml/user/a.ts', "const { seedWorld } = await import('../../world/seed.ts');"],
    ['a.ts', "import { reasons } from '../../src/plan/reasons.ts';"],
    ['a.ts', "import { query } from '../unit/simulatedOrg/orgClient.ts';"],
    ['schema/a.ts', "field('boolean', 'Portal_Access__c', 'Portal Access', 0, 'CUDP'),"],
    ['a.ts', "const profile = 'Acme Customer Portal';"],
    ['a.ts', "const set = 'Portal_Documents';"],
    ['a.ts', "const owner = 'nora.norole';"],
    ['a.ts', '// for contacts such as Alina Already'],
  ];
  for (const [file, text] of planted) {
    it(`a planted fault is found: ${text}`, () => {
      expect(faultsOf(folder + file, text)).to.not.have.length(0);
    });
  }

  it('what is allowed is not found', () => {
    const text = "import { DatabaseSync } from 'node:sqlite';\nimport { toId18 } from '../ids.ts';\n// john@acme.com";
    expect(faultsOf(`${folder}dml/a.ts`, text)).to.deep.equal([]);
  });

  it('started by itself, it has the standard objects, an administrator and nothing else', async () => {
    const org = await SimulatedOrg.start();
    try {
      expect(org.schema.objects().flatMap((object) => object.fields.filter(({ custom }) => custom))).to.deep.equal([]);
      expect((await query(org, 'SELECT Username FROM User')).records.map((user) => user['Username'])).to.deep.equal([
        org.username,
      ]);
      expect((await query(org, 'SELECT Name FROM Profile')).totalSize).to.equal(1);
      for (const sobject of ['Account', 'Contact', 'Network', 'PermissionSet'])
        expect(org.store.find(sobject), sobject).to.deep.equal([]);
    } finally {
      await org.stop();
    }
  });
});
