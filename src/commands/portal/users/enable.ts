import { Messages } from '@salesforce/core';
import { Flags, SfCommand } from '@salesforce/sf-plugins-core';
import { fileFlag, mailRunFlags, orgFlags, readFlags, whereFlag } from '../../../cli/flags.js';
import { exitCodesSection, orgSections } from '../../../cli/helpSections.js';
import { enableModes } from '../../../model/modes.js';
import type { RunResult } from '../../../model/result.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-portal-users', 'portal.users.enable');

export type PortalUsersEnableResult = RunResult;

const exactlyOne = ['from-run', 'where', 'file'];

export default class PortalUsersEnable extends SfCommand<PortalUsersEnableResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');
  public static override readonly envVariablesSection = orgSections.env;
  public static override readonly configurationVariablesSection = orgSections.config;
  public static override readonly errorCodes = exitCodesSection;

  public static override readonly flags = {
    ...orgFlags,
    mode: Flags.option({
      summary: messages.getMessage('flags.mode.summary'),
      description: messages.getMessage('flags.mode.description'),
      options: enableModes,
      exclusive: ['from-run'],
    })(),
    'from-run': Flags.directory({
      summary: messages.getMessage('flags.from-run.summary'),
      description: messages.getMessage('flags.from-run.description'),
      exactlyOne,
      helpGroup: 'SELECTION',
    }),
    where: whereFlag({ exactlyOne, exclusive: ['file'] }),
    file: fileFlag({ exactlyOne, exclusive: ['where'] }),
    ...mailRunFlags,
  };

  public async run(): Promise<PortalUsersEnableResult> {
    const parsed = await readFlags(this.parse(PortalUsersEnable));
    const { operationCommand } = await import('../../../cli/commandRun.js');
    const { beginChange } = await import('../../../operations/change.js');
    const { mode, where, file, 'from-run': fromRun } = parsed.flags;
    return operationCommand(this, parsed, 'enable', (asked) =>
      beginChange({
        ...asked,
        operation: 'enable',
        mode,
        where,
        file,
        fromRun,
        inactiveFor: undefined,
        neverLoggedIn: undefined,
        protect: [],
        releaseLicenses: false,
      }),
    );
  }
}
