import { Messages } from '@salesforce/core';
import { Flags, SfCommand } from '@salesforce/sf-plugins-core';
import { exitCodesSection } from '../../../report/exitCodes.js';
import {
  allowWelcomeEmailsFlag,
  dryRunFlag,
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
const messages = Messages.loadMessages('sf-portal-users', 'portal.users.create');

export type PortalUsersCreateResult = RunResult;

export default class PortalUsersCreate extends SfCommand<PortalUsersCreateResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');
  public static override readonly errorCodes = exitCodesSection;

  public static override readonly flags = {
    'target-org': targetOrgFlag,
    'api-version': Flags.orgApiVersion(),
    where: Flags.string({
      summary: messages.getMessage('flags.where.summary'),
      description: messages.getMessage('flags.where.description'),
      helpValue: '<condition>',
      exactlyOne: ['where', 'file'],
      helpGroup: 'SELECTION',
    }),
    file: Flags.string({
      char: 'f',
      summary: messages.getMessage('flags.file.summary'),
      description: messages.getMessage('flags.file.description'),
      helpValue: '<csv>',
      exactlyOne: ['where', 'file'],
      helpGroup: 'SELECTION',
    }),
    profile: Flags.string({
      summary: messages.getMessage('flags.profile.summary'),
      description: messages.getMessage('flags.profile.description'),
      helpValue: '<name or Id>',
      helpGroup: 'USERS',
    }),
    username: Flags.string({
      summary: messages.getMessage('flags.username.summary'),
      description: messages.getMessage('flags.username.description'),
      helpValue: '<template>',
      default: '{Email}',
      helpGroup: 'USERS',
    }),
    set: Flags.string({
      summary: messages.getMessage('flags.set.summary'),
      description: messages.getMessage('flags.set.description'),
      helpValue: '<Field=template>',
      multiple: true,
      helpGroup: 'USERS',
    }),
    'portal-role': Flags.option({
      summary: messages.getMessage('flags.portal-role.summary'),
      description: messages.getMessage('flags.portal-role.description'),
      options: ['Executive', 'Manager', 'Worker'] as const,
      helpGroup: 'USERS',
    })(),
    'permission-set': Flags.string({
      summary: messages.getMessage('flags.permission-set.summary'),
      description: messages.getMessage('flags.permission-set.description'),
      helpValue: '<name>',
      multiple: true,
      helpGroup: 'USERS',
    }),
    inactive: Flags.boolean({ summary: messages.getMessage('flags.inactive.summary'), helpGroup: 'USERS' }),
    'dry-run': dryRunFlag,
    'max-users': maxUsersFlag({ default: 10_000, helpGroup: 'SAFETY' }),
    'allow-welcome-emails': allowWelcomeEmailsFlag,
    strict: strictFlag,
    'no-prompt': noPromptFlag,
    wait: waitFlag,
    'output-dir': outputDirFlag,
  };

  public async run(): Promise<PortalUsersCreateResult> {
    const { flags, raw } = await this.parse(PortalUsersCreate).catch(wrongFlags);
    // What a run needs is loaded here: help and wrong flags shall not wait for it.
    const [{ operationCommand }, { screenOf }, { beginCreate }, { connectOrg }] = await Promise.all([
      import('../../../cli/commandRun.js'),
      import('../../../cli/screen.js'),
      import('../../../operations/create.js'),
      import('../../../org/connectOrg.js'),
    ]);
    const org = flags['target-org'];
    const request = {
      where: flags.where,
      file: flags.file,
      profile: flags.profile,
      username: flags.username,
      set: flags.set ?? [],
      portalRole: flags['portal-role'],
      inactive: flags.inactive,
      permissionSets: flags['permission-set'] ?? [],
      outputDir: flags['output-dir'],
      dryRun: flags['dry-run'],
      maxUsers: flags['max-users'],
      strict: flags.strict,
      allowWelcomeEmails: flags['allow-welcome-emails'],
    };
    return operationCommand({
      screen: screenOf(this, raw, org.getUsername()),
      operation: 'create',
      noPrompt: flags['no-prompt'],
      wait: flags.wait,
      connect: () => connectOrg(org.getConnection(flags['api-version'])),
      beginning: () => beginCreate(request),
    });
  }
}
