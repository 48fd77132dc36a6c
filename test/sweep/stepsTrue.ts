/** A run whose people have steps of several kinds: what run.db says of each step is true in the org, and of nobody else. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'chai';
import { assignmentRules, assignmentTypes, removeKindNames } from '../../lib/model/access/assignments.js';
import { differences, stateOf, type OrgState } from '../scenarios/changeLab.ts';
import type { Run, RunLab } from '../scenarios/runLab.ts';

type StepRow = {
  readonly kind: string;
  readonly state: string;
  readonly target: string;
  readonly userId: string | null;
  readonly contactId: string | null;
  readonly fieldValues: string;
  readonly subjectState: string | null;
};

export function expectStepsTrue(lab: RunLab, { folder, result }: Run, before: OrgState): void {
  const steps = stepsOf(folder);
  const { selected, planned, unchanged, refused, succeeded, failed, unknown, pending } = result.counts;
  expect(selected).to.equal(planned + unchanged + refused);
  expect(planned).to.equal(succeeded + failed + unknown + pending);
  for (const step of steps.filter(({ state }) => state === 'done')) expectDone(lab, step);
  for (const { subjectState, state } of steps)
    if (subjectState === 'succeeded') expect(state).to.be.oneOf(['done', 'dropped']);
  const touched = steps.filter(({ state }) => state === 'done' || state === 'sending');
  const known = new Set(touched.flatMap(({ target, userId }) => [target, userId ?? '']));
  const removals = steps.filter(({ kind }) => removeKindNames.includes(kind));
  const taken = new Set(removals.map(({ target }) => target));
  const losers = new Set(removals.map(({ userId }) => userId));
  // A license goes with the last set that needs it, before its own step is sent, or without one.
  const goesAlong = (key: string): boolean =>
    key.startsWith('PermissionSetLicenseAssign ') && losers.has(String(before.get(key)?.['AssigneeId']));
  const isKnown = (line: string): boolean => {
    const [, table, id, rest] = /^(\w+) (\w+) (.*)$/.exec(line) ?? [];
    if (rest === 'gone' && assignmentTables.includes(table ?? ''))
      return taken.has(id ?? '') || goesAlong(`${String(table)} ${String(id)}`);
    // What Salesforce makes with a user, and on its account, is its own.
    if (table !== 'User' && table !== 'UserLogin') return true;
    if (rest === 'made') return touched.some(({ kind }) => kind === 'createUser');
    return known.has(id ?? '');
  };
  expect(differences(before, stateOf(lab.org)).filter((line) => !isKnown(line))).to.deep.equal([]);
}

const rules = assignmentTypes.map((type) => assignmentRules[type]);
const assignmentTables: readonly string[] = rules.map(({ object }) => object);

function expectDone({ org: { store } }: RunLab, step: StepRow): void {
  const { kind, target, userId, contactId } = step;
  const about = JSON.stringify(step);
  const rule = rules.find(({ assigns, removes }) => assigns === kind || removes === kind);
  if (rule?.removes === kind) {
    expect(store.get(rule.object, target), about).to.equal(undefined);
  } else if (kind === 'createUser') {
    expect(
      store.find('User', { ContactId: contactId ?? '' }).map(({ Id }) => Id),
      about,
    ).to.deep.equal([userId]);
  } else if (rule !== undefined) {
    const held = store.find(rule.object, { [rule.user]: userId ?? '' });
    const same = held.filter((row) => rule.holds.some((field) => row[field] === target));
    expect(same.length, about).to.equal(1);
  } else {
    const row = store.get(kind === 'setFrozen' ? 'UserLogin' : 'User', target);
    const values = JSON.parse(step.fieldValues) as Record<string, string>;
    for (const [field, value] of Object.entries(values)) expect(String(row?.[field]), about).to.equal(value);
  }
}

function stepsOf(folder: string): StepRow[] {
  const db = new DatabaseSync(join(folder, 'run.db'));
  try {
    const sql = `SELECT kind, step.state, target, userId, contactId, fieldValues, subject.state AS subjectState
      FROM step JOIN subject ON subject.n = step.subject ORDER BY step.n`;
    return db.prepare(sql).all() as unknown as StepRow[];
  } finally {
    db.close();
  }
}
