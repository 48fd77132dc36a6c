/** The quick start of the README with the real `sf`; all examples are followed in test/scenarios/commands/docs.test.ts. */
import { followPage } from '../scenarios/commands/pageVisit.ts';
import { sf } from './sfHost.ts';

describe('quick start', function () {
  before(function () {
    // The examples are for a shell.
    if (process.platform === 'win32') this.skip();
  });

  it('works as it stands in README.md', () => followPage('README.md', {}, sf, 'Quick start'));
});
