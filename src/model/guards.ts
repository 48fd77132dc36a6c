/**
 * What the guards find in a finished plan: what stands in its way, what somebody has to decide, what is warned of. A key
 * and facts; the words are in messages/guards.md, those of a check of the preflight in messages/checks.md.
 */
import { checkFacts, type CheckKey } from './checkOutcome.js';
import { codeOf, isFacts, isJsonObject, type CodeOf, type Facts, type FactsOf, type FactTable } from './facts.js';
import { syncAgainFacts } from './modes.js';

/** Every guard, with the facts of its text. */
export const guardFacts = {
  maxUsers: ['planned', 'maxUsers'],
  strictRefused: ['refused', 'selected'],
  strictEmpty: [],
  licenses: ['license', 'needed', 'free', 'missing', 'total', 'used', 'counted'],
  'welcomeEmails.seen': ['mails', 'sites'],
  'welcomeEmails.seenFrom': ['mails', 'sites', 'senders'],
  'welcomeEmails.atLeast': ['mails', 'sites'],
  'welcomeEmails.atLeastFrom': ['mails', 'sites', 'senders'],
  'welcomeEmails.unseen': [],
  apiCalls: ['needed', 'left'],
  bulkBatches: ['needed', 'left'],
  federationIdsHeld: ['contacts'],
  'nothingSelected.contacts': [],
  'nothingSelected.users': [],
  // Of a sync: no flag says yes to these.
  WRONG_ORG: ['orgId', 'orgs'],
  syncUser: ['syncUser', 'username'],
  emptyGroup: ['group', 'profile', 'users'],
  noContacts: [],
  upgrade: ['users'],
  hiddenObjects: ['users', 'objects'],
  ...syncAgainFacts,
  'limit.create': ['planned', 'limit'],
  'limit.activate': ['planned', 'limit'],
  'limit.change': ['planned', 'limit'],
  'limit.takeAway': ['planned', 'limit'],
  'limit.deactivate': ['planned', 'limit'],
  'limit.release': ['planned', 'limit'],
  'limit.share': ['planned', 'limit', 'users', 'percent'],
  'limit.profileShare': ['planned', 'limit', 'users', 'percent', 'profile'],
} as const satisfies FactTable;

type GuardKey = keyof typeof guardFacts;
type GuardCode = CodeOf<GuardKey>;

/**
 * An obstacle: the plan can't be applied as it is. A decision: somebody has to say yes, in a terminal or by a flag. A
 * warning: the run goes on.
 */
export const guardKinds = ['obstacle', 'decision', 'warning'] as const;
export type GuardKind = (typeof guardKinds)[number];

/** What a guard of the plan found. */
export type GuardFailure = {
  [Guard in GuardKey]: { readonly guard: Guard; readonly facts: FactsOf<typeof guardFacts, Guard> };
}[GuardKey];

/** A check of the preflight that only warns. */
export type CheckWarning = { readonly check: { readonly key: CheckKey; readonly facts: Facts } };

export type GuardFinding = GuardFailure | CheckWarning;

type GuardRule = {
  readonly kind: GuardKind;
  /** Names of the facts that say how much is needed, and how much there is. */
  readonly needed?: string;
  readonly available?: string;
  /** The plan as it stands is never applied: what is to be done about it asks for another one. */
  readonly needsNewPlan?: true;
};

const rules: Readonly<Record<GuardCode, GuardRule>> = {
  maxUsers: { kind: 'decision', needed: 'planned', available: 'maxUsers' },
  welcomeEmails: { kind: 'decision', needed: 'mails' },
  strictRefused: { kind: 'obstacle', needsNewPlan: true },
  strictEmpty: { kind: 'obstacle', needsNewPlan: true },
  licenses: { kind: 'obstacle', needed: 'needed', available: 'free' },
  apiCalls: { kind: 'obstacle', needed: 'needed', available: 'left' },
  bulkBatches: { kind: 'obstacle', needed: 'needed', available: 'left' },
  federationIdsHeld: { kind: 'warning' },
  nothingSelected: { kind: 'warning' },
  WRONG_ORG: { kind: 'obstacle', needsNewPlan: true },
  syncUser: { kind: 'obstacle', needsNewPlan: true },
  emptyGroup: { kind: 'obstacle', needsNewPlan: true },
  noContacts: { kind: 'obstacle', needsNewPlan: true },
  upgrade: { kind: 'warning' },
  hiddenObjects: { kind: 'warning' },
  syncAgain: { kind: 'warning' },
  limit: { kind: 'obstacle', needed: 'planned', available: 'limit', needsNewPlan: true },
};

/** A guard as the JSON has it, but for its words. */
type GuardFigures = {
  readonly code: string;
  readonly kind: GuardKind;
  /** Says yes to a decision where nobody is asked. */
  readonly flag?: string;
  readonly needed?: number;
  readonly available?: number;
};

export function guardFigures(finding: GuardFinding): GuardFigures {
  if ('check' in finding) return { code: codeOf(finding.check.key), kind: 'warning' };
  const { guard } = finding;
  const facts: Facts = finding.facts;
  const { kind, needed, available } = rules[codeOf(guard)];
  const flag = flagOf(finding);
  return {
    code: codeOf(guard),
    kind,
    ...(flag === undefined ? {} : { flag }),
    ...figureOf('needed', needed === undefined ? undefined : facts[needed]),
    ...figureOf('available', available === undefined ? undefined : facts[available]),
  };
}

/** The flag that says yes. */
function flagOf({ guard, facts }: GuardFailure): string | undefined {
  if (guard === 'maxUsers') return `--max-users ${String(facts.planned)}`;
  return codeOf(guard) === 'welcomeEmails' ? '--allow-welcome-emails' : undefined;
}

function figureOf(name: 'needed' | 'available', fact: string | number | undefined): Partial<GuardFigures> {
  return typeof fact === 'number' ? { [name]: fact } : {};
}

/** Whether the plan is never applied as it stands. */
export function needsNewPlan(code: string): boolean {
  return isGuardCode(code) && rules[code].needsNewPlan === true;
}

/** The same of what the guards of a plan found. */
export function asksForNewPlan(findings: readonly GuardFinding[]): boolean {
  return findings.some((finding) => needsNewPlan(guardFigures(finding).code));
}

function isGuardCode(code: string): code is GuardCode {
  return Object.hasOwn(rules, code);
}

export function kindOfGuard(finding: GuardFinding): GuardKind {
  return guardFigures(finding).kind;
}

/** Whether a value from outside is a finding of this version. */
export function isGuardFinding(value: unknown): value is GuardFinding {
  if (!isJsonObject(value)) return false;
  const { check } = value;
  return isJsonObject(check)
    ? isKnownText(checkFacts, check['key'], check['facts'])
    : isKnownText(guardFacts, value['guard'], value['facts']);
}

function isKnownText(table: FactTable, key: unknown, facts: unknown): boolean {
  return typeof key === 'string' && isFacts(facts) && table[key]?.every((name) => name in facts) === true;
}
