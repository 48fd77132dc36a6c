/** Describes have the keys, the order and the field properties of the recorded ones, and follow the switches. */
import { expect } from 'chai';
import { SimulatedOrg } from '../../simulated-org/simulatedOrg.ts';
import { call, refusal } from './orgClient.ts';
import { contactFields, fieldKeys, globalEntryKeys, sobjectKeys } from './recordedShapes.ts';

type Field = {
  readonly [key: string]: unknown;
  readonly name: string;
  readonly picklistValues: Array<{ value: string; active: boolean }>;
};
type Describe = { readonly [key: string]: unknown; readonly fields: Field[] };

describe('simulated org: describe', () => {
  let org: SimulatedOrg;

  beforeEach(async () => {
    org = await SimulatedOrg.start();
  });

  afterEach(async () => {
    await org.stop();
  });

  const describeOf = async (name: string): Promise<Describe> => {
    const answer = await call(org, 'GET', `/services/data/v67.0/sobjects/${name}/describe`);
    expect(answer.status).to.equal(200);
    return answer.body as Describe;
  };

  it('has the recorded keys', async () => {
    for (const name of ['User', 'Contact', 'Account', 'Network', 'UserLogin']) {
      const described = await describeOf(name);
      expect(Object.keys(described).sort()).to.deep.equal([...sobjectKeys].sort());
      for (const field of described.fields) expect(Object.keys(field)).to.deep.equal(fieldKeys);
    }
  });

  it('describes the standard fields of Contact as recorded', async () => {
    const mark = (value: unknown, letter: string): string => (value === true ? letter : '-');
    const lines = (await describeOf('Contact')).fields.map((field) =>
      [
        field.name,
        field['type'],
        field['length'],
        mark(field['createable'], 'C'),
        mark(field['updateable'], 'U'),
        mark(field['nillable'], 'N'),
        mark(field['defaultedOnCreate'], 'D'),
        mark(field['filterable'], 'F'),
        mark(field['groupable'], 'G'),
        mark(field['sortable'], 'S'),
        field['relationshipName'] ?? '-',
      ].join(' '),
    );
    expect(contactFields.filter((line) => !lines.includes(line))).to.deep.equal([]);
  });

  it('lists objects with the recorded keys and rights', async () => {
    const answer = await call(org, 'GET', '/services/data/v67.0/sobjects');
    const { sobjects } = answer.body as { sobjects: Array<Record<string, unknown>> };
    for (const entry of sobjects) expect(Object.keys(entry)).to.include.members(globalEntryKeys);
    const rights = (name: string): string => {
      const entry = sobjects.find((each) => each['name'] === name);
      return ['createable', 'updateable', 'deletable'].filter((right) => entry?.[right] === true).join(' ');
    };
    expect(rights('User')).to.equal('createable updateable');
    expect(rights('UserLogin')).to.equal('updateable');
    expect(rights('UserLicense')).to.equal('');
    expect(rights('PermissionSetAssignment')).to.equal('createable deletable');
    expect(rights('NetworkMember')).to.equal('updateable');
    expect(rights('NetworkMemberGroup')).to.equal('createable updateable');
  });

  it('says what an insert of a User needs', async () => {
    const { fields } = await describeOf('User');
    const required = fields
      .filter((field) => field['createable'] && !field['nillable'] && !field['defaultedOnCreate'])
      .map((field) => field.name);
    expect(required).to.have.members([
      'Username',
      'LastName',
      'Email',
      'Alias',
      'TimeZoneSidKey',
      'LocaleSidKey',
      'EmailEncodingKey',
      'ProfileId',
      'LanguageLocaleKey',
    ]);
    const languages = fields.find((field) => field.name === 'LanguageLocaleKey')?.picklistValues ?? [];
    expect(languages.filter((entry) => !entry.active).map((entry) => entry.value)).to.include('fi');
    const portalEnabled = fields.find((field) => field.name === 'IsPortalEnabled');
    expect(portalEnabled).to.include({ createable: false, updateable: true });
  });

  it('leaves out what the switches take away', async () => {
    org.switches.digitalExperiences = false;
    org.switches.hiddenFields.push('User.Title');
    const names = (await describeOf('User')).fields.map((field) => field.name);
    expect(names).to.not.include.members(['IsPortalEnabled', 'PortalRole', 'Title']);
    expect((await call(org, 'GET', '/services/data/v67.0/sobjects/Network/describe')).status).to.equal(404);
    org.switches.personAccounts = true;
    org.switches.multiCurrency = true;
    expect((await describeOf('Account')).fields.map((field) => field.name)).to.include.members([
      'IsPersonAccount',
      'PersonContactId',
      'CurrencyIsoCode',
    ]);
  });

  it('does not know other objects', async () => {
    const answer = await call(org, 'GET', '/services/data/v67.0/sobjects/Foo/describe');
    expect(answer.status).to.equal(404);
    expect(refusal(answer)).to.deep.equal({ errorCode: 'NOT_FOUND', message: 'The requested resource does not exist' });
  });
});
