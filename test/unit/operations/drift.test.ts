/** The org goes on between a dry run and its being applied: what the plan says must be true when it is. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { StoredRecord } from '../../simulated-org/contracts.ts';
import type { SimulatedOrgOptions } from '../../simulated-org/world/simulatedOrg.ts';
import { csvOf, expectDone, expectTrue, mainProfile, recordsOf, RunLab, type Run } from '../../scenarios/runLab.ts';

describe('what has changed since the plan was made', () => {
  let lab: RunLab;
  let dry: Run;
  afterEach(() => lab.stop());

  async function plan(request: Parameters<RunLab['create']>[0] = {}, options: SimulatedOrgOptions = {}): Promise<void> {
    lab = await RunLab.start(options);
    dry = await lab.create({ dryRun: true, ...request });
    expect(dry.end.end).to.equal('planned');
    expect(dry.result.counts.planned).to.be.above(3);
  }

  const planned = (action = 'create'): string[] =>
    recordsOf(dry.folder)
      .filter((record) => record['action'] === action)
      .map((record) => String(record['contactId']));
  const recordOf = (contactId: string): Record<string, unknown> =>
    recordsOf(dry.folder).find((record) => record['contactId'] === contactId) ?? {};
  const get = (sobject: string, id: unknown): StoredRecord => {
    const found = lab.org.store.get(sobject, String(id));
    if (found === undefined) throw new Error(`no ${sobject} ${String(id)}`);
    return found;
  };
  const first = (ids: readonly string[] = planned()): string => ids[0] ?? '';
  /** A contact that shares its account with no other planned one. */
  const lonely = (): string => {
    const rows = recordsOf(dry.folder).filter((record) => record['action'] === 'create');
    const found = rows.find((row) => rows.filter((other) => other['accountId'] === row['accountId']).length === 1);
    return String(found?.['contactId']);
  };
  const roleless = (): string => lab.org.world?.internalUsers.get('nora.norole') ?? '';
  const accountIdOf = (contactId: string): string => String(get('Contact', contactId)['AccountId']);
  const newProfile = (name: string): string => {
    const { Id: _, ...values } = get('Profile', lab.org.world?.profiles.get(mainProfile));
    return lab.org.store.insert('Profile', { ...values, Name: name });
  };

  /** Resumes; everybody else is done, and run.db, files, event and org say the same of those who have changed. */
  async function expectChanged(reasons: Record<string, number>, refused: Record<string, string> = {}): Promise<Run> {
    const run = await lab.resume(dry.folder, { allowWelcomeEmails: true });
    expectDone(lab, run);
    const rows = Object.values(reasons).reduce((sum, each) => sum + each, 0);
    expect(run.events.filter((event) => event.type === 'drift')).to.deep.equal([{ type: 'drift', rows, reasons }]);
    expect(run.result.counts.selected).to.equal(dry.result.counts.selected);
    expect(run.result.counts.failed).to.equal(0);
    const rowsOfFile = csvOf(run.folder, 'refused');
    for (const [contactId, reason] of Object.entries(refused)) {
      const row = rowsOfFile.find((each) => each['ContactId'] === contactId);
      expect(row?.['Reason']).to.equal(reason);
      expect(row?.['Detail'], 'detail')
        .to.match(/\.$/)
        .and.not.match(/%s|%\{/);
      expect(csvOf(run.folder, 'users').map((user) => user['ContactId'])).not.to.include(contactId);
      expect(planned()).not.to.include(contactId);
    }
    return run;
  }

  it('is nothing: no word of it, and no more calls than questions', async () => {
    await plan();
    lab.org.ledger.clear();
    const run = await lab.resume(dry.folder);
    expectDone(lab, run);
    expect(run.events.filter((event) => event.type === 'drift')).to.deep.equal([]);
    expect(run.result.counts.succeeded).to.equal(dry.result.counts.planned);
    const byIds = lab.org.ledger.entries.filter((call) => (call.soql ?? '').includes(' IN ('));
    expect(
      byIds.map((call) =>
        / FROM (\w+) WHERE (\w+) /
          .exec(call.soql ?? '')
          ?.slice(1)
          .join('.'),
      ),
    ).to.deep.equal(['EmailTemplate.Id', 'User.ContactId', 'Contact.Id', 'User.Username']);
  });

  it('a contact is deleted', async () => {
    await plan();
    const gone = first();
    lab.org.store.remove('Contact', gone);
    const run = await expectChanged({ CONTACT_NOT_FOUND: 1 }, { [gone]: 'CONTACT_NOT_FOUND' });
    expect(run.result.counts.planned).to.equal(dry.result.counts.planned - 1);
    expect(run.result.refusedByReason['CONTACT_NOT_FOUND']).to.equal(1);
  });

  it('a contact has lost its account', async () => {
    await plan();
    const gone = first();
    lab.org.store.update('Contact', gone, { AccountId: null });
    await expectChanged({ NO_ACCOUNT: 1 }, { [gone]: 'NO_ACCOUNT' });
    expect(recordOf(gone)).to.include({ accountId: null, accountName: null });
  });

  it('an account’s owner has lost the role, or the account has another owner', async () => {
    await plan();
    const contact = lonely();
    lab.org.store.update('Account', accountIdOf(contact), { OwnerId: roleless() });
    await expectChanged({ OWNER_WITHOUT_ROLE: 1 }, { [contact]: 'OWNER_WITHOUT_ROLE' });
  });

  it('a contact has moved to an account whose owner has no role', async () => {
    await plan();
    const contact = first();
    const Name = 'Roleless Inc';
    const accountId = lab.org.store.insert('Account', { Name, Type: 'Customer', OwnerId: roleless() });
    lab.org.store.update('Contact', contact, { AccountId: accountId });
    await expectChanged({ OWNER_WITHOUT_ROLE: 1 }, { [contact]: 'OWNER_WITHOUT_ROLE' });
    const row = csvOf(dry.folder, 'refused').find((each) => each['ContactId'] === contact);
    expect(row).to.include({ AccountId: accountId, AccountName: Name });
  });

  it('contacts have moved together: the order of the jobs follows, and values stay as they were agreed to', async () => {
    await plan({ profile: 'Acme Customer Plus' });
    const movers = planned().slice(0, 3);
    const [anchor = ''] = planned().slice(-1);
    const sent = movers.map((id) => recordOf(id)['username']);
    for (const id of movers) {
      lab.org.store.update('Contact', id, {
        AccountId: accountIdOf(anchor),
        LastName: 'Renamed',
        Email: 'new@acme.example',
      });
    }
    const run = await lab.resume(dry.folder);
    expectDone(lab, run);
    expect(run.events.filter((event) => event.type === 'drift')).to.deep.equal([]);
    expect(movers.map((id) => recordOf(id)['accountId'])).to.deep.equal(movers.map(() => accountIdOf(anchor)));
    const together = recordsOf(run.folder).filter((row) => row['accountId'] === accountIdOf(anchor));
    const ofAccount = together.filter((row) => row['action'] === 'create');
    expect(ofAccount.filter((row) => row['wave'] === 0)).to.have.length(1);
    for (const [index, id] of movers.entries()) {
      const [user] = lab.usersOf(id);
      expect(user?.['Username']).to.equal(sent[index]);
      expect(user?.['LastName']).not.to.equal('Renamed');
      expect(get('UserRole', user?.['UserRoleId'])['PortalAccountId']).to.equal(accountIdOf(anchor));
    }
  });

  it('an account has got its roles meanwhile, and the level is not among them', async () => {
    await plan(
      { profile: 'Acme Customer Plus', portalRole: 'Executive' },
      { switches: { users: { customerRoles: 3 } } },
    );
    const contact = lonely();
    lab.org.store.insert('UserRole', {
      Name: 'Meanwhile Customer User',
      PortalAccountId: accountIdOf(contact),
      PortalType: 'CustomerPortal',
      PortalRole: 'Worker',
    });
    await expectChanged({ ROLE_NOT_ALLOWED: 1 }, { [contact]: 'ROLE_NOT_ALLOWED' });
  });

  it('a contact of a partner run is a person account now', async () => {
    await plan({ profile: 'Acme Partner' }, { switches: { personAccounts: true } });
    const contact = lonely();
    lab.org.store.update('Contact', contact, { IsPersonAccount: true });
    lab.org.store.update('Account', accountIdOf(contact), { IsPersonAccount: true, PersonContactId: contact });
    await expectChanged({ PERSON_ACCOUNT_PARTNER: 1 }, { [contact]: 'PERSON_ACCOUNT_PARTNER' });
  });

  it('contacts have users now: an active one, an inactive one, one with another profile', async () => {
    await plan();
    const [active = '', inactive = '', other = ''] = planned();
    const userId = lab.giveUser(active);
    lab.giveUser(inactive, { IsActive: false });
    lab.giveUser(other, { ProfileId: lab.org.world?.profiles.get('Acme Customer Login') ?? '' });
    await expectChanged(
      { ALREADY_HAS_USER: 1, HAS_INACTIVE_USER: 1, OTHER_PROFILE: 1 },
      { [inactive]: 'HAS_INACTIVE_USER' },
    );
    const unchanged = csvOf(dry.folder, 'unchanged');
    expect(unchanged.find((row) => row['ContactId'] === active)).to.include({ UserId: userId });
    expect(unchanged.find((row) => row['ContactId'] === other)?.['Detail']).to.contain('"Acme Customer Login"');
  });

  it('contacts of a run with --inactive have inactive users now: as requested', async () => {
    await plan({ inactive: true });
    const contact = first();
    lab.giveUser(contact, { IsActive: false });
    await expectChanged({ ALREADY_HAS_USER: 1 });
    expect(recordOf(contact)['detailText']).to.equal('inactive');
  });

  it('users that exist now get the permission sets they lack, and only those', async () => {
    await plan({ permissionSets: ['Portal_Documents', 'Portal_Orders'] });
    const [lacksOne = '', hasBoth = ''] = planned();
    const idOf = (name: string): string => lab.org.world?.permissionSets.get(name) ?? '';
    const assign = (AssigneeId: string, name: string): string =>
      lab.org.store.insert('PermissionSetAssignment', { AssigneeId, PermissionSetId: idOf(name) });
    const [one, both] = [lab.giveUser(lacksOne), lab.giveUser(hasBoth)];
    assign(one, 'Portal_Documents');
    assign(both, 'Portal_Documents');
    assign(both, 'Portal_Orders');
    await expectChanged({ ALREADY_HAS_USER: 1, assign: 1 });
    expect(recordOf(hasBoth)).to.include({ action: 'unchanged', userId: both });
    expect(recordOf(lacksOne)).to.include({ action: 'assign', userId: one, state: 'succeeded' });
    const held = lab.org.store
      .find('PermissionSetAssignment', { AssigneeId: one })
      .map((row) => row['PermissionSetId']);
    expect(held).to.have.members([idOf('Portal_Documents'), idOf('Portal_Orders')]);
    expect(csvOf(dry.folder, 'succeeded').find((row) => row['UserId'] === one)?.['CommunityNickname']).to.equal('');
  });

  it('usernames, given nicknames and given federation ids are taken now', async () => {
    await plan({ set: ['CommunityNickname=n-{LastName|slug}-{Email}', 'FederationIdentifier=f-{Email}'] });
    const [username = '', nickname = '', federationId = ''] = planned();
    const row = (contactId: string): Record<string, string> =>
      csvOf(dry.folder, 'users').find((each) => each['ContactId'] === contactId) ?? {};
    const taken = { username: row(username), nickname: row(nickname), federationId: row(federationId) };
    const others = lab.org.store.find('User', { UserType: 'Standard' });
    const take = (index: number, field: string, value = ''): void => {
      lab.org.store.update('User', others[index]?.Id ?? '', { [field]: value });
    };
    take(1, 'Username', taken.username['Username']);
    take(2, 'CommunityNickname', String(taken.nickname['CommunityNickname']).toUpperCase());
    take(3, 'FederationIdentifier', taken.federationId['FederationIdentifier']);
    await expectChanged(
      { USERNAME_TAKEN: 1, NICKNAME_TAKEN: 1, FEDERATION_ID_TAKEN: 1 },
      { [username]: 'USERNAME_TAKEN', [nickname]: 'NICKNAME_TAKEN', [federationId]: 'FEDERATION_ID_TAKEN' },
    );
  });

  describe('profiles', () => {
    let spare: string;
    let withSpare: string;

    /** All with the main profile, but one. */
    async function planTwoProfiles(): Promise<void> {
      await plan();
      spare = newProfile('Spare Customer Portal');
      const [one = '', ...rest] = planned();
      withSpare = one;
      const file = join(lab.home, 'profiles.csv');
      writeFileSync(file, ['ContactId,ProfileId', `${one},${spare}`, ...rest.map((id) => `${id},`)].join('\n'));
      dry = await lab.create({ file, dryRun: true });
      expect(planned()).to.include(one);
    }

    it('one of several is gone: its rows are refused', async () => {
      await planTwoProfiles();
      lab.org.store.remove('Profile', spare);
      await expectChanged({ BAD_VALUE: 1 }, { [withSpare]: 'BAD_VALUE' });
    });

    it('one of several is not external any more: its rows are refused', async () => {
      await planTwoProfiles();
      lab.org.store.update('Profile', spare, { UserType: 'Standard' });
      const run = await expectChanged({ BAD_VALUE: 1 }, { [withSpare]: 'BAD_VALUE' });
      const row = csvOf(run.folder, 'refused').find((each) => each['ContactId'] === withSpare);
      expect(row?.['Detail']).to.contain('"Spare Customer Portal" is not a profile for external users');
    });

    for (const [what, text, change] of [
      ['gone', 'profile.gone', (id: string) => lab.org.store.remove('Profile', id)],
      [
        'not external any more',
        'profile.internal',
        (id: string) => lab.org.store.update('Profile', id, { UserType: 'Standard' }),
      ],
    ] as const) {
      it(`that of all rows is ${what}: nothing begins, and the plan stays as it is`, async () => {
        await plan();
        const before = recordsOf(dry.folder);
        change(lab.org.world?.profiles.get(mainProfile) ?? '');
        const error: unknown = await lab.resume(dry.folder).catch((thrown: unknown) => thrown);
        expect(error).to.have.property('name', 'ChecksFailed');
        expect(error).to.have.nested.property('checks[0].key', text);
        expect(recordsOf(dry.folder)).to.deep.equal(before);
        expect(lab.count('POST', /^\/jobs\/ingest$/)).to.equal(0);
      });
    }
  });

  describe('permission sets and those who were to get them', () => {
    const sets = { permissionSets: ['Portal_Documents'] };

    for (const [what, text, change] of [
      ['gone', 'permissionSetGone', (id: string) => lab.org.store.remove('PermissionSet', id)],
      [
        'for another license now',
        'permissionSetLicense',
        (id: string) => {
          const partners = lab.org.world?.profiles.get('Acme Partner');
          lab.org.store.update('PermissionSet', id, { LicenseId: get('Profile', partners)['UserLicenseId'] ?? null });
        },
      ],
    ] as const) {
      it(`one is ${what}: nobody who was to have it is made`, async () => {
        await plan(sets);
        const all = planned();
        const assigned = planned('assign');
        change(lab.org.world?.permissionSets.get('Portal_Documents') ?? '');
        const users = lab.org.store.find('User').length;
        const rows = all.length + assigned.length;
        const run = await lab.resume(dry.folder);
        expect(run.end.end).to.equal('done');
        expectTrue(lab, run);
        expect(run.events).to.deep.include({ type: 'drift', rows, reasons: { BAD_VALUE: rows } });
        expect(run.result.counts).to.include({ planned: 0, refused: dry.result.counts.refused + rows });
        expect(lab.org.store.find('User')).to.have.length(users);
        expect(csvOf(run.folder, 'users')).to.deep.equal([]);
        expect(recordOf(first(all))['detailText']).to.equal(text);
      });
    }

    it('a group of them is gone: nobody who was to have it is made', async () => {
      await plan({ permissionSets: ['Portal_Bundle'] });
      const rows = planned().length + planned('assign').length;
      for (const { Id } of lab.org.store.find('PermissionSetGroup', { DeveloperName: 'Portal_Bundle' }))
        lab.org.store.remove('PermissionSetGroup', Id);
      const run = await lab.resume(dry.folder);
      expect(run.end.end).to.equal('done');
      expectTrue(lab, run);
      expect(run.events).to.deep.include({ type: 'drift', rows, reasons: { BAD_VALUE: rows } });
      expect(lab.count('POST', /^\/jobs\/ingest$/)).to.equal(0);
    });

    it('a user is inactive now', async () => {
      await plan(sets);
      const contact = first(planned('assign'));
      lab.org.store.update('User', lab.usersOf(contact)[0]?.Id ?? '', { IsActive: false });
      await expectChanged({ HAS_INACTIVE_USER: 1 }, { [contact]: 'HAS_INACTIVE_USER' });
    });

    it('a user is cut off from its contact', async () => {
      await plan(sets);
      const contact = first(planned('assign'));
      const userId = String(recordOf(contact)['userId']);
      lab.org.store.update('User', userId, { IsActive: false, ContactId: null });
      await expectChanged({ CHANGED_SINCE: 1 }, { [contact]: 'CHANGED_SINCE' });
      expect(lab.org.store.find('PermissionSetAssignment', { AssigneeId: userId })).to.deep.equal([]);
    });

    it('a user has it already, or has another profile', async () => {
      await plan(sets);
      const [has = '', moved = ''] = planned('assign');
      const userId = lab.usersOf(has)[0]?.Id ?? '';
      const id = lab.org.world?.permissionSets.get('Portal_Documents') ?? '';
      lab.org.store.insert('PermissionSetAssignment', { AssigneeId: userId, PermissionSetId: id });
      const profile = lab.org.world?.profiles.get('Acme Customer Login') ?? null;
      lab.org.store.update('User', lab.usersOf(moved)[0]?.Id ?? '', { ProfileId: profile });
      await expectChanged({ ALREADY_HAS_USER: 1, OTHER_PROFILE: 1 });
      expect(recordOf(has)).to.include({ action: 'unchanged', userId });
      expect(recordOf(moved)).to.include({ action: 'unchanged', reason: 'OTHER_PROFILE' });
    });
  });

  it('is followed in a run that has begun: what is made stays counted, the rest is decided about anew', async () => {
    lab = await RunLab.start({ world: { customerContacts: 230 } });
    lab.org.switches.bulk.msInQueue = 60_000;
    dry = await lab.create({}, { wait: 0 });
    expect(dry.end.end).to.equal('wait');
    lab.org.switches.bulk.msInQueue = 0;
    lab.org.clock.advance(61_000);
    const unsent = recordsOf(dry.folder).filter((row) => row['state'] === 'planned');
    const [gone = '', taken = ''] = unsent.map((row) => String(row['contactId']));
    lab.org.store.remove('Contact', gone);
    lab.giveUser(taken);
    const run = await expectChanged({ ALREADY_HAS_USER: 1, CONTACT_NOT_FOUND: 1 }, { [gone]: 'CONTACT_NOT_FOUND' });
    expect(run.result.counts.planned).to.equal(dry.result.counts.planned - 2);
    expect(run.result.counts.created).to.equal(run.result.counts.planned);
  });

  describe('what lets a run begin', () => {
    const update = (sobject: string, id: string, values: Record<string, string | number | boolean>): void =>
      lab.org.store.update(sobject, id, values);
    const profileId = (name: string): string => lab.org.world?.profiles.get(name) ?? '';
    const licenseId = (): string => String(get('Profile', profileId(mainProfile))['UserLicenseId']);
    type Hurdle = { readonly what: string; readonly found: string; readonly set: (isUp: boolean) => void };
    const hurdles: readonly Hurdle[] = [
      {
        what: 'the seats are taken',
        found: 'guard licenses',
        set: (isUp) => update('UserLicense', licenseId(), { TotalLicenses: isUp ? 3 : -1 }),
      },
      {
        what: 'the license is switched off',
        found: 'check licenses.disabled',
        set: (isUp) => update('UserLicense', licenseId(), { Status: isUp ? 'Disabled' : 'Active' }),
      },
      {
        what: 'a site sends welcome mails',
        found: 'guard welcomeEmails.seenFrom',
        set: (isUp) => {
          for (const { Id } of lab.org.store.find('Network', { Status: 'Live' }))
            update('Network', Id, { OptionsSendWelcomeEmail: isUp });
        },
      },
      {
        what: 'the running user may not make portal users any more',
        found: 'check permission.missing',
        set: (isUp) => {
          const profile = String(get('User', lab.org.runningUserId)['ProfileId']);
          const rights = ['ManageUsers', 'ManagePartners', 'ManageCssUsers', 'ManageMyExternalUsers'];
          const values = Object.fromEntries(rights.map((name) => [`Permissions${name}`, !isUp]));
          update('Profile', profile, values);
          for (const { Id } of lab.org.store.find('PermissionSet', { ProfileId: profile }))
            update('PermissionSet', Id, values);
        },
      },
      {
        what: 'the API calls of the day are used up',
        found: 'guard apiCalls',
        set: (isUp) => {
          lab.org.switches.dailyApiRequests = lab.org.limits.used('DailyApiRequests') + (isUp ? 20 : 10_000);
        },
      },
      {
        what: 'the batches of the day are used up',
        found: 'check bulkBatches.none',
        set: (isUp) => {
          lab.org.switches.dailyBulkApiBatches = isUp ? 0 : 15_000;
        },
      },
    ];
    for (const { what, found, set } of hurdles) {
      it(`${what}: nothing begins, and it does once that is mended`, async () => {
        await plan({ allowWelcomeEmails: false }, { world: { customerContacts: 12, welcomeEmails: false } });
        set(true);
        const stopped = await lab.resume(dry.folder).then(
          ({ end }) => (end.end === 'guards' ? end.failures.map(({ guard }) => `guard ${guard}`) : [end.end]),
          (error: unknown) => {
            const { checks = [] } = error as { checks?: ReadonlyArray<{ key: string }> };
            return checks.map(({ key }) => `check ${key}`);
          },
        );
        expect(stopped.join()).to.equal(found);
        expect(lab.count('POST', /^\/jobs\/ingest$/)).to.equal(0);
        set(false);
        expectDone(lab, await lab.resume(dry.folder));
      });
    }

    it('a field that the plan fills is hidden: told by its name, nobody is made, and all are once it is back', async () => {
      await plan({ set: ['Department=Sales'] });
      lab.org.switches.hiddenFields.push('User.Department');
      const users = lab.org.store.find('User').length;
      const run = await lab.resume(dry.folder);
      expect(run.end).to.have.property('end', 'org');
      expect(JSON.stringify(run.end)).to.contain('Department');
      expect(lab.org.store.find('User')).to.have.length(users);
      expectTrue(lab, run);
      lab.org.switches.hiddenFields.pop();
      expectDone(lab, await lab.resume(dry.folder));
    });
  });

  it('guards look at the plan as it is now: --strict stops before anything is written', async () => {
    await plan({
      where: "LastName = 'Cher' OR LastName LIKE '%Baker%' OR LastName LIKE 'Inher%' OR LastName LIKE 'Van%'",
    });
    expect(dry.result.counts.refused).to.equal(0);
    lab.org.store.remove('Contact', first());
    const run = await lab.resume(dry.folder, { strict: true });
    expect(run.end).to.have.property('end', 'guards');
    expectTrue(lab, run);
    expect(lab.count('POST', /^\/jobs\/ingest$/)).to.equal(0);
    expectDone(lab, await lab.resume(dry.folder));
  });
});
