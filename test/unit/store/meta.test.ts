/** What a run knows of itself is read as it was written, or not at all. */
import { expect } from 'chai';
import {
  readCount,
  readMeta,
  readMetaJson,
  readMetaList,
  requireCount,
  requireMeta,
  requireMetaList,
  requireSwitch,
  writeMeta,
} from '../../../lib/store/meta.js';
import { RunDb } from './runDb.ts';

describe('meta', () => {
  let run: RunDb;
  beforeEach(async () => {
    run = await RunDb.with();
  });
  afterEach(() => {
    run.close();
  });

  const expectDamaged = (read: () => unknown, about?: string): void =>
    void expect(read, about).to.throw().with.property('code', 'runDamaged');

  it('keeps the last value of each key', () => {
    writeMeta(run.db, { operation: 'create', orgId: '00D' });
    writeMeta(run.db, { orgId: '' });
    expect([readMeta(run.db, 'operation'), readMeta(run.db, 'orgId'), readMeta(run.db, 'mode')]).to.deep.equal([
      'create',
      '',
      undefined,
    ]);
    expect(requireMeta(run.db, 'operation')).to.equal('create');
  });

  it('has no default for what is missing', () => {
    for (const read of [requireMeta, requireSwitch, requireCount]) expectDamaged(() => read(run.db, 'maxUsers'));
  });

  it('knows true and false alone', () => {
    writeMeta(run.db, { strict: 'true', dryRun: 'false' });
    expect([requireSwitch(run.db, 'strict'), requireSwitch(run.db, 'dryRun')]).to.deep.equal([true, false]);
    for (const value of ['', 'TRUE', '1', 'yes', ' true']) {
      writeMeta(run.db, { strict: value });
      expectDamaged(() => requireSwitch(run.db, 'strict'), value);
    }
  });

  it('knows whole numbers alone', () => {
    writeMeta(run.db, { maxUsers: '10000' });
    expect(requireCount(run.db, 'maxUsers')).to.equal(10_000);
    for (const value of ['', '-1', '1.5', '1e3', 'NaN', 'many', '1 ']) {
      writeMeta(run.db, { maxUsers: value });
      expectDamaged(() => requireCount(run.db, 'maxUsers'), value);
    }
  });

  it('knows lists of texts; none is an empty one', () => {
    expect(readMetaList(run.db, 'canaryPassed')).to.deep.equal([]);
    writeMeta(run.db, { canaryPassed: '["a","b"]' });
    expect(readMetaList(run.db, 'canaryPassed')).to.deep.equal(['a', 'b']);
    for (const value of ['', '[', '{}', 'true', '"a"', '[1]', '["a",null]']) {
      writeMeta(run.db, { canaryPassed: value });
      expectDamaged(() => readMetaList(run.db, 'canaryPassed'), value);
    }
  });

  it('knows JSON, and no JSON from none', () => {
    expect(readMetaJson(run.db, 'licenses')).to.equal(undefined);
    writeMeta(run.db, { licenses: '{"a":[1]}' });
    expect(readMetaJson(run.db, 'licenses')).to.deep.equal({ a: [1] });
    writeMeta(run.db, { licenses: 'nothing' });
    expectDamaged(() => readMetaJson(run.db, 'licenses'));
  });

  it('knows a count that is not there yet, and a list that has to be there', () => {
    expect(readCount(run.db, 'apiCalls')).to.equal(0);
    writeMeta(run.db, { apiCalls: '7', columns: '[]' });
    expect([readCount(run.db, 'apiCalls'), requireMetaList(run.db, 'columns')]).to.deep.equal([7, []]);
    writeMeta(run.db, { apiCalls: 'NaN' });
    expectDamaged(() => readCount(run.db, 'apiCalls'));
    expectDamaged(() => requireMetaList(run.db, 'givenColumns'));
  });

  it('is damaged where a value is no text', () => {
    run.db.exec("INSERT INTO meta VALUES ('orgId', x'00')");
    expect(() => readMeta(run.db, 'orgId')).to.throw('no text');
  });
});
