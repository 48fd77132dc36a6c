import { Global, Messages } from '@salesforce/core';
import { Flags, SfCommand } from '@salesforce/sf-plugins-core';
import { exitCodesSection } from '../../../report/exitCodes.js';
import {
  allowWelcomeEmailsFlag,
  maxUsersFlag,
  noPromptFlag,
  strictFlag,
  targetOrgFlag,
  waitFlag,
  wrongFlags,
} from '../../../cli/flags.js';
import type { RunResult } from '../../../model/result.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-portal-users', 'portal.users.resume');

export type PortalUsersResumeResult = RunResult;

export default class PortalUsersResume extends SfCommand<PortalUsersResumeResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');
  public static override readonly errorCodes = exitCodesSection;

  public static override readonly flags = {
    'target-org': targetOrgFlag,
    'run-dir': Flags.directory({
      summary: messages.getMessage('flags.run-dir.summary'),
      exactlyOne: ['run-dir', 'use-most-recent'],
      helpGroup: 'SELECTION',
    }),
    'use-most-recent': Flags.boolean({
      summary: messages.getMessage('flags.use-most-recent.summary'),
      exactlyOne: ['run-dir', 'use-most-recent'],
      helpGroup: 'SELECTION',
    }),
    'max-users': maxUsersFlag({ description: messages.getMessage('flags.max-users.description'), helpGroup: 'SAFETY' }),
    'allow-welcome-emails': allowWelcomeEmailsFlag,
    strict: strictFlag,
    'no-prompt': noPromptFlag,
    wait: waitFlag,
  };

  public async run(): Promise<PortalUsersResumeResult> {
    const { flags, raw } = await this.parse(PortalUsersResume).catch(wrongFlags);
    const [{ commandRun }, { screenOf }, { resumeRun }, { mostRecentRun }, { connectOrg }] = await Promise.all([
      import('../../../cli/commandRun.js'),
      import('../../../cli/screen.js'),
      import('../../../run/resume.js'),
      import('../../../run/mostRecent.js'),
      import('../../../org/connectOrg.js'),
    ]);
    const org = flags['target-org'];
    const screen = screenOf(this, raw, org.getUsername());
    const mostRecent = async (): Promise<string> => {
      const folder = await mostRecentRun(Global.SF_DIR);
      screen.note(messages.getMessage('info.mostRecent', [folder]));
      return folder;
    };
    return commandRun({
      screen,
      title: 'title.resume',
      noPrompt: flags['no-prompt'],
      wait: flags.wait,
      begin: async () =>
        resumeRun(
          {
            folder: flags['run-dir'] ?? (await mostRecent()),
            maxUsers: flags['max-users'],
            strict: flags.strict,
            allowWelcomeEmails: flags['allow-welcome-emails'],
          },
          // A job's results can only be read with the version that made it.
          (apiVersion) => connectOrg(org.getConnection(apiVersion)),
        ),
    });
  }
}
