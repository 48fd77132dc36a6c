/**
 * A process of its own that gives one command and may kill itself on the way. Its order is JSON in the first argument; it
 * prints each point that it passes, and nothing else. The org is in another process.
 */
import type { Connection } from '@salesforce/core';
import type { ChangeRunRequest } from '../../lib/operations/change.js';
import type { CreateRunRequest } from '../../lib/operations/beginCreate.js';
import type { InviteRunRequest } from '../../lib/operations/invite/invite.js';
import type { SyncRunRequest } from '../../lib/operations/sync/beginSync.js';
import type { BegunRun } from '../../lib/run/openRun.js';
import type { Beginning } from '../../lib/operations/operation.js';
import type { OrgClient } from '../../lib/org/orgClient.js';
import { CrashPoints } from './crashPoints.ts';

export type CrashCommand =
  | { readonly kind: 'create'; readonly request: CreateRunRequest }
  | { readonly kind: 'change'; readonly request: ChangeRunRequest }
  | { readonly kind: 'invite'; readonly request: InviteRunRequest }
  | { readonly kind: 'sync'; readonly request: SyncRunRequest }
  | { readonly kind: 'resume'; readonly folder: string };

/** The environment has the org's address in `SF_ORG_INSTANCE_URL`. */
export type CrashOrder = { readonly token: string; readonly killAt: number; readonly command: CrashCommand };

const order = JSON.parse(process.argv[2] ?? '{}') as CrashOrder;
const { command } = order;
const folder = command.kind === 'resume' ? command.folder : (command.request.outputDir ?? '');
const points = new CrashPoints(order.killAt, folder);
const { connectOrg } = await import('../../lib/org/connectOrg.js');
const { beginRun } = await import('../../lib/run/begin.js');
const { driveRun } = await import('../../lib/run/drive.js');
const { resumeRun } = await import('../../lib/run/resume.js');
const { GracefulStop } = await import('../../lib/engine/stop.js');
const { exportTexts } = await import('../../lib/report/fileTexts.js');

const stop = new GracefulStop();
await driveRun({
  ...(await begin()),
  asks: false,
  isTerminal: false,
  consent: () => Promise.resolve(true),
  stop,
  emit,
  texts: exportTexts('lab'),
});

async function begin(): Promise<BegunRun> {
  if (command.kind === 'resume') {
    return resumeRun(
      { folder, maxUsers: undefined, strict: false, allowWelcomeEmails: false, sendUnknownAgain: false },
      connect,
    );
  }
  return beginRun(await asked(command), connect, emit, stop);
}

async function asked(given: Exclude<CrashCommand, { kind: 'resume' }>): Promise<Beginning> {
  switch (given.kind) {
    case 'create': {
      const { beginCreate } = await import('../../lib/operations/beginCreate.js');
      return beginCreate(given.request);
    }
    case 'change': {
      const { beginChange } = await import('../../lib/operations/change.js');
      return beginChange(given.request);
    }
    case 'invite': {
      const { beginInvite } = await import('../../lib/operations/invite/invite.js');
      return beginInvite(given.request);
    }
    case 'sync': {
      const { beginSync } = await import('../../lib/operations/sync/beginSync.js');
      return beginSync(given.request);
    }
  }
}

async function connect(version = '67.0'): Promise<OrgClient> {
  return points.watchCalls(await connectOrg(login(version)));
}

/** All that is read of a login that is a token. To load @salesforce/core takes longer than all else that the process does. */
function login(version: string): Connection {
  const parts: Partial<Record<keyof Connection, unknown>> = {
    instanceUrl: process.env['SF_ORG_INSTANCE_URL'],
    accessToken: order.token,
    getApiVersion: () => version,
    getAuthInfoFields: () => ({}),
    getAuthInfo: () => ({ getConnectionOptions: () => ({}) }),
  };
  return parts as Connection;
}

function emit(): void {
  // What is told is in run.db too.
}
