/** A simulated org in a process of its own, so that a measured process is measured alone. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { SimulatedOrgOptions } from '../simulated-org/world/simulatedOrg.ts';
import type { SwitchChanges } from '../simulated-org/switches.ts';

export type OrgAddress = {
  readonly url: string;
  readonly orgId: string;
  readonly username: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Ids by name. */
  readonly profiles: Readonly<Record<string, string>>;
};

/** By method and resource, with `{id}` for Ids: `GET /jobs/ingest/{id}`. */
export type CallCounts = Readonly<Record<string, number>>;

export type OrgProcess = OrgAddress & {
  calls(): Promise<CallCounts>;
  forgetCalls(): Promise<void>;
  /** The SOQL of the bulk queries, in their order. */
  bulkQueries(): Promise<readonly string[]>;
  /** Rows of the true state, by SQL: one table an object, booleans as 0 and 1. */
  rows(sql: string): Promise<Array<Record<string, string | number | null>>>;
  /** Changes switches; values are JSON. */
  change(switches: SwitchChanges): Promise<void>;
  /** Bytes in memory now. */
  memory(): Promise<number>;
  /** Seconds that its process has worked until now. */
  worked(): Promise<number>;
  stop(): Promise<void>;
};

/** Between the two processes; `about` is SQL or JSON. Number 0 is the address that the child sends by itself. */
export type OrgRequest = {
  readonly number: number;
  readonly question: 'calls' | 'forgetCalls' | 'bulkQueries' | 'rows' | 'change' | 'memory' | 'worked';
  readonly about: string;
};
export type OrgReply = { readonly number: number; readonly answer: unknown };

/** Options are sent as JSON: no functions, sets or dates. */
export async function startOrgProcess(options: SimulatedOrgOptions = {}): Promise<OrgProcess> {
  // It keeps all rows of all jobs.
  const execArgv = ['--max-old-space-size=12000'];
  const child = fork(join(import.meta.dirname, 'orgServer.ts'), [JSON.stringify(options)], { execArgv });
  const ask = asking(child);
  const address = (await ask.address) as OrgAddress;
  return {
    ...address,
    calls: async () => (await ask.about('calls')) as CallCounts,
    forgetCalls: async () => {
      await ask.about('forgetCalls');
    },
    bulkQueries: async () => (await ask.about('bulkQueries')) as readonly string[],
    rows: async (sql) => (await ask.about('rows', sql)) as Array<Record<string, string | number | null>>,
    change: async (switches) => {
      await ask.about('change', JSON.stringify(switches));
    },
    memory: async () => Number(await ask.about('memory')),
    worked: async () => Number(await ask.about('worked')),
    async stop() {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}

type Asking = {
  readonly address: Promise<unknown>;
  about(question: OrgRequest['question'], about?: string): Promise<unknown>;
};

function asking(child: ChildProcess): Asking {
  const waiting = new Map<number, { resolve: (answer: unknown) => void; reject: (error: Error) => void }>();
  let number = 0;
  child.on('message', (reply: OrgReply) => {
    waiting.get(reply.number)?.resolve(reply.answer);
    waiting.delete(reply.number);
  });
  child.once('exit', (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`The org's process has ended with ${String(code)}`));
  });
  const reply = (of: number): Promise<unknown> =>
    new Promise((resolve, reject) => {
      waiting.set(of, { resolve, reject });
    });
  return {
    address: reply(0),
    about(question, about = '') {
      number += 1;
      const answer = reply(number);
      child.send({ number, question, about } satisfies OrgRequest);
      return answer;
    },
  };
}
