/** A fault that ends a command: a code and facts. The words are in messages/faults.md. */
import { OrgError, type OrgErrorKind } from './orgError.js';
import { KeyedError, type CodeOf, type FactsConstructor, type FactTable } from './facts.js';
import type { Refusal } from './reasons.js';

/** Every text of a fault, with its facts; a code may have several (`unknownColumn.near`). */
export const faultFacts = {
  folderNotEmpty: ['folder'],
  'folderNotEmpty.run': ['folder'],
  folderInRun: ['folder'],
  folderNotWritable: ['folder', 'why'],
  'folderNotWritable.run': ['folder', 'why'],
  folderGone: ['folder'],
  notARunFolder: ['folder'],
  runLocked: ['folder'],
  runDamaged: ['folder', 'why'],
  runVersion: ['folder', 'found', 'expected'],
  'runVersion.recent': ['folder', 'found', 'expected'],
  planIncomplete: ['folder'],
  noRecentRun: [],
  otherOrg: ['folder', 'orgOfRun', 'targetOrg', 'username'],
  noKeyColumn: ['header', 'known'],
  'noKeyColumn.near': ['header', 'known', 'near'],
  'noKeyColumn.users': ['header', 'known'],
  'noKeyColumn.usersNear': ['header', 'known', 'near'],
  unknownColumn: ['column'],
  'unknownColumn.near': ['column', 'near'],
  unknownColumns: ['columns'],
  'unknownColumns.near': ['columns', 'near'],
  columnNotCreateable: ['column'],
  unknownField: ['field'],
  'unknownField.near': ['field', 'near'],
  notCreateable: ['field'],
  'profileNeeded.condition': ['profiles'],
  'profileNeeded.file': ['profiles'],
  unknownProfile: ['profile', 'near'],
  'unknownProfile.far': ['profile', 'profiles'],
  ambiguousProfile: ['profile', 'ids'],
  profileNotExternal: ['profile', 'license', 'profiles'],
  noProfiles: [],
  unknownPermissionSet: ['permissionSet', 'near'],
  'unknownPermissionSet.far': ['permissionSet'],
  ambiguousPermissionSet: ['permissionSet', 'ids'],
  permissionSetLicense: ['permissionSet', 'profile', 'license'],
  portalRoleUnused: ['flag', 'profile', 'license'],
  'badTemplate.unbalancedBrace': ['flag', 'template', 'position'],
  'badTemplate.emptyField': ['flag', 'template', 'position'],
  'badTemplate.badField': ['flag', 'template', 'field'],
  'badTemplate.unknownFilter': ['flag', 'template', 'filter', 'filters'],
  badSet: ['setting'],
  badSetValue: ['setting'],
  fieldTwice: ['field'],
  unknownTemplateField: ['flag', 'field'],
  'unknownTemplateField.near': ['flag', 'field', 'near'],
  sameForAll: ['field', 'value'],
  whereEmpty: [],
  'whereEmpty.users': ['flag'],
  interrupted: [],
  'interrupted.left': ['folder', 'targetOrg'],
  diskFull: ['folder'],
  noRoomForPlan: ['folder'],
  'noRoomForPlan.list': ['folder'],
  orgSession: ['message'],
  storageFull: ['message'],
  rivalAtWork: ['job'],
  invitedElsewhere: ['users'],
  orgLimit: ['message'],
  orgBusy: ['message'],
  orgNetwork: ['message'],
  orgRefused: ['code', 'message'],
  versionNotServed: ['version', 'oldest', 'newest'],
  versionTooOld: ['version', 'oldest'],
  orgGone: ['message'],
  orgMalformed: ['message'],
  // Of a sync.
  maxUsersUnused: ['folder'],
  protectNotBare: ['condition'],
  planTooOld: ['folder', 'days', 'file'],
  definitionChanged: ['folder', 'file'],
  conditionRejected: ['flag', 'code', 'message'],
  'conditionRejected.file': ['file', 'line', 'column', 'flag', 'code', 'message'],
  'modeNeeded.disable': [],
  'modeNeeded.enable': [],
  releaseUnused: ['mode'],
  'notACreateRun.disable': ['folder'],
  'notACreateRun.enable': ['folder'],
  'notACreateRun.invite': ['folder'],
  'notADisableRun.create': ['folder'],
  'notADisableRun.enable': ['folder'],
  'notADisableRun.invite': ['folder'],
  nobodyToInvite: ['folder', 'operation'],
  fieldsHidden: ['fields'],
  noWayBack: ['folder'],
  fromRunNotFinished: ['folder', 'rows'],
  // Standard input can't be read again.
  needsNoPrompt: ['operation'],
  'needsNoPrompt.repeatable': ['operation', 'preview', 'apply'],
  'needsNoPrompt.kept': ['folder', 'apply'],
  lastLoginHidden: ['flag'],
  frozenHidden: ['username'],
  'definitionFile.missing': ['file'],
  'definitionFile.folder': ['file'],
  'definitionFile.unreadable': ['file', 'why'],
  'definitionFile.tooLarge': ['file', 'most'],
  'definitionFile.notUtf8': ['file', 'line'],
  definitionRejected: ['file', 'faults'],
  definitionExists: ['file'],
  definitionNotWritable: ['file', 'why'],
} as const satisfies FactTable;

