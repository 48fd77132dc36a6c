/** What a command tells at the end of a run: on a screen that keeps it, by the commands' own words. */
import { SfError } from '@salesforce/core';
import { reportEnd } from '../../lib/report/runReport.js';
import type { RunResult } from '../../lib/model/result.js';
import { inPipe, type Run } from '../scenarios/runLab.ts';

export type Told = {
  readonly exitCode: number;
  /** All that is on the screen. */
  readonly text: string;
  /** How many ways on it offers. */
  readonly actions: number;
  /** What `--json` holds. */
  readonly result: RunResult;
};

export function told({ end, result, next, detail }: Run): Told {
  const exitCodeBefore = process.exitCode;
  const said: string[] = [];
  const advice: string[] = [];
  const say = (line: string): void => void said.push(line);
  const warn = ({ message, actions = [] }: { message: string; actions?: string[] }): void => {
    said.push(message, ...actions);
    advice.push(...actions.filter(Boolean));
  };
  try {
    const screen = { log: say, note: say, warn, json: true, targetOrg: 'lab', ...inPipe };
    const shown = reportEnd(screen, { end, result, next, detail });
    return { exitCode: Number(process.exitCode), text: said.join('\n'), actions: advice.length, result: shown };
  } catch (error) {
    // Nothing was written to the org: an error, with the plan.
    if (!(error instanceof SfError) || !('result' in error)) throw error;
    warn(error);
    return {
      exitCode: error.exitCode,
      text: said.join('\n'),
      actions: advice.length,
      result: error.result as RunResult,
    };
  } finally {
    process.exitCode = exitCodeBefore;
  }
}
