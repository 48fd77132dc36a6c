/** Where a definition may be applied, and when it needs a user of its own. */
import { expect } from 'chai';
import { allowsOrg, needsSyncUser } from '../../../../lib/model/definition/definition.js';
import { definitionOf, shortest } from '../../operations/definition/definitions.ts';

describe('allowsOrg', () => {
  const production = { orgId: '00D000000000062EAA', orgKind: 'production' } as const;
  const sandbox = { orgId: '00D000000000063EAA', orgKind: 'sandbox' } as const;

  it('lets production in by its Id alone, of 15 or 18 characters', () => {
    expect(allowsOrg({ orgs: ['sandboxes'] }, production)).to.equal(false);
    expect(allowsOrg({ orgs: [{ orgId: '00D000000000062' }] }, production)).to.equal(true);
    expect(allowsOrg({ orgs: ['sandboxes', { orgId: '00D000000000062EAA' }] }, production)).to.equal(true);
    expect(allowsOrg({ orgs: [{ orgId: '00D000000000063' }] }, production)).to.equal(false);
  });

  it('lets a sandbox in by its Id, or as one of all', () => {
    expect(allowsOrg({ orgs: ['sandboxes'] }, sandbox)).to.equal(true);
    expect(allowsOrg({ orgs: [{ orgId: '00D000000000063' }] }, sandbox)).to.equal(true);
    expect(allowsOrg({ orgs: [{ orgId: '00D000000000062' }] }, sandbox)).to.equal(false);
  });
});

describe('needsSyncUser', () => {
  it('for each action that is more than a report', () => {
    const needs = (text: string): boolean =>
      needsSyncUser(definitionOf(`${shortest}syncUser: s@acme.example\n${text}`));
    expect(needs('')).to.equal(false);
    for (const action of ['leavers: { action: freeze }', 'returners: activate', 'profile: change', 'profile: upgrade'])
      expect(needs(action), action).to.equal(true);
  });
});
