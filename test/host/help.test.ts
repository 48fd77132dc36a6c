/** The help that a process of the real host prints. */
import { expect } from 'chai';
import { newFolder } from '../scenarios/commands/sfCall.ts';
import { warmSf } from '../scenarios/commands/warmSf.ts';
import { sf } from './sfHost.ts';

describe('help in the real host', function () {
  const calls = [['--help'], ['create', '-h']];
  for (const call of calls) {
    // What it has to say is judged there: test/scenarios/commands/help.test.ts.
    it(`is the same as without a process: ${call.join(' ')}`, async () => {
      const home = await newFolder('home');
      const args = ['portal', 'users', ...call];
      const answer = await sf(args, { home });
      expect(answer.code, answer.stderr).to.equal(0);
      expect(answer.stdout).to.match(/^USAGE$/m);
      expect(answer).to.deep.equal(await warmSf(args, { home }));
    });
  }
});
