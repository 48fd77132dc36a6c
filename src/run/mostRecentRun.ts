/** The run that `resume --use-most-recent` means. */
import type { FactsOf } from '../model/facts.js';
import { RunFault, type faultFacts } from '../model/faults.js';
import { canResume, type RememberedRun } from '../model/runs/runOverview.js';
import { runOverviews } from './runOverviews.js';
import { startedRuns } from './startedRuns.js';

/**
 * The newest unfinished run of this machine. One that can't be read stands in the way of older ones: it may be the one that is
 * meant, and resume says what is wrong with it. Folders without a complete plan have nothing to be resumed.
 * @param stateDir sf's state folder
 * @throws RunFault noRecentRun, runVersion.recent
 */
export async function mostRecentRun(stateDir: string): Promise<RememberedRun> {
  for await (const { folder, run, fault } of runOverviews(await startedRuns(stateDir))) {
    if (fault !== undefined) {
      if (fault.code === 'planIncomplete' || fault.code === 'notARunFolder') continue;
      // Nobody has named it, and it may have been finished long ago.
      if (fault.key === 'runVersion') throw new RunFault('runVersion.recent', versionsOf(fault));
      return { folder, fault };
    }
    if (canResume(run)) return { folder, run };
  }
  throw new RunFault('noRecentRun');
}

function versionsOf({ facts }: RunFault): FactsOf<typeof faultFacts, 'runVersion.recent'> {
  const { folder = '', found = '', expected = '' } = facts;
  return { folder, found, expected };
}
