import { arch, platform } from 'node:process';
import { Global, Messages } from '@salesforce/core';
import { Flags, SfCommand } from '@salesforce/sf-plugins-core';
import { readFlags } from '../../../cli/flags.js';
import { exitCodesSection, localSections } from '../../../cli/helpSections.js';
import { canAsk, fitError, fitLine } from '../../../cli/screen.js';
import { toCliError } from '../../../report/faults.js';
import type { RememberedRun } from '../../../model/runs/runOverview.js';
import { runRows, type RunRow } from '../../../report/runRows.js';
import { runsLines } from '../../../report/screens/runs.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-portal-users', 'portal.users.runs');

export type PortalUsersRunsResult = {
  /** Newest first. Empty with --support-bundle. */
  runs: RunRow[];
  /** The file that --support-bundle wrote. */
  supportBundle?: string;
};

export default class PortalUsersRuns extends SfCommand<PortalUsersRunsResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');
  public static override readonly envVariablesSection = localSections.env;
  public static override readonly errorCodes = exitCodesSection;

  public static override readonly flags = {
    'support-bundle': Flags.directory({
      summary: messages.getMessage('flags.support-bundle.summary'),
      description: messages.getMessage('flags.support-bundle.description'),
      helpValue: '<run folder>',
    }),
  };

  public async run(): Promise<PortalUsersRunsResult> {
    const { flags } = await readFlags(this.parse(PortalUsersRuns));
    const folder = flags['support-bundle'];
    return folder === undefined ? { runs: await this.listRuns() } : this.writeBundle(folder);
  }

  private async listRuns(): Promise<RunRow[]> {
    const { startedRuns } = await import('../../../run/startedRuns.js');
    const { runOverviews } = await import('../../../run/runOverviews.js');
    const remembered: RememberedRun[] = [];
    for await (const run of runOverviews(await startedRuns(Global.SF_DIR))) remembered.push(run);
    const rows = runRows(remembered, canAsk());
    if (rows.length === 0) this.log(messages.getMessage('info.none'));
    for (const line of runsLines(rows)) this.log(fitLine(line, process.stdout));
    return rows;
  }

  private async writeBundle(folder: string): Promise<PortalUsersRunsResult> {
    const { writeSupportBundle } = await import('../../../run/supportBundle.js');
    const about = { plugin: this.config.plugins.get('sf-portal-users')?.version ?? '', cli: this.config.version };
    const system = { node: process.version, system: `${platform} ${arch}` };
    const file = await writeSupportBundle(folder, { ...about, ...system }).catch((error: unknown) => {
      throw fitError(toCliError(error, undefined), { json: this.jsonEnabled() });
    });
    this.log(messages.getMessage('info.bundle', [file]));
    return { runs: [], supportBundle: file };
  }
}
