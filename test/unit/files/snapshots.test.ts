/** What is kept of a user, and what a new one for the same contact is given. */
import { expect } from 'chai';
import fc from 'fast-check';
import {
  createAgainColumns,
  createAgainValues,
  setEndsCell,
  snapshotColumns,
  snapshotFields,
} from '../../../lib/files/snapshots.js';
import { disableModes, modeRule } from '../../../lib/model/modes.js';
import { isReadingColumn, seedColumns } from '../../../lib/files/userColumns.js';

const snapshot = {
  Id: '005000000000001AAA',
  Username: 'Ada@acme.example',
  CommunityNickname: 'Ada',
  FederationIdentifier: 'Fed-1',
  Email: 'ada@acme.example',
};

const nothing = { held: [], ending: [], licenses: [], wasInactive: false };

describe('the snapshot', () => {
  it('holds every field that a mode writes, and the twelve columns of a new user', () => {
    expect(snapshotColumns).to.include.members(disableModes.map((mode) => modeRule(mode).kind.field));
    expect(snapshotColumns).to.include.members([...seedColumns]);
  });

  it('holds everything that create-again.csv is made of', () => {
    expect(snapshotColumns).to.include.members([...createAgainColumns]);
  });

  it('names no column twice', () => {
    for (const columns of [snapshotFields, snapshotColumns, createAgainColumns])
      expect(new Set(columns).size).to.equal(columns.length);
  });
});

describe('create-again.csv', () => {
  it('has the contact as its key, then the twelve columns, and none that create passes over', () => {
    expect(createAgainColumns[0]).to.equal('ContactId');
    expect(createAgainColumns).to.include.members([...seedColumns]);
    expect(createAgainColumns.filter((column) => isReadingColumn(column))).to.deep.equal([]);
  });

  it('gives all back that the old user has let go', () => {
    const after = { Username: '005000000000001ada@acme.example', CommunityNickname: '', FederationIdentifier: '' };
    expect(createAgainValues(snapshot, after)).to.deep.equal({ values: snapshot, old: nothing });
    expect(createAgainValues(snapshot, {})).to.deep.equal({ values: snapshot, old: nothing });
  });

  it('leaves out what the old user still holds, in whatever case', () => {
    const after = { Username: 'ada@ACME.example', CommunityNickname: 'ada', FederationIdentifier: 'fed-1' };
    const { values, old } = createAgainValues(snapshot, after);
    expect(old.held).to.deep.equal(['Username', 'FederationIdentifier', 'CommunityNickname']);
    expect(values).to.deep.equal({ Id: snapshot.Id, Email: snapshot.Email });
  });

  it('does not call held what the user never had', () => {
    const after = { FederationIdentifier: 'ann', CommunityNickname: 'ann' };
    expect(createAgainValues({ Username: 'a@b.example' }, after).old.held).to.deep.equal([]);
  });

  it('asks for the role of the account, not for one that accounts share', () => {
    const role = { UserRoleId: '00E000000000001AAA' };
    const shared = { ...role, PortalRole: 'PersonAccount' };
    expect(createAgainValues({ ...snapshot, ...shared }, {})).to.deep.equal({ values: snapshot, old: nothing });
    for (const own of [role, { ...role, PortalRole: 'Worker' }])
      expect(createAgainValues(own, {}).values).to.deep.equal(own);
  });

  it('leaves out permission sets with an end, and names them with it', () => {
    const end = '2026-12-31T00:00:00.000Z';
    const ends = setEndsCell([
      { name: 'Docs', end },
      { name: 'Docs_All', end: undefined },
    ]);
    const held = { PermissionSets: 'Docs;Docs_All', PermissionSetEnds: ends, PackageLicenses: 'acme' };
    const { values, old } = createAgainValues({ ...snapshot, ...held }, {});
    expect(values['PermissionSets']).to.equal('Docs_All');
    expect(old).to.deep.equal({ ...nothing, ending: [`Docs until ${end}`], licenses: ['acme'] });
    const only = createAgainValues({ PermissionSets: 'Docs', PermissionSetEnds: ends }, {});
    expect(only.values['PermissionSets']).to.equal('');
  });

  it('never gives away an identity that is held, and loses nothing else', () => {
    const name = fc.constantFrom('a@b.example', 'A@b.example', 'c');
    const identities = fc.record(
      { Username: name, CommunityNickname: name, FederationIdentifier: name },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(identities, identities, fc.string(), (before, after, Email) => {
        const { values, old } = createAgainValues({ ...before, Email }, after);
        expect({ ...before, ...values }).to.deep.equal({ ...before, Email });
        for (const [field, value] of Object.entries(before)) {
          const still = Object.entries(after).find(([other]) => other === field)?.[1];
          const isHeld = value.toLowerCase() === still?.toLowerCase();
          expect(old.held.some((other) => other === field)).to.equal(isHeld);
          expect(field in values).to.equal(!isHeld);
        }
      }),
    );
  });
});
