/** The question before the first write: only a yes is a yes. */
import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import sinon from 'sinon';
import { askConsent, type Consent } from '../../../lib/cli/consent.js';

describe('askConsent', () => {
  /** Asks, does something, and gives the answer and what was shown. */
  async function ask(
    act: (input: PassThrough, abort: AbortController) => void,
  ): Promise<{ consent: Consent; shown: string }> {
    const input = new PassThrough();
    const output = new PassThrough();
    const abort = new AbortController();
    const asked = askConsent('Create 2 users in acme?', { input, output, signal: abort.signal });
    act(input, abort);
    const consent = await asked;
    return { consent, shown: String(output.read()) };
  }

  const answers: ReadonlyArray<readonly [answer: string, consent: Consent]> = [
    ['y\n', 'yes'],
    ['Y\n', 'yes'],
    ['yes\r\n', 'yes'],
    [' YES \n', 'yes'],
    ['\n', 'no'],
    ['n\n', 'no'],
    ['no\n', 'no'],
    ['yep\n', 'no'],
    ['y y\n', 'no'],
    ['ja\n', 'no'],
    ['n\ny\n', 'no'],
  ];
  for (const [answer, consent] of answers) {
    it(`${JSON.stringify(answer)} is a ${consent}`, async () => {
      const asked = await ask((input) => input.write(answer));
      expect(asked.consent).to.equal(consent);
      expect(asked.shown).to.equal('Create 2 users in acme? (y/N) ');
    });
  }

  it('the end of the input is a no', async () => {
    expect((await ask((input) => input.end())).consent).to.equal('no');
  });

  it('a signal interrupts, before the question or while it stands', async () => {
    expect((await ask((_, abort) => abort.abort())).consent).to.equal('interrupted');
    const abort = new AbortController();
    abort.abort();
    const io = { input: new PassThrough(), output: new PassThrough(), signal: abort.signal };
    expect(await askConsent('?', io)).to.equal('interrupted');
    expect(io.output.read()).to.equal(null);
  });

  it('nine minutes are no answer yet, ten are a no', async () => {
    const clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const late = await ask((input) => {
        clock.tick(9 * 60_000);
        input.write('y\n');
      });
      expect(late.consent).to.equal('yes');
      expect((await ask(() => clock.tick(10 * 60_000))).consent).to.equal('no');
    } finally {
      clock.restore();
    }
  });
});
