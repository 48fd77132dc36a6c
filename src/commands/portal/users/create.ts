import { Messages } from '@salesforce/core';
import { Flags, SfCommand } from '@salesforce/sf-plugins-core';
import { fileFlag, mailRunFlags, maxUsersFlag, orgFlags, readFlags, whereFlag } from '../../../cli/flags.js';
import { exitCodesSection, orgSections } from '../../../cli/helpSections.js';
import { newUserFlags } from '../../../cli/newUserFlags.js';
import { operationRules, type RunResult } from '../../../model/result.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-portal-users', 'portal.users.create');

export type PortalUsersCreateResult = RunResult;

export default class PortalUsersCreate extends SfCommand<PortalUsersCreateResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');
  public static override readonly envVariablesSection = orgSections.env;
  public static override readonly configurationVariablesSection = orgSections.config;
  public static override readonly errorCodes = exitCodesSection;

  public static override readonly flags = {
    ...orgFlags,
    where: whereFlag({
      summary: messages.getMessage('flags.where.summary'),
      description: messages.getMessage('flags.where.description'),
      exactlyOne: ['where', 'file'],
      exclusive: ['file'],
    }),
    file: fileFlag({
      summary: messages.getMessage('flags.file.summary'),
      description: messages.getMessage('flags.file.description'),
      exactlyOne: ['where', 'file'],
      // Not `exclusive`: the usage line would group it with both ways to select.
      relationships: [{ type: 'none', flags: ['where'] }],
    }),
    'ignore-unknown-columns': Flags.boolean({
      summary: messages.getMessage('flags.ignore-unknown-columns.summary'),
      // Not `exclusive`: the usage line would group it with both ways to select.
      relationships: [{ type: 'none', flags: ['where'] }],
    }),
    ...newUserFlags,
    ...mailRunFlags,
    'max-users': maxUsersFlag({ default: operationRules.create.maxUsers }),
  };

  public async run(): Promise<PortalUsersCreateResult> {
    const parsed = await readFlags(this.parse(PortalUsersCreate));
    // What a run needs is loaded here: help and wrong flags must not wait for it.
    const { operationCommand } = await import('../../../cli/commandRun.js');
    const { beginCreate } = await import('../../../operations/beginCreate.js');
    const { where, file, profile, username, set = [], inactive, 'portal-role': portalRole } = parsed.flags;
    const permissionSets = parsed.flags['permission-set'] ?? [];
    const ignoreUnknownColumns = parsed.flags['ignore-unknown-columns'];
    return operationCommand(this, parsed, 'create', (asked) =>
      beginCreate({
        ...asked,
        where,
        file,
        profile,
        username,
        set,
        inactive,
        portalRole,
        permissionSets,
        ignoreUnknownColumns,
      }),
    );
  }
}
