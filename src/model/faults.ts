/** A fault that ends a command: a code and facts. The words are in messages/faults.md. */
import { OrgError, type OrgErrorKind } from '../org/orgErrors.js';

export type RunFaultCode =
  | 'folderNotEmpty'
  | 'folderInRun'
  | 'folderNotWritable'
  | 'folderGone'
  | 'notARunFolder'
  | 'runLocked'
  | 'runDamaged'
  | 'runVersion'
  | 'planIncomplete'
  | 'noRecentRun'
  | 'otherOrg'
  | 'noKeyColumn'
  | 'unknownColumn'
  | 'columnNotCreateable'
  | 'unknownField'
  | 'fieldTwice'
  | 'notCreateable'
  | 'profileNeeded'
  | 'unknownProfile'
  | 'ambiguousProfile'
  | 'noProfiles'
  | 'unknownPermissionSet'
  | 'ambiguousPermissionSet'
  | 'permissionSetLicense'
  | 'portalRoleUnused'
  | 'badTemplate'
  | 'badSet'
  | 'badSetValue'
  | 'unknownTemplateField'
  | 'sameForAll'
  | 'whereRejected'
  | 'conditionRejected'
  | 'modeNeeded'
  | 'lastLoginHidden'
  | 'notACreateRun'
  | 'notADisableRun'
  | 'noWayBack'
  | 'fromRunNotFinished'
  | 'needsNoPrompt'
  | 'whereEmpty'
  | 'interrupted'
  | 'diskFull'
  | 'noRoomForPlan'
  | 'storageFull'
  | 'rivalAtWork'
  | OrgFaultCode;

type OrgFaultCode = `org${Capitalize<OrgErrorKind>}`;

export class RunFault extends Error {
  public readonly code: RunFaultCode;
  /** Fill the text of messages/faults.md. */
  public readonly tokens: readonly string[];
  /** Names the variant of the text where a code has several (`unknownField.near`). */
  public readonly variant: string | undefined;

  public constructor(code: RunFaultCode, tokens: readonly string[] = [], variant?: string) {
    super(code);
    this.name = 'RunFault';
    this.code = code;
    this.tokens = tokens;
    this.variant = variant;
  }
}

const orgFaultCodes: Readonly<Record<OrgErrorKind, OrgFaultCode>> = {
  session: 'orgSession',
  limit: 'orgLimit',
  busy: 'orgBusy',
  network: 'orgNetwork',
  refused: 'orgRefused',
  gone: 'orgGone',
  malformed: 'orgMalformed',
};

/** Whether the org, the way to it, or what else goes on there is what stands in the way. */
export function isCallFault(error: unknown): error is RunFault {
  return error instanceof RunFault && ['rivalAtWork', ...Object.values<string>(orgFaultCodes)].includes(error.code);
}

/** What the system and SQLite say of a full disk, a quota, a greatest size of files; SQLite tells only the first apart. */
const noRoom = /\b(ENOSPC|EDQUOT|EFBIG)\b|disk is full|disk I\/O error/i;

/** What the system says of a file that is somebody else's, is held open by another program, or is no file; or of a folder that was taken away. */
const notWritable = /\b(EACCES|EPERM|EROFS|EBUSY|EISDIR|ENOENT|ENOTDIR)\b/;

/**
 * A call that failed for good, a full disk, or a run folder that can't be written, as a fault. Errors of other kinds stay
 * what they are.
 * @param folder of the run, where there is one
 */
export function faultOf<T>(error: T, folder = ''): T | RunFault {
  if (error instanceof Error && noRoom.test(error.message)) return new RunFault('diskFull', [folder, folder]);
  if (error instanceof Error && folder !== '' && notWritable.test(error.message)) {
    return new RunFault('folderNotWritable', [folder, error.message], 'run');
  }
  if (!(error instanceof OrgError)) return error;
  const tokens = error.kind === 'refused' ? [error.code, error.message] : [error.message];
  return new RunFault(orgFaultCodes[error.kind], tokens);
}
