import { Messages } from '@salesforce/core';
import { Flags, SfCommand } from '@salesforce/sf-plugins-core';
import { enableModes } from '../../../model/modes.js';
import { exitCodesSection } from '../../../report/exitCodes.js';
import {
  allowWelcomeEmailsFlag,
  dryRunFlag,
  fileFlag,
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
const messages = Messages.loadMessages('sf-portal-users', 'portal.users.enable');

export type PortalUsersEnableResult = RunResult;

const selection = ['from-run', 'where', 'file'];

export default class PortalUsersEnable extends SfCommand<PortalUsersEnableResult> {
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
      options: enableModes,
      exclusive: ['from-run'],
    })(),
    'from-run': Flags.directory({
      summary: messages.getMessage('flags.from-run.summary'),
      description: messages.getMessage('flags.from-run.description'),
      exactlyOne: selection,
      helpGroup: 'SELECTION',
    }),
    where: Flags.string({
      summary: messages.getMessage('flags.where.summary'),
      description: messages.getMessage('flags.where.description'),
      helpValue: '<condition>',
      exactlyOne: selection,
      dependsOn: ['mode'],
      helpGroup: 'SELECTION',
    }),
    file: fileFlag({
      description: messages.getMessage('flags.file.description'),
      exactlyOne: selection,
      dependsOn: ['mode'],
    }),
    'dry-run': dryRunFlag,
    'max-users': maxUsersFlag({ default: 500, helpGroup: 'SAFETY' }),
    'allow-welcome-emails': allowWelcomeEmailsFlag,
    strict: strictFlag,
    'no-prompt': noPromptFlag,
    wait: waitFlag,
    'output-dir': outputDirFlag,
  };

  public async run(): Promise<PortalUsersEnableResult> {
    const { flags, raw } = await this.parse(PortalUsersEnable).catch(wrongFlags);
    const [{ operationCommand }, { screenOf }, { connectOrg }, { beginChange }] = await Promise.all([
      import('../../../cli/commandRun.js'),
      import('../../../cli/screen.js'),
      import('../../../org/connectOrg.js'),
      import('../../../operations/change.js'),
    ]);
    const org = flags['target-org'];
    return operationCommand({
      screen: screenOf(this, raw, org.getUsername()),
      operation: 'enable',
      noPrompt: flags['no-prompt'],
      wait: flags.wait,
      connect: () => connectOrg(org.getConnection(flags['api-version'])),
      beginning: () =>
        beginChange({
          operation: 'enable',
          mode: flags.mode,
          where: flags.where,
          file: flags.file,
          fromRun: flags['from-run'],
          inactiveFor: undefined,
          protect: [],
          outputDir: flags['output-dir'],
          dryRun: flags['dry-run'],
          maxUsers: flags['max-users'],
          strict: flags.strict,
          allowWelcomeEmails: flags['allow-welcome-emails'],
        }),
    });
  }
}
