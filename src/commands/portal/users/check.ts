import { Messages } from '@salesforce/core';
import { Flags, SfCommand } from '@salesforce/sf-plugins-core';
import { orgFlags, readFlags } from '../../../cli/flags.js';
import { exitCodesSection, orgSections } from '../../../cli/helpSections.js';
import { untilSignal } from '../../../cli/gracefulStop.js';
import { fitError, screenOf } from '../../../cli/screen.js';
import type { OrgFigures } from '../../../model/access/orgFigures.js';
import type { OrgKind } from '../../../model/result.js';
import { describeChecks } from '../../../report/checkReport.js';
import { exitCodes } from '../../../report/exitCodes.js';
import { toCliError } from '../../../report/faults.js';
import { checkLines } from '../../../report/screens/checks.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-portal-users', 'portal.users.check');

export type PortalUsersCheckResult = OrgFigures & {
  orgId: string;
  orgKind: OrgKind;
  username: string;
  /** Whether no check failed. */
  ok: boolean;
  checks: Array<{ name: string; status: 'pass' | 'warn' | 'fail'; message: string; advice: string }>;
};

export default class PortalUsersCheck extends SfCommand<PortalUsersCheckResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');
  public static override readonly envVariablesSection = orgSections.env;
  public static override readonly configurationVariablesSection = orgSections.config;
  public static override readonly errorCodes = exitCodesSection;

  public static override readonly flags = {
    ...orgFlags,
    profile: Flags.string({
      summary: messages.getMessage('flags.profile.summary'),
      description: messages.getMessage('flags.profile.description'),
      helpValue: '<name or ID>',
    }),
    'permission-set': Flags.string({
      summary: messages.getMessage('flags.permission-set.summary'),
      helpValue: '<name>',
      multiple: true,
    }),
    verbose: Flags.boolean({ summary: messages.getMessage('flags.verbose.summary') }),
  };

  public async run(): Promise<PortalUsersCheckResult> {
    const { flags, raw } = await readFlags(this.parse(PortalUsersCheck));
    const { checkOrg } = await import('../../../preflight/checkOrg.js');
    const { connectToOrg } = await import('../../../cli/connectToOrg.js');
    const org = flags['target-org'];
    const screen = screenOf(this, raw, org);
    const checked = await untilSignal(async () => {
      const client = await connectToOrg(org.getConnection(flags['api-version']), screen);
      // Behind the warning of a wrong clock, which would part the line.
      this.spinner.start(messages.getMessage('info.checking', [screen.targetOrg]));
      const { orgId, username } = client;
      return { orgId, username, ...(await checkOrg(client, flags.profile, flags['permission-set'] ?? [])) };
    }).catch((error: unknown) => {
      throw fitError(toCliError(error, screen.targetOrg), screen);
    });
    this.spinner.stop();
    const checks = describeChecks(checked.checks, screen.targetOrg);
    const ok = checks.every((check) => check.status !== 'fail');
    for (const line of checkLines(checks, { ...checked, targetOrg: screen.targetOrg }, flags.verbose)) screen.log(line);
    process.exitCode = ok ? exitCodes.done : exitCodes.stopped;
    const { figures, ...whichOrg } = checked;
    return { ...whichOrg, ok, checks, ...figures };
  }
}
