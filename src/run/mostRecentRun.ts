/** The run that `resume --use-most-recent` means. */
import type { FactsOf } from '../model/facts.js';
import { RunFault, type faultFacts } from '../model/faults.js';
import { canResume } from '../model/runs/runOverview.js';
import { runOverviews } from './runOverviews.js';
import { startedRuns } from './startedRuns.js';

/**
 * The newest unfinished run of this machine. One that can't be read stands in the way of older ones: it may be the one that is
 * meant, and resume says what is wrong with it. Folders without a complete plan have nothing to be resumed.
 * @param stateDir sf's state folder
 * @param takesPlans whether it may be one that nobody has said yes to
 * @throws RunFault noRecentRun, needsNoPrompt.planned, runVersion.recent
 */
export async function mostRecentRun(stateDir: string, takesPlans: boolean): Promise<string> {
  for await (const { folder, run, fault } of runOverviews(await startedRuns(stateDir))) {
    if (fault !== undefined) {
      if (fault.code === 'planIncomplete' || fault.code === 'notARunFolder') continue;
      // Nobody has named it, and it may have been finished long ago.
      if (fault.key === 'runVersion') throw new RunFault('runVersion.recent', versionsOf(fault));
      return folder;
    }
    if (!canResume(run)) continue;
    if (!run.isAgreed && !takesPlans) throw new RunFault('needsNoPrompt.planned', { folder });
    return folder;
  }
  throw new RunFault('noRecentRun');
}

function versionsOf({ facts }: RunFault): FactsOf<typeof faultFacts, 'runVersion.recent'> {
  const { folder = '', found = '', expected = '' } = facts;
  return { folder, found, expected };
}
