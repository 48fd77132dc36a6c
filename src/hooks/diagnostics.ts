/** What `sf doctor` says about this plugin: versions, and how the newest run of this machine stands. No personal data. */
import type { Hook } from '@oclif/core';
import { Global, Lifecycle, Messages } from '@salesforce/core';
import type { RememberedRun } from '../model/runs/runOverview.js';
import { runOverviews } from '../run/runOverviews.js';
import { startedRuns } from '../run/startedRuns.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-portal-users', 'diagnostics');

const pluginName = 'sf-portal-users';

/** What the host hands on (SfDoctor of @salesforce/plugin-info). */
type Doctor = {
  addPluginData(plugin: string, data: Readonly<Record<string, unknown>>): void;
  addSuggestion(suggestion: string): void;
};

/** Called by `sf doctor` alone: package.json names it as `sf-doctor-sf-portal-users`. */
export const hook = async function (this: Hook.Context, { doctor }: { readonly doctor: Doctor }): Promise<void> {
  const version = this.config.plugins.get(pluginName)?.version;
  const newest = await newestRun();
  doctor.addPluginData(pluginName, { version, node: process.version, newestRun: newest && aboutRun(newest) });
  const status = statusOf(newest);
  if (status !== 'pass') doctor.addSuggestion(messages.getMessage('suggestion.runs'));
  await Lifecycle.getInstance().emit('Doctor:diagnostic', {
    testName: `[${pluginName}] ${messages.getMessage('test.newestRun')}`,
    status,
  });
};

/** The newest one whose folder is still there. */
async function newestRun(): Promise<RememberedRun | undefined> {
  for await (const run of runOverviews(await startedRuns(Global.SF_DIR))) return run;
  return undefined;
}

/** Neither the folder, whose path may name a person, nor the user of the org. */
function aboutRun({ run, fault }: RememberedRun): Readonly<Record<string, unknown>> {
  if (run === undefined) return { fault: fault.code };
  const { operation, mode, state, plannedAt, counts } = run;
  return { operation, mode, state, plannedAt, counts };
}

function statusOf(newest: RememberedRun | undefined): 'pass' | 'warn' | 'fail' {
  if (newest === undefined) return 'pass';
  if (newest.fault !== undefined) return newest.fault.code === 'runLocked' ? 'pass' : 'fail';
  return newest.run.state === 'complete' || newest.run.state === 'planned' ? 'pass' : 'warn';
}
