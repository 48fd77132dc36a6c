/** A client without a network: what each call is answered with is up to the test. */
import type { OrgCall, OrgClient } from '../../../lib/org/orgClient.js';
import { OrgError } from '../../../lib/model/orgError.js';

export type StubClient = OrgClient & { readonly calls: OrgCall[] };

/** What a client is besides its calls. */
export const stubIdentity = {
  orgId: '00D000000000001EAA',
  userId: '005000000000009AAA',
  username: 'admin@sim.example',
  apiVersion: '67.0',
  instanceUrl: 'https://sim.example',
  callsMade: 0,
  now: Date.now,
} as const;

/** @param answer a text, what becomes JSON, or the error that the call ends with */
export function stubClient(answer: (call: OrgCall) => unknown): StubClient {
  const calls: OrgCall[] = [];
  return {
    calls,
    ...stubIdentity,
    call: async (call) => {
      calls.push(call);
      const given = answer(call);
      if (given instanceof OrgError) throw given;
      return { status: 200, headers: {}, body: typeof given === 'string' ? given : JSON.stringify(given) };
    },
  };
}

/** The SOQL that a call asks for; undefined for other calls. */
export function soqlOf({ path }: OrgCall): string | undefined {
  return new URL(path, 'https://sim.example').searchParams.get('q') ?? undefined;
}

/** The whole answer to a query. */
export function queryAnswer(records: ReadonlyArray<Readonly<Record<string, unknown>>>): unknown {
  return { totalSize: records.length, done: true, records: records.map((record) => ({ attributes: {}, ...record })) };
}
