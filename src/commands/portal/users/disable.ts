import { Messages } from '@salesforce/core';
import { Flags, SfCommand } from '@salesforce/sf-plugins-core';
import { disableFlags } from '../../../cli/disableFlags.js';
import { newRunFlags, orgFlags, readFlags } from '../../../cli/flags.js';
import { exitCodesSection, orgSections } from '../../../cli/helpSections.js';
import { disableModes } from '../../../model/modes.js';
import type { RunResult } from '../../../model/result.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-portal-users', 'portal.users.disable');

export type PortalUsersDisableResult = RunResult;

export default class PortalUsersDisable extends SfCommand<PortalUsersDisableResult> {
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
      options: disableModes,
    })(),
    ...disableFlags,
    ...newRunFlags,
  };

  public async run(): Promise<PortalUsersDisableResult> {
    const parsed = await readFlags(this.parse(PortalUsersDisable));
    const { operationCommand } = await import('../../../cli/commandRun.js');
    const { beginChange } = await import('../../../operations/change.js');
    const { askMode } = await import('../../../cli/askMode.js');
    const { flags } = parsed;
    return operationCommand(this, parsed, 'disable', async (asked) => {
      const chosen = !flags.mode && !flags['no-prompt'] ? await askMode() : undefined;
      return beginChange({
        ...asked,
        // Printed commands say what was chosen.
        typed: chosen === undefined ? asked.typed : [{ name: 'mode', value: chosen }, ...asked.typed],
        operation: 'disable',
        mode: flags.mode ?? chosen,
        where: flags.where,
        file: flags.file,
        fromRun: flags['from-run'],
        inactiveFor: flags['inactive-for'],
        neverLoggedIn: flags['never-logged-in'],
        protect: flags.protect ?? [],
        releaseLicenses: flags['release-licenses'],
        // Nobody is written to who loses a login.
        allowWelcomeEmails: true,
      });
    });
  }
}
