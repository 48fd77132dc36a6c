/** A reset of the password of an existing user, by which Salesforce sends an email with a link to set a new one. */
import { idKey } from '../model/ids.js';
import type { PlannedStep, Send, Step } from '../model/steps.js';
import { queryIn } from '../org/query.js';
import { requiredValue } from '../org/queryRow.js';
import { greatestComposite, resetOne, resetTogether } from '../org/passwords.js';
import type { AskContext, CallKind } from '../engine/kind.js';
import { judgeRefusal } from '../engine/rowOutcome.js';

export const sendPasswordMailName = 'sendPasswordMail';

export function sendPasswordMailStep(userId: PlannedStep['target']): PlannedStep {
  return { kind: sendPasswordMailName, stage: 1, target: userId, values: {}, seats: 0, family: 'highVolume' };
}

export const sendPasswordMail: CallKind = {
  name: sendPasswordMailName,
  calls: {
    size: greatestComposite,
    together: (client, steps) =>
      resetTogether(
        client,
        steps.map(({ target }) => target),
      ),
    one: (client, { target }) => resetOne(client, target),
  },
  judging: {
    judgeCall: (step, error, random) => (error === undefined ? { outcome: 'done' } : judgeRefusal(step, error, random)),
    async judgeLost(context, send, steps) {
      const reset = await askWhoWasReset(context, send, steps);
      return steps.map((step) => [step, reset.has(idKey(step.target)) ? { outcome: 'done' } : { outcome: 'unknown' }]);
    },
  },
};

/**
 * Before the call, nobody's password had been reset on that day (src/operations/invite/invitePlan.ts): a date since the call is its doing.
 * An org that doesn't move the date leaves them unknown (docs/unproven.md).
 * @returns keys of the users' Ids @throws OrgError
 */
async function askWhoWasReset(
  { client }: AskContext,
  { createdDate }: Send,
  steps: readonly Step[],
): Promise<Set<string>> {
  const since = Date.parse(createdDate ?? '') - clocksDiffer;
  const values = steps.map(({ target }) => target);
  const query = { fields: ['Id', 'LastPasswordChangeDate'], from: 'User', field: 'Id', values };
  const reset = new Set<string>();
  for await (const page of queryIn(client, query)) {
    for (const user of page) {
      const changed = Date.parse(user['LastPasswordChangeDate'] ?? '');
      if (changed >= since) reset.add(idKey(requiredValue(user, 'Id')));
    }
  }
  return reset;
}

/** Milliseconds between the clocks of an org's servers; times are to the second. */
const clocksDiffer = 60_000;
