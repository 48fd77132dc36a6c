/** An API version that the org does not serve is told as that, whichever command it is given to. */
import { expect } from 'chai';
import { mainSelection, PortalOrg, runFolders } from './portalOrg.ts';

describe('6: an API version that the org does not serve', function () {
  let portal: PortalOrg;

  before(async () => {
    portal = await PortalOrg.start();
  });

  after(() => portal.stop());

  for (const [version, command] of [
    ['99.0', ['create', ...mainSelection]],
    ['30.0', ['check']],
    ['99.0', ['disable', '--mode', 'freeze', '--where', "Username = 'x'", '--no-prompt']],
  ] as const) {
    it(`${version}: ${command[0]} names those that it serves, and what to unset`, async () => {
      const { code, name, text } = await portal.failure([...command, '--api-version', version]);
      expect({ code, name }).to.deep.equal({ code: 1, name: 'VersionNotServedError' });
      expect(text).to.include(`The org doesn't serve API version ${version}. This org serves 31.0 to 67.0.`);
      expect(text).to.include('sf config unset org-api-version');
      expect(text).not.to.match(/administrator|portal users check/);
      expect(runFolders(portal.cwd)).to.deep.equal([]);
    });
  }

  it('46.0, which it serves, is too old for Bulk queries, and said to be before anything is planned', async () => {
    const { code, name, text } = await portal.failure(['create', ...mainSelection, '--api-version', '46.0']);
    expect({ code, name }).to.deep.equal({ code: 1, name: 'VersionTooOldError' });
    expect(text).to.include('needs API version 47.0 or later').and.to.include('sf config unset org-api-version');
    expect(runFolders(portal.cwd)).to.deep.equal([]);
    expect((await portal.json(['check', '--api-version', '47.0'])).status).to.equal(0);
  });
});
