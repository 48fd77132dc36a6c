import { Messages } from '@salesforce/core';
import { Flags, SfCommand } from '@salesforce/sf-plugins-core';
import { disableModes } from '../../../model/modes.js';
import { exitCodesSection } from '../../../report/exitCodes.js';
import {
  dryRunFlag,
  fileFlag,
  inactiveForFlag,
  maxUsersFlag,
  noPromptFlag,
  outputDirFlag,
  strictFlag,
  targetOrgFlag,
  waitFlag,
  wrongFlags,
} from '../../../cli/flags.js';
import type { RunResult } from '../../../model/result.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-portal-users', 'portal.users.disable');

export type PortalUsersDisableResult = RunResult;

const selection = ['where', 'file', 'inactive-for', 'from-run'];

export default class PortalUsersDisable extends SfCommand<PortalUsersDisableResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');
  public static override readonly errorCodes = exitCodesSection;

  public static override readonly flags = {
    'target-org': targetOrgFlag,
    'api-version': Flags.orgApiVersion(),
    mode: Flags.option({
      summary: messages.getMessage('flags.mode.summary'),
      description: messages.getMessage('flags.mode.description'),
      options: disableModes,
    })(),
    where: Flags.string({
      summary: messages.getMessage('flags.where.summary'),
      description: messages.getMessage('flags.where.description'),
      helpValue: '<condition>',
      atLeastOne: selection,
      exclusive: ['file', 'from-run'],
      helpGroup: 'SELECTION',
    }),
    file: fileFlag({
      description: messages.getMessage('flags.file.description'),
      atLeastOne: selection,
      exclusive: ['where', 'from-run'],
    }),
    'inactive-for': inactiveForFlag({ atLeastOne: selection, exclusive: ['from-run'] }),
    'from-run': Flags.directory({
      summary: messages.getMessage('flags.from-run.summary'),
      description: messages.getMessage('flags.from-run.description'),
      atLeastOne: selection,
      exclusive: ['where', 'file', 'inactive-for'],
      helpGroup: 'SELECTION',
    }),
    protect: Flags.string({
      summary: messages.getMessage('flags.protect.summary'),
      description: messages.getMessage('flags.protect.description'),
      helpValue: '<condition>',
      multiple: true,
      helpGroup: 'SAFETY',
    }),
    'dry-run': dryRunFlag,
    'max-users': maxUsersFlag({ default: 500, helpGroup: 'SAFETY' }),
    strict: strictFlag,
    'no-prompt': noPromptFlag,
    wait: waitFlag,
    'output-dir': outputDirFlag,
  };

  public async run(): Promise<PortalUsersDisableResult> {
    const { flags, raw } = await this.parse(PortalUsersDisable).catch(wrongFlags);
    const [{ operationCommand }, { screenOf }, { connectOrg }, { beginChange }, { askMode }] = await Promise.all([
      import('../../../cli/commandRun.js'),
      import('../../../cli/screen.js'),
      import('../../../org/connectOrg.js'),
      import('../../../operations/change.js'),
      import('../../../cli/askMode.js'),
    ]);
    const org = flags['target-org'];
    const screen = screenOf(this, raw, org.getUsername());
    return operationCommand({
      screen,
      operation: 'disable',
      noPrompt: flags['no-prompt'],
      wait: flags.wait,
      connect: () => connectOrg(org.getConnection(flags['api-version'])),
      beginning: async () =>
        beginChange({
          operation: 'disable',
          mode: flags.mode ?? (flags['no-prompt'] ? undefined : await askMode(screen)),
          where: flags.where,
          file: flags.file,
          fromRun: flags['from-run'],
          inactiveFor: flags['inactive-for'],
          protect: flags.protect ?? [],
          outputDir: flags['output-dir'],
          dryRun: flags['dry-run'],
          maxUsers: flags['max-users'],
          strict: flags.strict,
          // Nobody is written to who loses a login.
          allowWelcomeEmails: true,
        }),
    });
  }
}
