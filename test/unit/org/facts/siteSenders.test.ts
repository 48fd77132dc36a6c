/** The sender of the emails of a site, and whether a DKIM key stands for the sender's domain. */
import { expect } from 'chai';
import { readSiteSenders } from '../../../../lib/org/facts/siteSenders.js';
import { StubServer, type Reply } from '../stubServer.ts';

const page = (...records: object[]): Reply => ({ body: { totalSize: records.length, done: true, records } });
const refusal = (errorCode: string): Reply => ({ status: 400, body: [{ errorCode, message: errorCode }] });
const site = {
  Name: 'Help',
  EmailSenderAddress: 'portal@Mail.acme.example',
  WelcomeEmailTemplateId: '00X000000000001AAA',
  ChangePasswordEmailTemplateId: '00X000000000002AAA',
};

describe('senders of sites', () => {
  let server: StubServer;
  /** @param tables the answer to a query by the object that it reads */
  const start = async (tables: Record<string, Reply>): Promise<void> => {
    server = await StubServer.start(({ query }) => {
      const from = /FROM (\w+)/u.exec(query.get('q') ?? '')?.[1] ?? '';
      return tables[from] ?? refusal('INVALID_TYPE');
    });
  };
  afterEach(() => server.stop());
  const read = async (): Promise<unknown> => readSiteSenders(await server.client(), 'welcome');

  const key = (Domain: string, DomainMatch: string, IsActive = true): object => ({ Domain, DomainMatch, IsActive });
  for (const [keys, hasDomainKey] of [
    [[key('mail.acme.example', 'DomainOnly')], true],
    [[key('acme.example', 'DomainOnly')], false],
    [[key('acme.example', 'SubdomainsOnly')], true],
    [[key('mail.acme.example', 'SubdomainsOnly')], false],
    [[key('ACME.example', 'DomainAndSubdomains')], true],
    [[key('mail.acme.example', 'DomainAndSubdomains', false)], false],
    [[key('notacme.example', 'DomainAndSubdomains')], false],
    [[], false],
  ] as const) {
    it(`${hasDomainKey ? 'have' : 'lack'} a key with ${JSON.stringify(keys)}`, async () => {
      await start({
        Network: page(site),
        EmailDomainKey: page(...keys),
        EmailTemplate: page({ Id: '00X000000000001AAA', Name: 'Welcome' }),
      });
      expect(await read()).to.deep.equal([
        { siteName: 'Help', address: 'portal@Mail.acme.example', template: 'Welcome', hasDomainKey },
      ]);
    });
  }

  it('have a template of its own for resets of passwords, and send those without welcome emails, too', async () => {
    let asked = '';
    server = await StubServer.start(({ query }) => {
      const soql = query.get('q') ?? '';
      if (soql.includes('FROM Network')) asked = soql;
      if (soql.includes('FROM Network')) return page(site);
      return soql.includes('FROM EmailTemplate') ? page({ Id: '00X000000000002AAA', Name: 'Reset' }) : page();
    });
    const [sender] = await readSiteSenders(await server.client(), 'passwordReset');
    expect(sender).to.include({ siteName: 'Help', template: 'Reset' });
    expect(asked).not.to.include('OptionsSendWelcomeEmail');
  });

  it('say nothing of what the org hides', async () => {
    await start({ Network: page(site) });
    expect(await read()).to.deep.equal([
      { siteName: 'Help', address: 'portal@Mail.acme.example', template: undefined, hasDomainKey: undefined },
    ]);
    await server.stop();
    await start({});
    expect(await read()).to.deep.equal([]);
  });
});