type FaultKey = keyof typeof faultFacts;
type FaultCode = CodeOf<FaultKey>;

/** Its texts are in messages/faults.md. For faults that know more than their facts; the others are made as `RunFault`. */
export class KeyedFault extends KeyedError<FaultKey> {
  public override readonly name = 'RunFault';
}

export type RunFault = KeyedFault;

/** Every call is checked against the facts of its key; the class itself stays free of them, for `instanceof`. */
export const RunFault: FactsConstructor<typeof faultFacts, RunFault> = KeyedFault;

/** A constant of --set that every row would be refused for; why is said in the words of that reason. */
export class BadSetValue extends KeyedFault {
  public readonly refusal: Refusal;

  public constructor(setting: string, refusal: Refusal) {
    super('badSetValue', { setting });
    this.refusal = refusal;
  }
}

/** A condition on an object, as it was typed for a flag or in a definition. */
export type Condition = {
  /** What it was given by: `--where`, `governs`, `contacts of "Partners"`. */
  readonly flag: string;
  readonly from: 'Contact' | 'User';
  readonly where: string;
  /** Keys and indexes that lead to it in a definition; undefined for a flag. */
  readonly path?: ReadonlyArray<string | number>;
};

/** Its lines, as `Place` counts them. */
export function conditionLines({ where }: Pick<Condition, 'where'>): string[] {
  return where.split(/\r\n|\r|\n/u);
}

/** What Salesforce says of a condition that it does not accept. */
export type ConditionRefusal = {
  readonly code: string;
  /** Without the excerpt of the query. */
  readonly message: string;
  /** Of the fault, if it says so. */
  readonly place: Place | undefined;
  /** The object that lacks the field or the relationship, and names of it that may be meant. */
  readonly lacking?: { readonly object: string; readonly near: readonly string[] } | undefined;
};

/** A condition that Salesforce does not accept. */
export class ConditionRejected extends KeyedFault {
  public readonly condition: Condition;
  public readonly refusal: ConditionRefusal;

  /** @param inFile where the fault is in the file that has the condition; line and column from 1 */
  public constructor(
    condition: Condition,
    refusal: ConditionRefusal,
    inFile?: { readonly file: string; readonly line: number; readonly column: number },
  ) {
    const facts = { flag: condition.flag, code: refusal.code, message: refusal.message };
    super(inFile === undefined ? 'conditionRejected' : 'conditionRejected.file', { ...facts, ...inFile });
    this.condition = condition;
    this.refusal = refusal;
  }
}

/** A character of a text: its line and its index in that line, both from 0. */
export type Place = { readonly line: number; readonly index: number };

const orgFaultCodes = {
  session: 'orgSession',
  limit: 'orgLimit',
  busy: 'orgBusy',
  network: 'orgNetwork',
  refused: 'orgRefused',
  gone: 'orgGone',
  malformed: 'orgMalformed',
} as const satisfies Record<OrgErrorKind, FaultCode>;

/** The code of an error of Node or of the system, such as ENOENT; of ours, its own. Undefined where there is none. */
export function codeOfError(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

const callFaults: readonly string[] = ['rivalAtWork', 'invitedElsewhere', ...Object.values<string>(orgFaultCodes)];

/** Whether the org, the way to it, or what else goes on there is what stands in the way. */
export function isCallFault(error: unknown): error is RunFault {
  return error instanceof RunFault && callFaults.includes(error.code);
}

/** A call that failed for good, as a fault. Errors of other kinds stay what they are. */
export function faultOf<T>(error: T): T | RunFault {
  if (!(error instanceof OrgError)) return error;
  const { kind, code, message } = error;
  return kind === 'refused'
    ? new RunFault('orgRefused', { code, message })
    : new RunFault(orgFaultCodes[kind], { message });
}
