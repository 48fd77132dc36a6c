/** The CSV that a job uploads: exact values, no columns without one. */
import { expect } from 'chai';
import fc from 'fast-check';
import { parse } from 'csv-parse/sync';
import { bodyOfJob, jobBody } from '../../../lib/engine/jobBody.js';
import { planJob } from '../../../lib/store/sends.js';
import { paintStep, RunDb } from '../store/runDb.ts';
import { FakeOrg } from './fakeOrg.ts';
import { paintDoor } from './paintDoor.ts';

describe('jobBody', () => {
  it('gives back any values when it is read as CSV', () => {
    const cell = fc.oneof(
      fc.string({ unit: 'binary' }).filter((text) => !/[\r\0]/.test(text)),
      fc.string({ unit: fc.constantFrom('"', ',', '\n', ' ', '=', '\uFEFF', 'a') }),
    );
    const record = fc.record({ A: cell.filter((text) => text !== ''), B: cell, 'C c': cell });
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 5 }), (records) => {
        const body = jobBody(['A', 'B', 'C c'], () => records);
        expect(parse(body, { columns: true, record_delimiter: '\n' })).to.deep.equal(records);
      }),
    );
  });

  it('leaves out columns that no row has, keeps the order of the others, and ends lines with LF', () => {
    const rows = [{ A: '1' }, { B: '2', Z: '3' }];
    expect(jobBody(['X', 'B', 'A', 'Y'], () => rows)).to.equal('B,A\n,1\n2,\n');
  });

  it('has every row once, also where they are many', () => {
    const rows = Array.from({ length: 1_203 }, (_, n) => ({ A: String(n) }));
    expect(
      jobBody(['A'], () => rows)
        .trimEnd()
        .split('\n'),
    ).to.deep.equal(['A', ...rows.map(({ A }) => A)]);
  });
});

describe('bodyOfJob', () => {
  it('is made of the steps of one send, as the kind says, and the same each time', async () => {
    const run = await RunDb.painting(3);
    const kind = paintDoor(new FakeOrg());
    const job = { kind: kind.name, family: 'highVolume', canary: false, size: 2, most: 2 } as const;
    const send = planJob(run.db, job, 0)!;
    const body = `Id,Color__c\n${paintStep(1).target},color 1\n${paintStep(2).target},color 2\n`;
    expect(bodyOfJob(run.db, kind, send)).to.equal(body);
    expect(bodyOfJob(run.db, kind, send)).to.equal(body);
    run.close();
  });
});
