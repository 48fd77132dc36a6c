/** A root hook of mocha: how long each file takes, a line of JSON each, for the figures and the order of test/suite.ts. */
import { appendFileSync } from 'node:fs';
import { relative, sep } from 'node:path';
import type { RootHookObject } from 'mocha';

export type FileTime = {
  readonly file: string;
  readonly seconds: number;
  /** Of processor time of this process: what it starts itself works besides. */
  readonly cpuSeconds: number;
};

const log = process.env['TEST_TIMES'];
let began = 0;
let worked = process.cpuUsage();

export const mochaHooks: RootHookObject = {
  beforeAll() {
    began = performance.now();
    worked = process.cpuUsage();
  },
  afterAll(this: Mocha.Context) {
    // A worker has one file at a time: the root's only children are its suites.
    const path = this.test?.parent?.suites[0]?.file;
    if (log === undefined || path === undefined) return;
    const file = relative(import.meta.dirname, path)
      .split(sep)
      .join('/');
    const seconds = Math.round((performance.now() - began) / 10) / 100;
    const { user, system } = process.cpuUsage(worked);
    const cpuSeconds = Math.round((user + system) / 10_000) / 100;
    appendFileSync(log, `${JSON.stringify({ file, seconds, cpuSeconds } satisfies FileTime)}\n`);
  },
};
