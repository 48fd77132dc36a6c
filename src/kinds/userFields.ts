/** Kinds that write one field of an existing user: frozen, deactivated, cut off from the contact, or let in again. */
import { idKey, sameId, type AccountId } from '../model/ids.js';
import { userFields, type ModeRule } from '../model/modes.js';
import type { Answer, RowRefusal, StepOutcome } from '../model/outcomes.js';
import { refuse, type UserValues } from '../model/reasons.js';
import type { LicenseFamily, PlannedStep, Send, Step } from '../model/steps.js';
import { concernsPortalAdministrator, concernsStandardProfiles } from '../model/rowErrors.js';
import { mostByLists, queryIn, queryPages, type QueryRow } from '../org/query.js';
import { requiredValue } from '../org/queryRow.js';
import { soqlTime } from '../org/soql.js';
import { judgingBy, type AskContext, type RowKind } from '../engine/kind.js';
import { judgeRefusal, sendAgain } from '../engine/rowOutcome.js';
import { valuesOfSteps } from '../store/steps.js';

export type UserPlace = {
  readonly accountId: AccountId | undefined;
  readonly family: LicenseFamily;
  /** An inactive user holds no license that could be freed. */
  readonly isActive: boolean;
};

/** @param recordId of the user, or of its UserLogin */
export function userFieldStep(
  { kind, value }: ModeRule,
  recordId: string,
  { accountId, family, isActive }: UserPlace,
): PlannedStep {
  const { name, stage, object, field, seats } = kind;
  const freed = seats === 1 && isActive ? -1 : 0;
  return {
    kind: name,
    stage,
    target: recordId,
    values: { [field]: String(value) },
    seats: value ? seats : freed,
    // Freezing changes no group membership: it takes none of the locks that ask for one job at a time.
    family: object === 'UserLogin' ? 'highVolume' : family,
    lock: accountId,
  };
}

export const userFieldKinds: readonly RowKind[] = userFields.map(userFieldKind);

/** What the org holds now: as requested or not, and with which identity; of a UserLogin, also who changed it last. */
type FieldTruth = { readonly isDone: boolean; readonly after: UserValues; readonly changedBy: string | undefined };

/** A field of User or UserLogin, as a kind of step writes it. */
export type WrittenField = {
  readonly name: string;
  readonly object: 'User' | 'UserLogin';
  readonly field: string;
  /** What is read back, where success has to be proven: fields of User. */
  readonly readBack?: readonly string[];
};

export function userFieldKind(rule: WrittenField): RowKind {
  const { name, object, field, readBack } = rule;
  return {
    name,
    request: { object, operation: 'update' },
    takesCollections: object === 'UserLogin',
    hasCanary: true,
    columns: () => ['Id', field],
    row: ({ step, values }) => ({ Id: step.target, ...values }),
    record: ({ step, values }) => ({ Id: step.target, [field]: values[field] === 'true' }),
    keyOfStep: ({ target }) => idKey(target),
    keyOfResult: (result) => idKey(result['Id']),
    judging: judgingBy<FieldTruth>({
      // A refusal is no proof, as the server may repeat a batch; what can't be undone is read back in any case.
      mustAsk: (answer) =>
        answer !== 'unprocessed' && (readBack !== undefined || answer === undefined || 'error' in answer),
      look: (context, steps, { createdDate }) => lookAtField(context, rule, steps, createdDate),
      judge: (step, answer, truth, random) => judgeField(step, answer, truth, rule, random),
      // The last look found none of them as requested: what is so now, and was changed by the user who made the call, is
      // this run's doing. What somebody else has changed is looked at anew, and none of what is taken back after it.
      isDoneBy: ({ maker }, truth) => truth?.isDone === true && sameId(truth.changedBy, maker),
    }),
  };
}

function judgeField(
  step: Step,
  answer: Answer | undefined,
  truth: FieldTruth | undefined,
  { readBack }: WrittenField,
  random: number,
): StepOutcome {
  if (truth?.isDone === true) return { outcome: 'done', after: truth.after };
  if (answer === undefined || answer === 'unprocessed') return sendAgain(step, random);
  if ('error' in answer) return judgeFieldRefusal(step, answer.error, random);
  if (readBack === undefined) return { outcome: 'done' };
  return { outcome: 'failed', code: 'NOT_CUT_OFF', message: stillHolds(truth?.after) };
}

/** What speaks against it, without anything personal. */
function stillHolds(after: UserValues | undefined): string | undefined {
  if (after === undefined) return undefined;
  const fields = ['IsPortalEnabled', 'IsActive'];
  return fields.map((field) => `${field}=${after[field] ?? 'unknown'}`).join(', ');
}

function judgeFieldRefusal(step: Step, error: RowRefusal, random: number): StepOutcome {
  // KB 000386638: such a user can be frozen, nothing else.
  if (concernsPortalAdministrator(error.message)) {
    return { outcome: 'dropped', verdict: refuse('PORTAL_ADMINISTRATOR.detail'), continues: false };
  }
  // Standard profiles may be closed to changes (docs/salesforce-facts.md); users of other profiles are not concerned.
  if (concernsStandardProfiles(error.message)) return { outcome: 'failed', ...error };
  return judgeRefusal(step, error, random);
}

async function lookAtField(
  { client, db, userFields }: AskContext,
  { object, field, readBack }: WrittenField,
  steps: readonly Step[],
  since: Send['createdDate'],
): Promise<ReadonlyMap<number, FieldTruth>> {
  const truths = new Map<number, FieldTruth>();
  if (steps.length === 0) return truths;
  const byId = new Map(steps.map((step) => [idKey(step.target), step]));
  const wanted = valuesOfSteps(db, steps);
  const fields = [
    'Id',
    ...(readBack?.filter((name) => userFields.has(name.toLowerCase())) ?? [field]),
    ...(object === 'UserLogin' ? [changedBy] : []),
  ];
  const take = async (pages: AsyncGenerator<readonly QueryRow[]>): Promise<void> => {
    for await (const page of pages) {
      for (const record of page) {
        const step = byId.get(idKey(requiredValue(record, 'Id')));
        if (step === undefined) continue;
        const isWritten = record[field] === wanted.get(step.n)?.[field];
        // Cut off = no portal user any more, and no login.
        const isDone = isWritten && (readBack === undefined || record['IsActive'] === 'false');
        truths.set(step.n, { isDone, after: afterOf(record), changedBy: record[changedBy] ?? undefined });
      }
    }
  };
  if (steps.length > mostByLists && since !== undefined) {
    // What the job has changed was changed since it was made: one query instead of a hundred.
    const where = `LastModifiedDate >= ${soqlTime(Date.parse(since))}`;
    await take(queryPages(client, { fields, from: object, where }));
  }
  const values = steps.filter(({ n }) => !truths.has(n)).map(({ target }) => target);
  await take(queryIn(client, { fields, from: object, field: 'Id', values }));
  return truths;
}

/** The user who changed a UserLogin last (Object Reference, UserLogin). */
const changedBy = 'LastModifiedById';

function afterOf({ Id: _id, [changedBy]: _changedBy, ...record }: QueryRow): UserValues {
  return Object.fromEntries(Object.entries(record).flatMap(([name, value]) => (value === null ? [] : [[name, value]])));
}
