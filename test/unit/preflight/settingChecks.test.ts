/** What the settings of an org mean for a plan. */
import { expect } from 'chai';
import { areUsernamesUniquePerOrg, checkSenders, checkSettings } from '../../../lib/preflight/settingChecks.js';
import { customer, partner, plus } from '../operations/planFacts.ts';

describe('usernames', () => {
  // Partners' setting, profiles, unique per org, outcome of check.
  const cases = [
    [undefined, [customer], true, 'usernames.org'],
    [false, [customer, plus], true, 'usernames.org'],
    [true, [customer], true, 'usernames.org'],
    [undefined, [partner], undefined, undefined],
    [false, [partner], false, 'usernames.everywhere'],
    [true, [partner], true, 'usernames.org'],
    [undefined, [customer, partner], undefined, undefined],
    [false, [customer, partner], undefined, 'usernames.everywhere'],
    [true, [customer, partner], true, 'usernames.org'],
  ] as const;
  for (const [partners, profiles, perOrg, told] of cases) {
    const names = profiles.map(({ name }) => name).join(' and ');
    it(`of ${names}, where those of partners are unique in the org: ${String(partners)}`, () => {
      const settings = { partnerUsernamesUniquePerOrg: partners };
      expect(areUsernamesUniquePerOrg(settings, profiles)).to.equal(perOrg);
      const keys = checkSettings(settings, profiles).map(({ key }) => key);
      expect(keys).to.deep.equal(told === undefined ? [] : [told]);
    });
  }

  it('of no profile: the setting is told, where the org tells it', () => {
    const keys = [true, false, undefined].map((partnerUsernamesUniquePerOrg) =>
      checkSettings({ partnerUsernamesUniquePerOrg }, []).map(({ key }) => key),
    );
    expect(keys).to.deep.equal([['usernames.org'], ['usernames.everywhere'], []]);
  });
});

describe('checkSenders', () => {
  it('tells the sender and the template of the sites that are asked for', () => {
    const sender = { address: 'portal@acme.example', template: 'Welcome', hasDomainKey: true };
    const senders = [
      { siteName: 'Help', ...sender },
      { siteName: 'Other', ...sender },
    ];
    expect(checkSenders(senders, ['Help', 'Unseen']).map(({ key }) => key)).to.deep.equal([
      'emailSender.verified',
      'emailTemplate.named',
    ]);
    expect(checkSenders(senders, [])).to.deep.equal([]);
  });

  it('warns of a sender whose domain has no key, or that is not known, and names no address', () => {
    const sender = { siteName: 'Help', address: 'jane.doe@acme.example', template: undefined, hasDomainKey: false };
    const outcomes = [
      ...checkSenders([sender], ['Help']),
      ...checkSenders([{ ...sender, hasDomainKey: undefined }], ['Help']),
      ...checkSenders([{ ...sender, address: undefined }], ['Help']),
    ];
    expect(outcomes.map(({ key, status }) => `${status} ${key}`)).to.deep.equal([
      'warn emailSender.unverified',
      'warn emailSender.unknown',
      'warn emailSender.unseen',
    ]);
    expect(JSON.stringify(outcomes)).not.to.include('jane.doe');
  });
});
