import { Messages } from '@salesforce/core';
import { SfCommand } from '@salesforce/sf-plugins-core';
import { newRunFlags, orgFlags, readFlags } from '../../../cli/flags.js';
import { withGracefulStop } from '../../../cli/gracefulStop.js';
import { exitCodesSection, orgSections } from '../../../cli/helpSections.js';
import { listFlags } from '../../../cli/listFlags.js';
import { fitError, screenOf } from '../../../cli/screen.js';
import type { Emit } from '../../../model/events.js';
import type { ListResult } from '../../../model/access/userList.js';
import { toCliError } from '../../../report/faults.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-portal-users', 'portal.users.list');

export type PortalUsersListResult = ListResult;

export default class PortalUsersList extends SfCommand<PortalUsersListResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');
  public static override readonly envVariablesSection = orgSections.env;
  public static override readonly configurationVariablesSection = orgSections.config;
  public static override readonly errorCodes = exitCodesSection;

  public static override readonly flags = {
    ...orgFlags,
    ...listFlags,
    'output-dir': newRunFlags['output-dir'],
  };

  public async run(): Promise<PortalUsersListResult> {
    const { flags, raw } = await readFlags(this.parse(PortalUsersList));
    const { connectToOrg } = await import('../../../cli/connectToOrg.js');
    const { listUsers } = await import('../../../list/listUsers.js');
    const { listLines } = await import('../../../report/access/listScreen.js');
    const { listTexts } = await import('../../../report/access/listTexts.js');
    const request = {
      where: flags.where,
      profile: flags.profile,
      inactiveFor: flags['inactive-for'],
      neverLoggedIn: flags['never-logged-in'],
      frozen: flags.frozen,
      status: flags.status,
      permissionSets: flags['permission-sets'],
      outputDir: flags['output-dir'],
      definitionFile: flags['definition-file'],
    };
    const screen = screenOf(this, raw, flags['target-org']);
    const emit: Emit = (event) => {
      // Elsewhere the spinner repeats its line for each figure.
      if (event.type === 'read' && screen.draw !== undefined)
        this.spinner.status = messages.getMessage('info.read', [event.records]);
    };
    const result = await withGracefulStop(async (stop) => {
      const client = await connectToOrg(flags['target-org'].getConnection(flags['api-version']), screen);
      // Behind the warning of a wrong clock, which would part the line.
      this.spinner.start(messages.getMessage('info.reading', [screen.targetOrg]));
      return listUsers(request, client, { texts: listTexts(screen.targetOrg), emit, stop });
    }).catch((error: unknown) => {
      throw fitError(toCliError(error, screen.targetOrg), screen);
    });
    this.spinner.stop();
    if (result.summary.users === 0) screen.warn({ name: 'NoneListed', message: messages.getMessage('warning.none') });
    for (const line of listLines(result, screen)) screen.log(line);
    return result;
  }
}
