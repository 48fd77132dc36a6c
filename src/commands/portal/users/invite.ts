import { Messages } from '@salesforce/core';
import { Flags, SfCommand } from '@salesforce/sf-plugins-core';
import { daysFlag, fileFlag, newRunFlags, orgFlags, protectFlag, readFlags, whereFlag } from '../../../cli/flags.js';
import { exitCodesSection, orgSections } from '../../../cli/helpSections.js';
import type { RunResult } from '../../../model/result.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-portal-users', 'portal.users.invite');

export type PortalUsersInviteResult = RunResult;

const exactlyOne = ['where', 'file', 'from-run'];

export default class PortalUsersInvite extends SfCommand<PortalUsersInviteResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');
  public static override readonly envVariablesSection = orgSections.env;
  public static override readonly configurationVariablesSection = orgSections.config;
  public static override readonly errorCodes = exitCodesSection;

  public static override readonly flags = {
    ...orgFlags,
    where: whereFlag({ exactlyOne, exclusive: ['file', 'from-run'] }),
    file: fileFlag({ exactlyOne, exclusive: ['where', 'from-run'] }),
    'from-run': Flags.directory({
      summary: messages.getMessage('flags.from-run.summary'),
      description: messages.getMessage('flags.from-run.description'),
      exactlyOne,
      exclusive: ['where', 'file'],
      helpGroup: 'SELECTION',
    }),
    'again-after': daysFlag({
      summary: messages.getMessage('flags.again-after.summary'),
      description: messages.getMessage('flags.again-after.description'),
      default: 7,
    }),
    'include-logged-in': Flags.boolean({
      default: false,
      summary: messages.getMessage('flags.include-logged-in.summary'),
      description: messages.getMessage('flags.include-logged-in.description'),
    }),
    'include-sso': Flags.boolean({ default: false, summary: messages.getMessage('flags.include-sso.summary') }),
    protect: protectFlag,
    ...newRunFlags,
  };

  public async run(): Promise<PortalUsersInviteResult> {
    const parsed = await readFlags(this.parse(PortalUsersInvite));
    const { operationCommand } = await import('../../../cli/commandRun.js');
    const { beginInvite } = await import('../../../operations/invite/invite.js');
    const { flags } = parsed;
    return operationCommand(this, parsed, 'invite', (asked) =>
      beginInvite({
        ...asked,
        where: flags.where,
        file: flags.file,
        fromRun: flags['from-run'],
        protect: flags.protect ?? [],
        includeLoggedIn: flags['include-logged-in'],
        includeSso: flags['include-sso'],
        againAfter: flags['again-after'],
        // Nobody joins a site.
        allowWelcomeEmails: true,
      }),
    );
  }
}
