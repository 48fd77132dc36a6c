/** "Did you mean", profiles by name or Id, permission sets in flags and in cells, and which user types are external. */
import { expect } from 'chai';
import fc from 'fast-check';
import { externalType } from '../../../lib/model/licenseFamilies.js';
import {
  externalNames,
  findPermissionSet,
  findProfile,
  nearestNames,
  profileList,
  splitNames,
} from '../../../lib/preflight/names.js';
import { isReadingColumn, seedColumns, usersCsvColumns } from '../../../lib/files/userColumns.js';
import { customer, internal, partner, plus } from '../operations/planFacts.ts';

describe('nearestNames', () => {
  it('finds typos, in any case, nearest first', () => {
    expect(nearestNames('Tittle', ['Title', 'City', 'title2'])).to.deep.equal(['Title', 'title2']);
    expect(nearestNames('EMAIL', ['Email', 'Phone'])).to.deep.equal(['Email']);
  });

  it('finds names that hold the one given, however long they are', () => {
    expect(nearestNames('customer', ['Acme Customer Portal', 'Partner'])).to.deep.equal(['Acme Customer Portal']);
    expect(nearestNames('Nme', ['Name', 'PermissionsConnectOrgToEnvironmentHub'])).to.deep.equal(['Name']);
    expect(nearestNames('Usrname', ['Name', 'Username'])).to.deep.equal(['Username', 'Name']);
  });

  it('offers at most three, each once, and nothing that is too far away', () => {
    expect(nearestNames('aaaa', ['aaab', 'aaac', 'aaad', 'aaae', 'aaab'])).to.deep.equal(['aaab', 'aaac', 'aaad']);
    expect(nearestNames('Zzzzzz', ['Email', 'Phone'])).to.deep.equal([]);
    expect(nearestNames('x', [])).to.deep.equal([]);
  });

  it('offers only candidates, and always the name itself first where it is one', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string()), (name, candidates) => {
        const near = nearestNames(name, [...candidates, name]);
        expect(near[0]?.toLowerCase()).to.equal(name.toLowerCase());
        expect([...candidates, name]).to.include.members(near);
      }),
    );
  });
});

describe('profileList', () => {
  it('names all external profiles', () => {
    const many = Array.from({ length: 13 }, (_, n) => ({ ...customer, name: `Portal ${String(n)}` }));
    expect(profileList([...many, internal]).split('", "')).to.deep.equal(many.map(({ name }) => name));
  });
});

describe('findProfile', () => {
  const profiles = [customer, plus, partner, internal];

  it('finds a profile by Id of 15 or 18 characters, by name, and by name in any case', () => {
    for (const name of [plus.id, plus.id.slice(0, 15), ` ${plus.name} `, plus.name.toUpperCase()])
      expect(findProfile(name, profiles)).to.equal(plus);
  });

  it('takes an exact name before one in another case', () => {
    const shout = { ...plus, id: '00e000000000009AAA', name: 'PLUS' };
    expect(findProfile('PLUS', [plus, shout])).to.equal(shout);
    expect(findProfile('Plus', [plus, shout])).to.equal(plus);
    expect(findProfile('pLUS', [plus, shout])).to.include({ fault: 'ambiguous' });
  });

  it('names the Ids of profiles that share a name', () => {
    const twin = { ...plus, id: '00e000000000009AAA' };
    expect(findProfile('Plus', [plus, twin])).to.deep.equal({
      fault: 'ambiguous',
      name: 'Plus',
      near: [`Plus (${plus.id})`, `Plus (${twin.id})`],
    });
  });

  it('offers only external profiles for a name that is unknown', () => {
    expect(findProfile('Portl', profiles)).to.deep.equal({ fault: 'unknown', name: 'Portl', near: ['Portal'] });
    expect(findProfile('Staf', profiles)).to.deep.equal({ fault: 'unknown', name: 'Staf', near: [] });
    expect(externalNames(profiles)).to.deep.equal(['Portal', 'Plus', 'Partner']);
  });

  it('takes a name that looks like an Id for a name when no profile has that Id', () => {
    const odd = { ...plus, name: 'PortalCustomers' };
    expect(findProfile('PortalCustomers', [odd])).to.equal(odd);
  });
});

