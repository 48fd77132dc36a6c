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

  describe('what is typed before the question', () => {
    /** Keys of a terminal, which keeps them until somebody reads. */
    function typing(): { input: PassThrough & { setRawMode: (isRaw: boolean) => void }; modes: boolean[] } {
      const modes: boolean[] = [];
      const setRawMode = (isRaw: boolean): void => void modes.push(isRaw);
      // As the question for a mode leaves it.
      return { input: Object.assign(new PassThrough().pause(), { setRawMode }), modes };
    }

    for (const [typed, answer, wanted, consent] of [
      ['y\n', 'n\n', undefined, 'no'],
      ['n\n', 'y\n', undefined, 'yes'],
      ['6\n', '\n', '6', 'no'],
      ['1', '6\n', '6', 'yes'],
    ] as const) {
      it(`${JSON.stringify(typed)} is no answer, ${JSON.stringify(answer)} behind it is a ${consent}`, async () => {
        const { input, modes } = typing();
        const output = new PassThrough();
        input.write(typed);
        const asked = askConsent('Go on?', { input, output, signal: new AbortController().signal }, wanted);
        output.once('data', () => input.write(answer));
        expect(await asked).to.equal(consent);
        expect(modes, 'keys were read one by one, and the terminal was left as it was').to.deep.equal([true, false]);
      });
    }

    it('Ctrl-C and a signal interrupt, and the end of the input is a no: nothing is asked any more', async () => {
      const ends: ReadonlyArray<readonly [Consent, (input: PassThrough, abort: AbortController) => void]> = [
        ['interrupted', (input) => input.write('\u0003')],
        ['interrupted', (_, abort) => abort.abort()],
        ['no', (input) => input.end()],
      ];
      for (const [consent, act] of ends) {
        const { input, modes } = typing();
        const [output, abort] = [new PassThrough(), new AbortController()];
        const asked = askConsent('Go on?', { input, output, signal: abort.signal });
        act(input, abort);
        expect(await asked).to.equal(consent);
        expect(output.read()).to.equal(null);
        expect(modes).to.deep.equal([true, false]);
      }
    });
  });
});
