/** What the screens of a run are made of. */
import { removeKindNames } from '../../model/access/assignments.js';
import type { RunDetail } from '../../model/pageData.js';
import type { OrgKind, RunResult } from '../../model/result.js';
import type { Screen } from '../screen.js';
import { sharedText } from '../texts.js';

/** A run as a screen shows it. */
export type RunView = {
  readonly result: RunResult;
  readonly detail: RunDetail;
  readonly screen: Pick<Screen, 'columns' | 'verbose' | 'targetOrg'>;
  /** Guards have stopped the run: why is told behind the plan. */
  readonly isHeld?: boolean;
};

/** Wider lines are hard to read. */
const widest = 110;
/** Where something is put to the right in a pipe, which `tee` or a log shows in a terminal of any width. */
const inPipe = 80;

/** Columns that lines may take. */
export function roomOf({ screen }: Pick<RunView, 'screen'>): number {
  return roomIn(screen.columns);
}

/** @param columns of a terminal; undefined in a pipe */
export function roomIn(columns: number | undefined): number {
  return Math.min(columns ?? inPipe, widest);
}

/** Whether anything may have been written: until then, there is a plan to be shown. */
export function isBegun({ files }: RunResult): boolean {
  return files.succeeded !== undefined;
}

/** Users hold permission sets or licenses that --release-licenses takes. */
export function removesHeld({ releaseLicenses, steps }: RunResult): boolean {
  return releaseLicenses === true && removeKindNames.some((kind) => kind in steps);
}

/** The texts of new users: whether they can log in at once, none of them, or some. */
export function creationKey({ newUsers }: RunResult): 'create' | 'createInactive' | 'createSomeInactive' {
  if (newUsers === undefined || newUsers.inactive === 0) return 'create';
  return newUsers.active === 0 ? 'createInactive' : 'createSomeInactive';
}

/** Of a run. */
export function orgText({ result, screen }: Pick<RunView, 'result' | 'screen'>): string {
  return orgName(result.orgKind, screen.targetOrg);
}

/** `acme-prod (production)` */
export function orgName(kind: OrgKind, targetOrg: string): string {
  return sharedText(`org.${kind}`, targetOrg);
}