describe('findPermissionSet', () => {
  const set = (name: string, label: string, id = `0PS${name}`) => ({
    id,
    name,
    label,
    isGroup: false,
    userLicenseIds: [],
    permissionSetLicenseIds: [],
  });
  const known = [set('Portal_Orders', 'Portal Orders'), set('Portal_Documents', 'Documents'), set('Old', 'Documents')];

  it('finds by API name before label, in any case', () => {
    expect(findPermissionSet('portal_orders', known)).to.include({ id: '0PSPortal_Orders' });
    expect(findPermissionSet(' Portal orders ', known)).to.include({ id: '0PSPortal_Orders' });
    expect(findPermissionSet('Portal_Documents', known)).to.include({ id: '0PSPortal_Documents' });
  });

  it('finds by Id, whichever length it has', () => {
    const orders = set('Portal_Orders', 'Portal Orders', '0PS3h000001kQ9zGAE');
    for (const id of ['0PS3h000001kQ9zGAE', '0PS3h000001kQ9z']) {
      expect(findPermissionSet(id, [...known, orders]), id).to.equal(orders);
    }
    expect(findPermissionSet('0PS3h000001kQ9Z', [...known, orders])).to.include({ fault: 'unknown' });
  });

  it('suggests near names, and does not choose between two of one label', () => {
    expect(findPermissionSet('Portal_Ordres', known)).to.deep.include({ fault: 'unknown' });
    expect(findPermissionSet('Portal_Ordres', known)).to.have.property('near').that.includes('Portal_Orders');
    expect(findPermissionSet('documents', known)).to.deep.equal({
      fault: 'ambiguous',
      name: 'documents',
      near: ['0PSPortal_Documents', '0PSOld'],
    });
  });
});

describe('splitNames', () => {
  it('parts names by semicolons, and passes over empty ones', () => {
    expect(splitNames(' Portal_Orders; Portal Documents;; ')).to.deep.equal(['Portal_Orders', 'Portal Documents']);
    expect(splitNames('  ')).to.deep.equal([]);
  });
});

describe('externalType', () => {
  const types = [
    ['CspLitePortal', 'highVolume', 'CustomerPortal'],
    ['PowerCustomerSuccess', 'roleBased', 'CustomerPortal'],
    ['CustomerSuccess', 'roleBased', 'CustomerPortal'],
    ['PowerPartner', 'roleBased', 'Partner'],
  ] as const;
  for (const [userType, family, portalType] of types)
    it(`knows ${userType}`, () => {
      expect(externalType(userType)).to.deep.equal({ family, portalType });
    });

  it('takes everybody else for internal', () => {
    for (const userType of ['Standard', 'Guest', 'CsnOnly', 'AutomatedProcess', '', null])
      expect(externalType(userType), String(userType)).to.equal(undefined);
  });
});

describe('the columns of users.csv', () => {
  it('are the twelve of the help article, the nickname, and what was added, each once', () => {
    expect(seedColumns).to.have.length(12);
    expect(usersCsvColumns(['Title', 'username', 'Title', 'IsActive'])).to.deep.equal([
      ...seedColumns,
      'CommunityNickname',
      'Title',
      'IsActive',
    ]);
  });

  it('are fields that are set, none that is ignored on reading', () => {
    for (const column of usersCsvColumns([])) expect(isReadingColumn(column), column).to.equal(false);
    for (const column of ['Reason', 'DETAIL', 'Advice', 'Created', 'Error', 'UserId', 'AccountName'])
      expect(isReadingColumn(column), column).to.equal(true);
  });
});
