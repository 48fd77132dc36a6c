import { Global, Messages } from '@salesforce/core';
import { Flags, SfCommand } from '@salesforce/sf-plugins-core';
import { driveFlags, mailFlags, maxUsersFlag, orgFlags, readFlags } from '../../../cli/flags.js';
import { exitCodesSection, resumeSections } from '../../../cli/helpSections.js';
import type { RunResult } from '../../../model/result.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-portal-users', 'portal.users.resume');

export type PortalUsersResumeResult = RunResult;

export default class PortalUsersResume extends SfCommand<PortalUsersResumeResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');
  public static override readonly envVariablesSection = resumeSections.env;
  public static override readonly configurationVariablesSection = resumeSections.config;
  public static override readonly errorCodes = exitCodesSection;

  public static override readonly flags = {
    'target-org': orgFlags['target-org'],
    'run-dir': Flags.directory({
      summary: messages.getMessage('flags.run-dir.summary'),
      exactlyOne: ['run-dir', 'use-most-recent'],
      exclusive: ['use-most-recent'],
    }),
    'use-most-recent': Flags.boolean({
      summary: messages.getMessage('flags.use-most-recent.summary'),
      exactlyOne: ['run-dir', 'use-most-recent'],
      exclusive: ['run-dir'],
    }),
    'max-users': maxUsersFlag({ description: messages.getMessage('flags.max-users.description') }),
    'send-unknown-again': Flags.boolean({
      default: false,
      summary: messages.getMessage('flags.send-unknown-again.summary'),
      description: messages.getMessage('flags.send-unknown-again.description'),
    }),
    ...mailFlags,
    ...driveFlags,
  };

  public async run(): Promise<PortalUsersResumeResult> {
    const parsed = await readFlags(this.parse(PortalUsersResume));
    const { commandRun } = await import('../../../cli/commandRun.js');
    const { connectToOrg } = await import('../../../cli/connectToOrg.js');
    const { resumeRun } = await import('../../../run/resume.js');
    const { mostRecentRun } = await import('../../../run/mostRecentRun.js');
    const { canAsk } = await import('../../../cli/screen.js');
    const { needsRunDir } = await import('../../../cli/repeats.js');
    const { strict, 'max-users': maxUsers, 'allow-welcome-emails': allowWelcomeEmails, ...flags } = parsed.flags;
    return commandRun(this, parsed, async (screen) => {
      const { folder, run } =
        flags['run-dir'] === undefined ? await mostRecentRun(Global.SF_DIR) : { folder: flags['run-dir'] };
      // Where nobody can be asked, a plan is named, or agreed to.
      if (run?.isAgreed === false && !canAsk() && !flags['no-prompt'])
        throw needsRunDir(folder, run.openFlags, screen.targetOrg);
      if (flags['use-most-recent']) screen.note(messages.getMessage('info.mostRecent', [folder]));
      return resumeRun(
        { folder, maxUsers, strict, allowWelcomeEmails, sendUnknownAgain: flags['send-unknown-again'] },
        // A job's results can only be read with the version that made it.
        (apiVersion) => connectToOrg(flags['target-org'].getConnection(apiVersion), screen),
      );
    });
  }
}
