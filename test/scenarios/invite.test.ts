/** `invite`: nobody gets two emails, everybody who may have got one is told, and no temporary password is kept. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { OrgClient } from '../../lib/org/orgClient.js';
import { faultAnswers } from '../simulated-org/faults.ts';
import { among, csvFile, makeUsers } from './changeLab.ts';
import type { RunResult } from '../../lib/model/result.js';
import { csvOf, mainProfile, RunLab, type Run } from './runLab.ts';

describe('invite', function () {
  this.timeout(60_000);
  let lab: RunLab;
  beforeEach(async () => {
    lab = await RunLab.start();
  });
  afterEach(() => lab.stop());

  /** Active users who have never logged in. */
  const newUsers = (count: number, values: Record<string, string> = {}): string[] =>
    makeUsers(lab, mainProfile, count, values);
  const mailed = (): string[] =>
    lab.org.rules.outbox.mails.filter(({ kind }) => kind === 'passwordReset').map(({ userId }) => userId);
  const calls = (): number => lab.count('POST', /^\/composite$/);
  const lost = { kind: 'dropAfter' } as const;

  it('sends each user one email, 25 by a call, and nobody another one the next night', async () => {
    const ids = newUsers(60);
    const run = await lab.invite({ where: among(ids) });
    expect(run.result.counts).to.include({ planned: 60, succeeded: 60, failed: 0, unknown: 0 });
    expect(run.end).to.deep.equal({ end: 'done' });
    expect(mailed().sort()).to.deep.equal([...ids].sort());
    expect(calls()).to.equal(3);
    expect(csvOf(run.folder, 'succeeded').map(({ UserId }) => UserId)).to.have.members(ids);
    const again = await lab.invite({ where: among(ids) });
    expect(again.result.counts).to.include({ planned: 0, unchanged: 60 });
    expect(again.result.unchangedByReason).to.deep.equal({ ALREADY_INVITED: 60 });
    lab.org.clock.advance(8 * 86_400_000);
    expect((await lab.invite({ where: among(ids), dryRun: true })).result.counts).to.include({ planned: 60 });
  });

  it('warns where it can’t be seen who is frozen', async () => {
    const ids = newUsers(1);
    const warned = async (): Promise<string> =>
      JSON.stringify((await lab.invite({ where: among(ids), dryRun: true })).result.guards);
    expect(await warned()).not.to.include('frozen');
    lab.org.switches.missingPermissions = ['PermissionsManageUsers'];
    expect(await warned()).to.include('see which users are frozen');
  });

  it('refuses who needs no email, or whom it would take something away from', async () => {
    const ids = newUsers(8);
    const [loggedIn, sso, inactive, frozen, isProtected, homeless, unseen, fine] = ids;
    const set = (id: string | undefined, values: Record<string, string | boolean>): void =>
      lab.org.store.update('User', id ?? '', values);
    set(loggedIn, { LastLoginDate: lab.org.clock.timestamp() });
    set(sso, { FederationIdentifier: 'sso-1' });
    set(inactive, { IsActive: false });
    const [login] = lab.org.store.find('UserLogin', { UserId: frozen ?? '' });
    lab.org.store.update('UserLogin', login?.Id ?? '', { IsFrozen: true });
    set(isProtected, { Title: 'keep' });
    const other = [...(lab.org.world?.profiles ?? [])].find(
      ([, id]) => lab.org.store.find('NetworkMemberGroup', { ParentId: id }).length === 0,
    );
    set(homeless, { ProfileId: other?.[1] ?? '' });
    set(unseen, { Title: 'keep' });
    const run = await lab.invite({
      where: `${among(ids)} OR Id = '${lab.org.runningUserId}'`,
      protect: ["Title = 'keep'"],
    });
    expect(run.result.refusedByReason).to.deep.equal({
      ...{ PROTECTED: 2, HAS_LOGGED_IN: 1, HAS_SSO: 1, IS_FROZEN: 1, IS_INACTIVE: 1, IS_RUNNING_USER: 1 },
      ...(other === undefined ? {} : { NO_SITE: 1 }),
    });
    expect(mailed()).to.have.members(other === undefined ? [homeless, fine] : [fine]);
    const asked = await lab.invite({ where: among(ids), includeLoggedIn: true, includeSso: true, dryRun: true });
    expect(asked.result.refusedByReason).not.to.have.any.keys('HAS_LOGGED_IN', 'HAS_SSO');
  });

  it('takes the users that a create run made, and what a file names', async () => {
    const created = await lab.create();
    const run = await lab.invite({ fromRun: created.folder });
    expect(run.result.counts.succeeded).to.equal(created.result.counts.created);
    const ids = newUsers(2);
    const byFile = await lab.invite({ file: csvFile(lab, [['Id'], ...ids.map((id) => [id])]) });
    expect(byFile.result.counts).to.include({ succeeded: 2 });
  });

  it('goes one by one where the org takes no resets together', async () => {
    lab.org.switches.mail.compositeResets = false;
    const ids = newUsers(3);
    const run = await lab.invite({ where: among(ids) });
    expect([run.end, mailed().sort()]).to.deep.equal([{ end: 'done' }, [...ids].sort()]);
    expect([calls(), lab.count('DELETE', /\/password$/)]).to.deep.equal([1, 3]);
  });

  describe('whose answer is lost', () => {
    it('asks the org who has the email, and sends nobody a second one', async () => {
      const ids = newUsers(30);
      lab.org.faults.add({ method: 'POST', path: '/composite' }, lost);
      const run = await lab.invite({ where: among(ids) });
      expect(run.result.counts).to.include({ succeeded: 30, unknown: 0 });
      expect([mailed().length, new Set(mailed()).size]).to.deep.equal([30, 30]);
    });

    it('leaves unknown what the org does not tell, and sends it again only when told to', async () => {
      lab.org.switches.mail.resetMovesDate = false;
      const ids = newUsers(30);
      lab.org.faults.add({ method: 'POST', path: '/composite' }, lost);
      const run = await lab.invite({ where: among(ids) });
      expect(run.result).to.deep.include({ state: 'partial' });
      expect(run.result.counts).to.include({ succeeded: 5, unknown: 25, failed: 0, pending: 0 });
      expect(csvOf(run.folder, 'unknown').map(({ UserId }) => UserId)).to.have.members(mailed().slice(0, 25));
      expect(run.next.map(({ purpose }) => purpose)).to.deep.equal(['sendUnknownAgain']);
      const resumed = await lab.resume(run.folder);
      expect([resumed.result.counts.unknown, mailed().length]).to.deep.equal([25, 30]);
      const again = await lab.resume(run.folder, { sendUnknownAgain: true });
      expect(again.result.counts).to.include({ succeeded: 30, unknown: 0 });
      expect(mailed().length).to.equal(55);
    });

    it('counts what never reached the org as unknown too, until it is told to send it again', async () => {
      const ids = newUsers(3);
      lab.org.faults.add({ method: 'POST', path: '/composite' }, { kind: 'dropBefore' });
      const run = await lab.invite({ where: among(ids) });
      expect([run.result.counts.unknown, mailed()]).to.deep.equal([3, []]);
      await lab.resume(run.folder, { sendUnknownAgain: true });
      expect(mailed().sort()).to.deep.equal([...ids].sort());
    });

    it('ends after two in a row, and leaves the rest to resume', async () => {
      const ids = newUsers(80);
      lab.org.faults.add({ method: 'POST', path: '/composite', times: 2 }, faultAnswers.serverError());
      const run = await lab.invite({ where: among(ids) });
      expect([run.end.end, run.result.counts.unknown, run.result.counts.pending]).to.deep.equal(['call', 50, 30]);
      const resumed = await lab.resume(run.folder);
      expect([resumed.result.counts.succeeded, resumed.result.counts.unknown]).to.deep.equal([30, 50]);
      expect(new Set(mailed()).size).to.equal(30);
    });
  });

  it('sends again what was refused before it was done', async () => {
    const ids = newUsers(3);
    lab.org.faults.add({ method: 'POST', path: '/composite' }, faultAnswers.tooManyRequests(0));
    const run = await lab.invite({ where: among(ids) });
    expect([run.result.counts.succeeded, mailed().length]).to.deep.equal([3, 3]);
    lab.org.clock.advance(8 * 86_400_000);
    lab.org.faults.add({ method: 'POST', path: '/composite' }, faultAnswers.dailyLimit());
    const limited = await lab.invite({ where: among(ids) });
    expect([limited.end.end, limited.result.counts]).to.deep.include('call');
    expect(limited.result.counts).to.include({ pending: 3, unknown: 0 });
    expect((await lab.resume(limited.folder)).result.counts).to.include({ succeeded: 3 });
  });

  it('decides about each user again right before the call', async () => {
    const ids = newUsers(30);
    let last: string | undefined;
    const run = await lab.invite(
      { where: among(ids) },
      {
        onEvent: ({ type }) => {
          if (type !== 'collection' || last !== undefined) return;
          last = ids.find((id) => !mailed().includes(id)) ?? '';
          lab.org.store.update('User', last, { LastLoginDate: lab.org.clock.timestamp() });
        },
      },
    );
    expect([mailed().includes(last ?? ''), run.result.refusedByReason]).to.deep.equal([false, { HAS_LOGGED_IN: 1 }]);
    expect(run.result.counts).to.include({ selected: 30, planned: 29, succeeded: 29, refused: 1 });
  });

  describe('at the same time as another invite of the same people', () => {
    /** One at a time, until there is no more to do. */
    const goOn = async (runs: readonly Run[]): Promise<void> => {
      for (const { folder } of runs) expect((await lab.resume(folder)).end).to.deep.equal({ end: 'done' });
    };

    it('stops as soon as it comes to somebody whom the other has reset, and goes on without them', async () => {
      const ids = newUsers(150);
      const request = { where: among(ids) };
      const runs = await Promise.all([lab.invite(request), lab.invite(request)]);
      const stopped = runs.filter(({ end }) => end.end === 'call');
      expect(stopped.length).to.be.at.least(1);
      for (const { end, result } of stopped) {
        expect(end).to.have.nested.property('fault.code', 'invitedElsewhere');
        expect(result.counts.pending).to.be.above(0);
      }
      const twice = mailed().length - new Set(mailed()).size;
      expect(twice).to.be.at.most(50);
      await goOn(stopped);
      expect(new Set(mailed())).to.deep.equal(new Set(ids));
      expect(mailed().length - ids.length).to.equal(twice);
    });

    it('stops for one single user, and does not for one who has set a password of their own', async () => {
      const ids = newUsers(60);
      const reset = (values: (time: string) => Record<string, string>): Promise<Run> => {
        let isReset = false;
        return lab.invite(
          { where: among(ids), includeLoggedIn: true },
          {
            onEvent: ({ type }) => {
              if (type !== 'collection' || isReset) return;
              isReset = true;
              const waiting = ids.find((id) => !mailed().includes(id)) ?? '';
              lab.org.clock.advance(1000);
              lab.org.store.update('User', waiting, values(lab.org.clock.timestamp()));
            },
          },
        );
      };
      const own = await reset((time) => ({ LastPasswordChangeDate: time, LastLoginDate: time }));
      expect(own.end).to.deep.equal({ end: 'done' });
      expect(own.result.unchangedByReason).to.deep.equal({ ALREADY_INVITED: 1 });
      lab.org.clock.advance(8 * 86_400_000);
      lab.org.rules.outbox.mails.splice(0);
      const other = await reset((time) => ({ LastPasswordChangeDate: time }));
      expect(other.end).to.have.nested.property('fault.code', 'invitedElsewhere');
      await goOn([other]);
      expect(mailed()).to.have.length(59);
    });

    it('can’t see it where a reset does not move the date', async () => {
      lab.org.switches.mail.resetMovesDate = false;
      const ids = newUsers(30);
      await Promise.all([lab.invite({ where: among(ids) }), lab.invite({ where: among(ids) })]);
      expect(mailed()).to.have.length(60);
    });
  });

  it('fails rows that Salesforce refuses, and stops where it refuses all', async () => {
    const ids = newUsers(3);
    const client = await withoutResets(lab);
    const run: Run = await lab.invite({ where: among(ids) }, { client });
    expect(run.end).to.include({ end: 'org', code: 'INSUFFICIENT_ACCESS' });
    expect([run.result.counts.pending, mailed()]).to.deep.equal([3, []]);
  });

  it('keeps no temporary password anywhere', async () => {
    const ids = newUsers(30);
    lab.org.faults.add({ method: 'POST', path: '/composite', nth: 2 }, { kind: 'truncate', bytes: 200 });
    const { folder } = await lab.invite({ where: among(ids) });
    const { temporaryPasswords } = lab.org.rules.outbox;
    expect(temporaryPasswords).to.have.length(30);
    for (const name of readdirSync(folder)) {
      const content = readFileSync(join(folder, name), 'latin1');
      for (const password of temporaryPasswords) expect(content.includes(password), name).to.equal(false);
    }
  });

  it('says which sites and senders, and which time it is where people are', async () => {
    const ids = newUsers(3, { TimeZoneSidKey: 'Europe/Paris' });
    const at = async (time: string): Promise<RunResult> => {
      lab.org.clock.freeze(new Date(time));
      return (await lab.invite({ where: among(ids), dryRun: true })).result;
    };
    const { passwordEmails, guards } = await at('2026-11-27T16:30:00Z');
    expect(passwordEmails?.timeZone).to.deep.equal({ name: 'Europe/Paris', users: 3 });
    expect(passwordEmails?.sites[0]).to.include({ users: 3, template: 'Communities: Changed Password Email' });
    expect(guards.map(({ advice }) => advice).join()).to.include('end before the next working day');
    for (const [time, warns] of [
      ['2026-11-25T08:00:00Z', false],
      ['2026-11-25T17:00:00Z', true],
      ['2026-11-28T08:00:00Z', true],
      ['2026-11-29T08:00:00Z', true],
    ] as const) {
      const codes = (await at(time)).guards.map(({ code }) => code);
      expect(codes.includes('sendingTime'), time).to.equal(warns);
    }
  });

  it('warns of users whose welcome email may be on its way', async () => {
    const [old = '', ...fresh] = newUsers(4);
    const ago = new Date(lab.org.clock.now() - 3 * 86_400_000).toISOString();
    lab.org.store.update('User', old, { CreatedDate: ago });
    const dryRun = async (): Promise<RunResult> =>
      (await lab.invite({ where: among([old, ...fresh]), dryRun: true })).result;
    const { guards, passwordEmails, counts } = await dryRun();
    expect([counts.planned, passwordEmails?.recentlyWelcomed]).to.deep.equal([4, 3]);
    expect(guards.map(({ message }) => message).join()).to.include('In the last 2 days, 3 users were created: their');
    for (const { Id } of lab.org.store.find('Network')) {
      lab.org.store.update('Network', Id, { OptionsSendWelcomeEmail: false });
    }
    expect((await dryRun()).guards.map(({ code }) => code)).not.to.include('welcomeLink');
  });
});

/** A client of a user who may not reset passwords: each part of a call is refused. */
async function withoutResets(lab: RunLab): Promise<OrgClient> {
  const client = await lab.client();
  const refusal = [{ errorCode: 'INSUFFICIENT_ACCESS', message: 'You do not have permission to view this record.' }];
  return {
    ...client,
    now: () => client.now(),
    get callsMade(): number {
      return client.callsMade;
    },
    async call(call) {
      if (call.path !== '/composite') return client.call(call);
      const { compositeRequest } = JSON.parse(call.body ?? '') as { compositeRequest: Array<{ referenceId: string }> };
      const compositeResponse = compositeRequest.map(({ referenceId }) => ({
        ...{ referenceId, httpStatusCode: 403, httpHeaders: {}, body: refusal },
      }));
      return Promise.resolve({ status: 200, headers: {}, body: JSON.stringify({ compositeResponse }) });
    },
  };
}
