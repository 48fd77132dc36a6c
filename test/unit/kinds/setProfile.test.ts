/** Which changes of a profile Salesforce documents, and what they take. */
import { expect } from 'chai';
import type { Profile } from '../../../lib/model/orgFacts.js';
import { profileWay, setProfileStep } from '../../../lib/kinds/setProfile.js';
import { customer } from '../operations/planFacts.ts';

let licenses = 0;
function profile(userType: string, userLicenseName: string): Profile {
  licenses++;
  return {
    ...customer,
    id: `00e${String(licenses).padStart(15, '0')}`,
    userType,
    userLicenseName,
    userLicenseId: `100${String(licenses)}`,
  };
}

const community = profile('CspLitePortal', 'Customer Community');
const login = profile('CspLitePortal', 'Customer Community Login');
const legacy = profile('CspLitePortal', 'High Volume Customer Portal');
const plus = profile('PowerCustomerSuccess', 'Customer Community Plus');
const partner = profile('PowerPartner', 'Partner Community Login');

describe('profileWay', () => {
  it('knows licenses of one family, upgrades, and nothing else', () => {
    expect(profileWay(community, { ...community, id: '00e1' })).to.equal('family');
    expect(profileWay(community, login)).to.equal('family');
    expect(profileWay(login, community)).to.equal('family');
    for (const wanted of [plus, partner]) expect(profileWay(login, wanted)).to.equal('upgrade');
    for (const [from, to] of [
      [plus, community],
      [plus, partner],
      [legacy, community],
      [community, legacy],
      [legacy, plus],
    ] as const)
      expect(profileWay(from, to), `${from.userLicenseName} to ${to.userLicenseName}`).to.equal(undefined);
  });
});

describe('setProfileStep', () => {
  const user = { id: '005000000000001AAA', accountId: '001000000000001AAA', isActive: true };

  it('takes a license of an active user where the license changes, and says what has no way back', () => {
    expect(setProfileStep(user, community, login, 'family')).to.deep.include({
      seats: 1,
      label: undefined,
      family: 'highVolume',
    });
    expect(setProfileStep({ ...user, isActive: false }, community, login, 'family').seats).to.equal(0);
    expect(setProfileStep(user, community, { ...community, id: '00e1' }, 'family').seats).to.equal(0);
    expect(setProfileStep(user, login, plus, 'upgrade')).to.deep.include({ label: 'upgrade', family: 'roleBased' });
  });
});
