/** The warnings of a run: at once, or at the end where they would stand in the middle of the progress. */
import { expect } from 'chai';
import type { RunEvent } from '../../../lib/model/events.js';
import { RunWarnings } from '../../../lib/report/runWarnings.js';
import type { Warning } from '../../../lib/report/screen.js';

describe('RunWarnings', () => {
  let warned: Warning[];
  let warnings: RunWarnings;
  beforeEach(() => {
    warned = [];
    warnings = new RunWarnings({ targetOrg: 'my-org', warn: (warning) => warned.push(warning) });
  });

  const see = (...events: RunEvent[]): boolean[] => events.map((event) => warnings.see(event));
  const names = (): string[] => warned.map(({ name }) => name);

  it('tells what is known of a file at once, and leaves what is no warning to the progress', () => {
    const seen = see({ type: 'footerSkipped', lines: 5 }, { type: 'read', records: 7 });
    expect(seen).to.deep.equal([true, false]);
    expect(names()).to.deep.equal(['FooterSkipped']);
    expect(warned[0]?.message).to.include('5 lines');
  });

  it('tells at the end that sharing is still deferred, for how many users, and who can end that', () => {
    see({ type: 'sharingStillDeferred', users: 5022 });
    expect(names()).to.deep.equal([]);
    warnings.tell();
    expect(names()).to.deep.equal(['SharingStillDeferred']);
    expect(warned[0]?.message).to.match(/5,022 users.*still deferred/);
    expect(warned[0]?.actions?.join()).to.match(/administrator.*Defer Sharing Calculations/);
    warnings.tell();
    expect(warned).to.have.length(1);
  });

  it('tells of empty jobs once, however many there may be', () => {
    see({ type: 'jobMaybeLeft', job: 1 }, { type: 'jobMaybeLeft', job: 2 });
    warnings.tell();
    expect(names()).to.deep.equal(['EmptyJobs']);
    expect(warned[0]?.message).to.include('2 times');
  });
});
