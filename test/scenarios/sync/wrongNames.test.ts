/** Names in a definition that the org does not have: all of them with their places, before anything is written. */
import { SfError } from '@salesforce/core';
import { expect } from 'chai';
import { existsSync, writeFileSync } from 'node:fs';
import { toCliError } from '../../../lib/report/faults.js';
import { mainProfile, mainSegment } from '../runLab.ts';
import { SyncLab } from './syncLab.ts';

describe('names that the org does not have', () => {
  let sync: SyncLab;
  before(async () => {
    sync = await SyncLab.start();
  });
  after(() => sync.stop());

  function fileOf(...groups: readonly string[]): string {
    const path = `${sync.lab.newFolder()}.yaml`;
    writeFileSync(path, `orgs: [${sync.lab.org.orgId}]\ngroups:\n${groups.join('')}`);
    return path;
  }

  async function errorOf(run: Promise<unknown>): Promise<SfError> {
    const thrown: unknown = await run.then(
      () => undefined,
      (error: unknown) => error,
    );
    const error = toCliError(thrown, 'lab', true);
    if (!(error instanceof SfError)) throw new Error(`this is no error of the CLI: ${String(error)}`);
    return error;
  }

  /** What the command says of a file, line by line, without the file's name. */
  async function refused(definitionFile: string): Promise<string[]> {
    const outputDir = sync.lab.newFolder();
    const { exitCode, message, name } = await errorOf(sync.lab.sync({ definitionFile, outputDir }));
    expect({ exitCode, name }).to.deep.equal({ exitCode: 1, name: 'DefinitionRejectedError' });
    expect(existsSync(outputDir)).to.equal(false);
    expect(sync.lab.org.ledger.writes()).to.deep.equal([]);
    return message.split('\n').map((line) => line.replace(definitionFile, ''));
  }

  it('are all told with their lines and columns, and nothing is written', async () => {
    const customers = `  - name: Customers\n    contacts: ${mainSegment}\n    profile: Acme Customer Portl\n`;
    const others = `  - name: Others\n    contacts: LastName = 'Nobody'\n    profile: ${mainProfile}\n    permissionSets: [Portal_Documents, Portal_Documnts, Zzz]\n`;
    expect(await refused(fileOf(customers, others))).to.deep.equal([
      ' has 3 mistakes:',
      '  :5:14  profile: there is no profile "Acme Customer Portl" that you can see. Did you mean "Acme Customer Portal", "Acme Customer Login", or "Acme Customer Plus"?',
      '  :9:40  There is no permission set or permission set group "Portal_Documnts". Did you mean "Portal_Documents"?',
      '  :9:57  There is no permission set or permission set group "Zzz" that you can see.',
    ]);
  });

  it('are told together with a profile of internal users', async () => {
    const internal = String(
      sync.lab.org.store.get(
        'Profile',
        String(sync.lab.org.store.get('User', sync.lab.org.runningUserId)?.['ProfileId']),
      )?.['Name'],
    );
    const group = (name: string, profile: string): string =>
      `  - name: ${name}\n    contacts: LastName = '${name}'\n    profile: ${profile}\n`;
    const [head, ofStaff, ...others] = await refused(fileOf(group('A', internal), group('B', 'Acme Customer Portl')));
    expect(head).to.equal(' has 2 mistakes:');
    expect(ofStaff).to.match(
      new RegExp(
        `^  :5:14  profile: "${internal}" is not for external users: its license is Salesforce\\. .*"Acme Customer`,
      ),
    );
    expect(others).to.have.length(1);
    expect(others[0]).to.match(/^ {2}:8:14 {2}profile: there is no profile "Acme Customer Portl"/);
  });

  it('are told of the templates of all groups, too', async () => {
    const group = (name: string, rest: string): string =>
      `  - name: ${name}\n    contacts: LastName = '${name}'\n    profile: ${mainProfile}\n    ${rest}\n`;
    const file = fileOf(
      group('A', 'username: "{Emial}"'),
      group('B', 'set: { title: "{Account.Nmae}", Department: "{Account.Owner.Name}" }'),
      group('C', 'set: { username: "{Account.Ownr.Name}" }'),
    );
    expect(await refused(file)).to.deep.equal([
      ' has 3 mistakes:',
      '  :6:15  username uses {Emial}, but Contact has no such field that you can see. Did you mean "Email"?',
      '  :10:19  set Title uses {Account.Nmae}, but Contact has no such field that you can see. Did you mean "Account.Name"?',
      '  :14:22  username uses {Account.Ownr.Name}, but Contact has no such field that you can see. Did you mean "Account.Owner"?',
    ]);
  });

  it('are told when a plan is applied that was made while the org had them', async () => {
    const { store, ledger } = sync.lab.org;
    const setId = store.insert('PermissionSet', { Name: 'Passing', Label: 'Passing' });
    const group = `  - name: Customers\n    contacts: ${mainSegment}\n    profile: ${mainProfile}\n    permissionSets: [Passing]\n`;
    const { folder } = await sync.lab.sync({ definitionFile: fileOf(group), dryRun: true });
    store.remove('PermissionSet', setId);
    const { name, message } = await errorOf(sync.lab.resume(folder));
    expect(name).to.equal('DefinitionRejectedError');
    expect(message).to.include('.yaml:6:22  There is no permission set or permission set group "Passing"');
    expect(ledger.writes()).to.deep.equal([]);
  });

  it('are told of all conditions that Salesforce does not accept, each at its fault', async () => {
    const group = (name: string, contacts: string): string =>
      `  - name: ${name}\n    contacts: ${contacts}\n    profile: ${mainProfile}\n`;
    const rest = ["governs: Nope__c = 'x'\n", 'protect: [Profile.Name = null, Tipe = 1]\n'];
    const file = fileOf(
      group('A', 'Acount.Name = null'),
      group('B', 'LastName = null'),
      group('C', 'Email =='),
      ...rest,
    );
    const { exitCode, message, name, data, actions } = await errorOf(
      sync.lab.sync({ definitionFile: file, outputDir: sync.lab.newFolder() }),
    );
    expect({ exitCode, name }).to.deep.equal({ exitCode: 1, name: 'DefinitionRejectedError' });
    const [head, ...lines] = message.split('\n').map((line) => line.replace(file, ''));
    expect(head).to.equal(' has 4 mistakes:');
    const words = "Salesforce doesn't accept this condition";
    expect(lines.map((line) => line.split(words)[0])).to.deep.equal([
      '  :4:15  ',
      '  :10:22  ',
      '  :12:10  ',
      '  :13:32  ',
    ]);
    expect(lines[1])
      .to.match(/\(contacts of "C"\): .*\(MALFORMED_QUERY\)$/)
      .and.not.include('LIMIT');
    expect(actions?.join('\n')).to.include('For line 4: Did you mean "Account"?');
    const { faults } = JSON.parse(JSON.stringify(data)) as { faults: ReadonlyArray<{ code: string }> };
    expect(faults.map(({ code }) => code)).to.deep.equal(lines.map(() => 'conditionRejected'));
    expect(sync.lab.org.ledger.writes()).to.deep.equal([]);
  });

  it('are told of an only condition that it does not accept with its excerpt', async () => {
    const group = (name: string, contacts: string): string =>
      `  - name: ${name}\n    contacts: ${contacts}\n    profile: ${mainProfile}\n`;
    const file = fileOf(group('A', 'LastName = null'), group('B', 'Nope__c = 1'));
    const { name, message } = await errorOf(sync.lab.sync({ definitionFile: file, outputDir: sync.lab.newFolder() }));
    expect(name).to.equal('ConditionRejectedError');
    expect(message).to.include(`${file}:7:15: `).and.include('\n\n  Nope__c = 1\n  ^');
  });
});
