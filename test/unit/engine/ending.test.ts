/** What ends a run: the first thing that does, told as what is known of the rows allows. */
import { expect } from 'chai';
import { Ending } from '../../../lib/engine/ending.js';
import { RunFault } from '../../../lib/model/faults.js';
import { planJob } from '../../../lib/store/sends.js';
import { RunDb } from '../store/runDb.ts';
import { FakeOrg } from './fakeOrg.ts';
import { paintDoor } from './paintDoor.ts';

describe('the end of a run', () => {
  const kind = paintDoor(new FakeOrg());
  const closed = { code: 'INSUFFICIENT_ACCESS', message: 'not for ann@acme.example' };
  let run: RunDb;
  let ending: Ending;
  beforeEach(async () => {
    run = await RunDb.painting(3);
    ending = new Ending(run.db);
  });
  afterEach(() => {
    run.close();
  });

  it('is the first that comes, and names nobody', () => {
    expect([ending.first, ending.isReached]).to.deep.equal([undefined, false]);
    ending.stopAt(kind, 'licenses', closed);
    ending.stopAt(kind, 'org', closed);
    ending.stopOn(new RunFault('rivalAtWork', { job: '750' }));
    expect(ending.isReached).to.equal(true);
    expect(ending.first).to.include({ end: 'licenses', missing: 3 }).and.not.to.include({ message: closed.message });
  });

  it('says that every row would be refused only where the fate of all is known', () => {
    ending.stopAt(kind, 'org', closed);
    expect(ending.first).to.have.property('end', 'org');
    planJob(run.db, { kind: 'paintDoor', family: 'highVolume', canary: false, size: 1, most: 1 }, 0);
    expect(ending.first).to.have.nested.property('fault.code', 'orgRefused');
  });

  it('is no interruption, and a bug is thrown', () => {
    ending.stopOn(new RunFault('interrupted'));
    expect(ending.isReached).to.equal(false);
    const bug = new Error('a bug');
    ending.stopOn(bug);
    expect([ending.isReached, ending.first]).to.deep.equal([true, undefined]);
    expect(() => {
      ending.throwOn();
    }).to.throw(bug);
  });
});
