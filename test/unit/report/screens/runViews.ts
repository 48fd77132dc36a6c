/** Runs as screens show them. */
import type { Person, PlanDetail, RunResult } from '../../../../lib/model/result.js';
import type { RunView } from '../../../../lib/report/screens/runView.js';
import { rowAdvice } from '../../../../lib/report/texts.js';

const folder = 'portal-users/2026-11-29T10-00-00Z-create';
const noCounts = { selected: 0, planned: 0, unchanged: 0, refused: 0, succeeded: 0, failed: 0, unknown: 0 };

const people = (...names: string[]): Person[] =>
  names.map((name) => ({ name, accountName: `${name.split(' ')[1] ?? ''} Works` }));

/** The plan that README.md shows. */
export function planOfReadme(): RunResult {
  return {
    operation: 'create',
    state: 'planned',
    dryRun: true,
    runDir: `${process.cwd()}/${folder}`,
    orgId: '00D000000000001AAA',
    orgKind: 'production',
    username: 'admin@acme.example',
    selectedBy: 'where',
    counts: { ...noCounts, selected: 204, planned: 189, unchanged: 3, refused: 12, pending: 189, created: 0 },
    actions: { create: 189, assign: 0, change: 0 },
    steps: { createUser: { planned: 189, done: 0, failed: 0, unknown: 0 } },
    refusedByReason: { NO_EMAIL: 8, OWNER_WITHOUT_ROLE: 3, HAS_INACTIVE_USER: 1 },
    unchangedByReason: { ALREADY_HAS_USER: 3 },
    failedByCode: {},
    licenses: [{ name: 'Customer Community', total: 500, used: 29, needed: 189 }],
    welcomeEmails: {
      possible: 189,
      atLeast: false,
      sites: ['Acme Help Center'],
      senders: [{ site: 'Acme Help Center', address: 'portal@acme.example' }],
    },
    permissionSets: { assigned: 0, failed: 0, planned: [{ name: 'Portal_Documents', users: 189 }] },
    apiCalls: 12,
    apiBudget: { calls: 9, batches: 1, callsLeft: 90_000, batchesLeft: 14_000 },
    jobs: [],
    guards: [],
    failedAdvice: {},
    next: [],
    files: {
      users: `${folder}/users.csv`,
      unchanged: `${folder}/unchanged.csv`,
      refused: `${folder}/refused.csv`,
      summary: `${folder}/summary.md`,
      report: `${folder}/report.html`,
    },
  };
}

/** The same run at its end. */
export function resultOfReadme(): RunResult {
  const plan = planOfReadme();
  return {
    ...plan,
    state: 'partial',
    dryRun: false,
    counts: { ...plan.counts, succeeded: 186, failed: 3, pending: 0, created: 186 },
    licenses: plan.licenses.map((use) => ({ ...use, done: 186 })),
    welcomeEmails: { ...plan.welcomeEmails, done: 186 },
    failedByCode: { DUPLICATE_USERNAME: 3 },
    failedAdvice: { DUPLICATE_USERNAME: rowAdvice('usernameInOrg', 'create') },
    jobs: [{ id: '750000000000001AAA', rows: 189, state: 'JobComplete' }],
    files: { ...plan.files, succeeded: `${folder}/succeeded.csv`, failed: `${folder}/failed.csv` },
  };
}

export const detailOfReadme: PlanDetail = {
  profiles: [{ name: 'Acme Customer Portal', license: 'Customer Community', users: 189 }],
  people: {
    create: people('Tom Twin', 'Jonas Silva', 'Mia Stone'),
    assign: [],
    change: [],
    release: [],
    unchanged: { ALREADY_HAS_USER: people('Una User') },
    refused: {
      NO_EMAIL: people('Nele Nomail', 'Ann Other', 'Max Moritz'),
      OWNER_WITHOUT_ROLE: people('Olaf Ownerless', 'Owen Orphan', 'Olga Open'),
      HAS_INACTIVE_USER: [{ name: 'Ida Idle', accountName: undefined }],
    },
    refusedSincePlan: {},
    failed: { DUPLICATE_USERNAME: people('Dora Double', 'Dan Double') },
  },
  sync: [],
};

export function viewOf(result: RunResult, screen: Partial<RunView['screen']> = {}): RunView {
  return { result, detail: detailOfReadme, screen: { columns: 80, verbose: false, targetOrg: 'acme-prod', ...screen } };
}
