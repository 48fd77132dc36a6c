/** What people reported in public, tried on the plugin (docs/cases.md, "Found in public"): the outcome that is right. */
import { writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { KeyedError } from '../../lib/model/facts.js';
import type { AutomationRule } from '../simulated-org/dml/automation.ts';
import { field } from '../simulated-org/schema/define.ts';
import { builderOf, expectChangeTrue, makeUsers } from './changeLab.ts';
import { readText } from '../unit/contracts/project.ts';
import { replaceVariables } from './commands/warmSf.ts';
import { csvOf, expectTrue, jobsOf, mainProfile, recordsOf, RunLab, type Run } from './runLab.ts';

type Values = Readonly<Record<string, string | number>>;

type Case = {
  /** As in docs/cases.md. */
  readonly name: string;
  readonly contact?: Values;
  /** @param id of the contact */
  readonly file: (id: string) => string | Buffer;
  /** What the new user holds; undefined: there is none. */
  readonly made?: Values;
  /** Reason and a part of the detail, by row. */
  readonly refused?: ReadonlyArray<readonly [reason: string, words: string]>;
  /** The key of the error that stops the command before the org is asked for anything but facts. */
  readonly fault?: string;
};

const cases: readonly Case[] = [
  { name: 'P1 byte order mark', file: (id) => `\uFEFFContactId,Title\n${id},x\n`, made: { Title: 'x' } },
  { name: 'P2 semicolons', file: (id) => `ContactId;Title\r\n${id};"a;b,c"\r\n`, made: { Title: 'a;b,c' } },
  { name: 'P3 sep= line', file: (id) => `sep=;\r\nContactId;Title\r\n${id};a,b,c\r\n`, made: { Title: 'a,b,c' } },
  { name: 'P4 UTF-16', file: (id) => Buffer.from(`\uFEFFContactId\tTitle\r\n${id}\tx\r\n`, 'utf16le'), fault: 'utf16' },
  {
    name: 'P5 Windows-1252',
    file: (id) => Buffer.from(`ContactId;LastName\r\n${id};M\xFCller\r\n`, 'latin1'),
    fault: 'notUtf8',
  },
  {
    name: 'P6 leading zeros lost',
    contact: { Legacy_Id__c: '00712345' },
    file: () => 'Legacy_Id__c\n712345\n',
    refused: [['CONTACT_NOT_FOUND', '712345']],
  },
  {
    name: 'P7 number shortened to 1.23457E+11',
    contact: { Legacy_Id__c: '123456789012' },
    file: () => 'Legacy_Id__c\n1.23457E+11\n',
    refused: [['CONTACT_NOT_FOUND', 'spreadsheet has shortened']],
  },
  { name: 'P8 ID in lower case', file: (id) => `ContactId,Title\n${id.toLowerCase()},x\n`, made: { Title: 'x' } },
  {
    name: 'P9 ID of 18 and of 15 characters',
    file: (id) => `ContactId,Title\n${id},x\n${id.slice(0, 15)},y\n`,
    made: { Title: 'x' },
    refused: [['DUPLICATE_CONTACT', 'Line 2']],
  },
  {
    name: 'P10 invisible characters',
    file: (id) => `\u200BContactId,Email\n\u200B${id}\u00A0,\u200Einvisible@made.example\u200B\n`,
    made: { Email: 'invisible@made.example' },
  },
  {
    name: 'P11 ="00712"',
    contact: { Legacy_Id__c: '00712' },
    file: () => 'Legacy_Id__c,Title\n"=""00712""","=""007"""\n',
    made: { Title: '007' },
  },
  {
    name: 'P12 local dates',
    file: (id) => `ContactId,Contract_End__c\n${id},31.12.2026\n`,
    refused: [['BAD_VALUE', '2026-12-31']],
  },
  {
    name: 'P13 amount with a currency sign',
    file: (id) => `ContactId,Budget__c\n${id},"1.234,56 €"\n`,
    refused: [['BAD_VALUE', 'takes a number']],
  },
  {
    name: 'P14 errors of a spreadsheet',
    file: (id) => `ContactId,Title\n${id},#REF!\n`,
    refused: [['BAD_VALUE', '#REF!']],
  },
  {
    name: 'P15 several addresses in a cell',
    file: (id) => `ContactId,Email\n${id},a@made.example; b@made.example\n`,
    refused: [['INVALID_EMAIL', 'Email']],
  },
  {
    name: 'P16 apostrophe in a key',
    contact: { Email: "o'brien@made.example" },
    file: () => "Email\nO'Brien@made.example\n",
    made: { Username: "o'brien@made.example" },
  },
  {
    name: 'P18 username of more than 80 characters',
    contact: { Email: `${'long'.repeat(14)}@a-very-long-domain.made.example` },
    file: (id) => `ContactId\n${id}\n`,
    refused: [['VALUE_TOO_LONG', '80']],
  },
  {
    name: 'P19 locale as language',
    file: (id) => `ContactId,LanguageLocaleKey\n${id},en_AU\n`,
    refused: [['BAD_VALUE', 'Similar: en_']],
  },
  {
    name: 'P25 comma without quotes',
    file: (id) => `ContactId,Street,City\n${id},1 Main Street, Apt 4,Springfield\n`,
    fault: 'ragged',
  },
  {
    name: 'P26 column twice',
    file: (id) => `ContactId,Title,title\n${id},x,y\n`,
    fault: 'headerTwice',
  },
  {
    name: 'P27 profile of another org',
    file: (id) => `ContactId,ProfileId\n${id},00e000000000001AAA\n`,
    refused: [['BAD_VALUE', 'not a profile']],
  },
  {
    name: 'P28 address of a page as ID',
    file: (id) => `ContactId\nhttps://acme.lightning.force.com/lightning/r/Contact/${id}/view\n`,
    refused: [['CONTACT_NOT_FOUND', 'not the ID of a contact']],
  },
  {
    name: 'P31 currency in an org that has one',
    file: (id) => `ContactId,DefaultCurrencyIsoCode\n${id},EUR\n`,
    fault: 'unknownColumn',
  },
  {
    name: 'P32 columns of person accounts',
    file: (id) => `PersonContactId,PersonEmail,PersonTitle\n${id},person@made.example,x\n`,
    made: { Email: 'person@made.example', Title: 'x' },
  },
  {
    name: 'P32 columns of person accounts beside those of users',
    file: (id) => `PersonContactId,Email,PersonEmail\n${id},a@made.example,b@made.example\n`,
    fault: 'unknownColumn.near',
  },
];

describe('cases found in public', () => {
  let lab: RunLab;
  before(async () => {
    lab = await RunLab.start();
  });
  after(() => lab.stop());

  let count = 0;
  const contactWith = (values: Values = {}): string => {
    const build = builderOf(lab);
    count += 1;
    const own = { LastName: `Public ${count}`, Email: `public.${count}@made.example` };
    return build.contact(build.account({ Type: 'Made' }), { ...own, ...values });
  };
  const file = (content: string | Buffer): string => {
    const path = `${lab.newFolder()}.csv`;
    writeFileSync(path, content);
    return path;
  };

  for (const { name, contact, file: content, made, refused = [], fault } of cases) {
    it(name, async () => {
      const id = contactWith(contact);
      const jobs = lab.count('POST', /^\/jobs\/ingest$/);
      const run = await lab.create({ file: file(content(id)) }).catch((error: unknown) => error);
      const [user, ...others] = lab.usersOf(id);
      expect(others).to.deep.equal([]);
      if (made === undefined) expect(user).to.equal(undefined);
      else expect(user).to.include(made);
      if (made === undefined) expect(lab.count('POST', /^\/jobs\/ingest$/)).to.equal(jobs);
      if (fault !== undefined) {
        expect(run instanceof KeyedError ? run.key : run).to.equal(fault);
        return;
      }
      if (run instanceof Error) throw run;
      const { folder } = run as Run;
      expectTrue(lab, run as Run);
      const rows = csvOf(folder, 'refused');
      expect(rows.map((row) => row['Reason'])).to.deep.equal(refused.map(([reason]) => reason));
      for (const [index, [, words]] of refused.entries()) expect(rows[index]?.['Detail']).to.include(words);
    });
  }

  it('P8 IDs of users in lower case: each one listed is locked out, and nobody else', async () => {
    const users = makeUsers(lab, mainProfile, 3);
    const listed = users.slice(0, 2);
    const content = `Id\n${listed.map((id) => id.toLowerCase()).join('\n')}\n`;
    const run = await lab.change({ mode: 'deactivate', file: file(content) });
    expectChangeTrue(lab, run);
    expect(users.map((id) => lab.org.store.get('User', id)?.['IsActive'])).to.deep.equal([false, false, true]);
  });

  it('P17 two contacts with one address', async () => {
    const ids = [0, 1].map(() => contactWith({ Email: 'shared@made.example' }));
    const run = await lab.create({ file: file(`ContactId\n${ids.join('\n')}\n`) });
    expectTrue(lab, run);
    expect(ids.map((id) => lab.usersOf(id).length)).to.deep.equal([1, 0]);
    expect(csvOf(run.folder, 'refused').map((row) => row['Reason'])).to.deep.equal(['DUPLICATE_USERNAME_IN_PLAN']);
  });

  const automations: ReadonlyArray<readonly [name: string, code: string, message: string, advice: string]> = [
    [
      'P21 flow on User that fails',
      'CANNOT_EXECUTE_FLOW_TRIGGER',
      'We can’t save this record because the “Portal” process failed.',
      'flow of your org on User',
    ],
    [
      'P22 trigger on User that writes the contact',
      'MIXED_DML_OPERATION',
      'DML operation on setup object is not permitted after you have updated a non-setup object (or vice versa): Contact, original object: User',
      'asynchronously',
    ],
  ];
  for (const [name, code, message, advice] of automations) {
    it(name, async () => {
      const [id, other] = [contactWith(), contactWith()];
      const rule: AutomationRule = {
        sobject: 'User',
        judge: ({ record }) => (record['ContactId'] === id ? { code, message, fields: [] } : undefined),
      };
      const remove = lab.org.rules.automation.add(rule);
      const run = await lab.create({ file: file(`ContactId\n${id}\n${other}\n`) });
      remove();
      expectTrue(lab, run);
      expect([id, other].map((each) => lab.usersOf(each).length)).to.deep.equal([0, 1]);
      expect(csvOf(run.folder, 'failed').map((row) => row['Error'])).to.deep.equal([message]);
      expect(csvOf(run.folder, 'failed')[0]?.['Advice']).to.include(advice);
    });
  }

  it('P23 email domains that the org does not accept', async () => {
    const [id, other] = [contactWith(), contactWith({ Email: 'public.domain@acme.example' })];
    lab.org.switches.users.allowedEmailDomains = ['acme.example'];
    const run = await lab.create({ file: file(`ContactId\n${id}\n${other}\n`) });
    lab.org.switches.users.allowedEmailDomains = [];
    expectTrue(lab, run);
    expect([id, other].map((each) => lab.usersOf(each).length)).to.deep.equal([0, 1]);
    expect(csvOf(run.folder, 'failed')[0]?.['Advice']).to.include('Allowed Email Domains');
  });

  it('P24 rows that are locked by other work', async () => {
    const ids = [0, 1, 2].map(() => contactWith());
    lab.org.switches.locks.rowLockStorm = 2;
    const run = await lab.create({ file: file(`ContactId\n${ids.join('\n')}\n`) }, { clock: lab.patientClock() });
    expectTrue(lab, run);
    expect(run.result.counts).to.include({ succeeded: 3, failed: 0 });
    expect(jobsOf(run.folder).length).to.be.above(1);
  });

  /** Takes permissions from the running user while something is done. */
  const without = async (permissions: readonly string[], act: () => Promise<void>): Promise<void> => {
    const { store, runningUserId } = lab.org;
    const profileId = String(store.get('User', runningUserId)?.['ProfileId']);
    const set = (value: boolean): void => {
      store.update('Profile', profileId, Object.fromEntries(permissions.map((name) => [`Permissions${name}`, value])));
    };
    set(false);
    await act().finally(() => {
      set(true);
    });
  };

  it('P33 a profile that is not assignable in Delegated Administration', async () => {
    const { users } = lab.org.switches;
    await without(['ManageUsers'], async () => {
      for (const [assignable, created] of [
        ['Acme Partner', 0],
        [mainProfile, 1],
      ] as const) {
        users.assignableProfiles = new Set([assignable]);
        const run = await lab.create({ file: file(`ContactId\n${contactWith()}\n`) });
        expect(run.result.counts).to.include({ planned: 1, created });
        const rows = csvOf(run.folder, 'failed').map((row) => row['Advice'] ?? '');
        expect(rows).to.have.lengthOf(1 - created);
        for (const advice of rows) expect(advice).to.include('Delegated Administration');
      }
    });
    users.assignableProfiles = undefined;
  });

  it('P34 a contact that private sharing hides', async () => {
    const { hiddenContacts } = lab.org.switches;
    const id = contactWith({ Email: 'hidden@made.example' });
    hiddenContacts.add(id);
    await without(['ViewAllData', 'ModifyAllData'], async () => {
      const run = await lab.create({ file: file('Email\nhidden@made.example\n') });
      expect(csvOf(run.folder, 'refused')[0]).to.include({ Reason: 'CONTACT_NOT_FOUND' });
      expect(csvOf(run.folder, 'refused')[0]?.['Detail']).to.include('No contact that you can see');
      expect(lab.usersOf(id)).to.deep.equal([]);
    });
    hiddenContacts.delete(id);
  });

  it('P35 an older CLI: the package says which Node it needs, and README.md which CLI has it', () => {
    const { engines } = JSON.parse(readText('package.json')) as { engines: { node: string } };
    expect(engines.node).to.match(/^>=22\./);
    expect(readText('README.md')).to.match(/\(`sf`\), version 2\.147\.7 or later/);
  });

  it('P29 folders with spaces and umlauts', async () => {
    const id = contactWith();
    const outputDir = join(lab.home, 'Läufe 2026 (März)', 'Kundenportal – neu');
    const run = await lab.create({ file: file(`ContactId\n${id}\n`), outputDir });
    expectTrue(lab, run);
    expect(recordsOf(outputDir)).to.have.lengthOf(1);
    expect(lab.usersOf(id)).to.have.lengthOf(1);
  });

  it('P30 proxy that asks for a password', async () => {
    const id = contactWith();
    const seen: Array<string | undefined> = [];
    const proxy = createServer((incoming, outgoing) => {
      seen.push(incoming.headers['proxy-authorization']);
      const { method, headers, url = '' } = incoming;
      incoming.pipe(
        request(url, { method, headers }, (answer) => {
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(outgoing);
        }),
      );
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const before = { ...process.env };
    const address = `http://jo:secret@127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    Object.assign(process.env, { HTTP_PROXY: address, HTTPS_PROXY: address, NO_PROXY: '', no_proxy: '' });
    try {
      const run = await lab.create({ file: file(`ContactId\n${id}\n`) });
      expectTrue(lab, run);
    } finally {
      replaceVariables(before);
      proxy.closeAllConnections();
      proxy.close();
    }
    expect(lab.usersOf(id)).to.have.lengthOf(1);
    expect(seen.length).to.be.above(5);
    expect(new Set(seen)).to.deep.equal(new Set([`Basic ${Buffer.from('jo:secret').toString('base64')}`]));
  });
});

describe('P20 a custom field that every user needs', () => {
  let lab: RunLab;
  before(async () => {
    lab = await RunLab.start({ userFields: [field('string', 'Cost_Center__c', 'Cost Center', 20, 'CU')] });
  });
  after(() => lab.stop());

  it('is asked for before anything is written', async () => {
    const run = await lab.create();
    expectTrue(lab, run);
    expect(run.result.counts).to.include({ planned: 0, created: 0 });
    const row = csvOf(run.folder, 'refused').find(({ Detail }) => Detail?.startsWith('Cost_Center__c') === true);
    expect(row?.['Detail']).to.equal('Cost_Center__c is required in this org, and has no value.');
    expect(row?.['Advice']).to.match(/a column of the file.*--set "<Field>=<value>"/);
    expect(lab.count('POST', /^\/jobs\/ingest$/)).to.equal(0);
  });

  it('is given by --set', async () => {
    const run = await lab.create({ set: ['Cost_Center__c=4711'] });
    expectTrue(lab, run);
    expect(run.result.counts.created).to.be.above(5);
    expect(run.result.counts.failed).to.equal(0);
  });
});

describe('an org with several currencies (P31)', () => {
  it('takes a currency by its code, and refuses its name and one that is not active before anything is sent', async () => {
    const lab = await RunLab.start({ switches: { multiCurrency: true } });
    try {
      const [first, second, third] = lab.freeContacts().map(({ Id }) => Id);
      const path = `${lab.newFolder()}.csv`;
      writeFileSync(path, `ContactId,DefaultCurrencyIsoCode\n${first},EUR\n${second},Euro\n${third},XTS\n`);
      const run = await lab.create({ file: path });
      expectTrue(lab, run);
      expect(run.result.counts).to.include({ created: 1, refused: 2, failed: 0 });
      expect(lab.usersOf(first ?? '')[0]).to.include({ DefaultCurrencyIsoCode: 'EUR' });
      const details = csvOf(run.folder, 'refused').map((row) => row['Detail']);
      expect(details[0]).to.include('Similar: EUR');
      expect(details[1]).to.include('has no value "XTS"');
    } finally {
      await lab.stop();
    }
  });
});
