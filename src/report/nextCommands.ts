/** The commands that go on with a run, take it back, or give its failed rows another try: each works as it is printed. */
import type { Outlook } from '../model/fileTexts.js';
import { guardFigures } from '../model/guards.js';
import type { NextCommand, RunRecord } from '../model/result.js';
import { quoteArgument } from './quoteArgument.js';

/** Default of --max-users, which a command that concerns more has to raise. */
const breakers = { create: 10_000, disable: 500, enable: 500 } as const;

/** @param targetOrg as it was typed */
export function nextCommands(record: RunRecord, outlook: Outlook, targetOrg: string): NextCommand[] {
  const { counts, state } = record;
  if (counts.pending > 0) return isApplicable(outlook) ? [resumeCommand(record, outlook, targetOrg)] : [];
  if (state === 'planned' || counts.planned === 0) return [];
  return [...retry(record, outlook, targetOrg), ...wayBack(record, outlook, targetOrg)];
}

/** What --strict holds up is a matter of another plan. */
function isApplicable({ findings }: Outlook): boolean {
  return !findings.some((finding) => guardFigures(finding).code.startsWith('strict'));
}

function resumeCommand({ runDir, state }: RunRecord, { resumeFlags }: Outlook, targetOrg: string): NextCommand {
  const command = sf('resume', [`--run-dir ${quoteArgument(runDir)}`, ...resumeFlags], targetOrg);
  return { purpose: state === 'planned' ? 'apply' : 'resume', command };
}

/** failed.csv names the rows in the words that the same command takes. */
function retry({ operation, mode, counts, files }: RunRecord, { asks }: Outlook, targetOrg: string): NextCommand[] {
  if (counts.failed === 0 || files.failed === undefined) return [];
  const flags = [
    ...(mode ? [`--mode ${mode}`] : []),
    `--file ${quoteArgument(files.failed)}`,
    ...consent(operation, counts.failed, asks),
  ];
  return [{ purpose: 'retry', command: sf(operation, flags, targetOrg) }];
}

/** How to take back what the run did; new users for the same people where Salesforce has no way back. */
function wayBack(record: RunRecord, { asks }: Outlook, targetOrg: string): NextCommand[] {
  const { operation, counts, files, runDir } = record;
  const fromRun = `--from-run ${quoteArgument(runDir)}`;
  if (operation === 'create') {
    if (counts.created === 0) return [];
    const flags = [fromRun, '--mode deactivate', ...consent('disable', counts.created, asks)];
    return [{ purpose: 'undo', command: sf('disable', flags, targetOrg) }];
  }
  if (operation !== 'disable' || counts.succeeded === 0) return [];
  if (files.createAgain !== undefined) {
    const flags = [`--file ${quoteArgument(files.createAgain)}`, ...consent('create', counts.succeeded, asks)];
    return [{ purpose: 'createAgain', command: sf('create', flags, targetOrg) }];
  }
  const flags = [fromRun, ...consent('enable', counts.succeeded, asks)];
  return [{ purpose: 'undo', command: sf('enable', flags, targetOrg) }];
}

/** As many as this run has changed are agreed to; where nobody is asked, the printed command has to say so. */
function consent(operation: keyof typeof breakers, users: number, asks: boolean): string[] {
  return [
    ...(users > breakers[operation] ? [`--max-users ${String(users)}`] : []),
    ...(operation === 'create' || asks ? [] : ['--no-prompt']),
  ];
}

function sf(command: string, flags: readonly string[], targetOrg: string): string {
  return ['sf portal users', command, ...flags, `--target-org ${quoteArgument(targetOrg)}`].join(' ');
}
