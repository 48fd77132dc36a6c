/** support-bundle.json: what happened in a run, fit for a public issue. Whatever is not known to be harmless is a pseudonym. */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { maskLiterals } from '../model/privacy/maskedText.js';
import { Pseudonyms } from './pseudonyms.js';
import { countAllSubjects, eventRows, metaRows, sendRows, stepRows, subjectRows } from '../store/queries/bundleRows.js';
import { countByCode, countByReason, countStepsByKind, countSubjects, runStateOf } from '../store/queries/counts.js';
import { replacePrivateFile } from '../store/privateFile.js';
import { jsonOf, numberOf, requiredText, type Row } from '../store/sqlite.js';
import { withRunRead } from './runOverviews.js';

const fileName = 'support-bundle.json';

/** Of each table: an issue takes a few megabytes. */
const mostRows = 2_000;

/** Columns, keys of `meta` and of events whose words are the plugin's own, or Salesforce's. */
const harmless: ReadonlySet<string> = new Set([
  ...[
    'operation',
    'mode',
    'apiVersion',
    'dryRun',
    'plannedAt',
    'maxUsers',
    'strict',
    'consentAt',
    'startedAt',
    'apiCalls',
  ],
  ...[
    'canaryPassed',
    'byCollections',
    'oneByOne',
    'allowWelcomeEmails',
    'licenses',
    'newUsers',
    'apiBudget',
    'inactiveSince',
    'neverLoggedInSince',
    'columns',
    'keyColumn',
  ],
  ...[
    'verdict',
    'reason',
    'detailText',
    'state',
    'kind',
    'family',
    'created',
    'errorCode',
    'way',
    'orgState',
    'createdDate',
  ],
  ...['time', 'type', 'stage', 'field', 'emptyField', 'level', 'levels', 'userType'],
  ...['TimeZoneSidKey', 'LocaleSidKey', 'LanguageLocaleKey', 'EmailEncodingKey', 'CurrencyIsoCode', 'PortalRole'],
  ...['IsActive', 'IsFrozen', 'IsPortalEnabled'],
]);

/** Columns that hold a text by Salesforce. */
const salesforceTexts: ReadonlySet<string> = new Set(['errorMessage']);
const conditions: ReadonlySet<string> = new Set(['protect', 'condition']);
const json: ReadonlySet<string> = new Set([
  ...['cells', 'snapshot', 'detailFacts', 'fieldValues', 'after', 'data'],
  ...[
    'licenses',
    'newUsers',
    'welcomeEmails',
    'apiBudget',
    'canaryPassed',
    'byCollections',
    'oneByOne',
    'columns',
    'givenColumns',
    'protect',
  ],
]);

/**
 * Writes it into the run folder.
 * @param about versions and the system
 * @returns its path
 * @throws RunFault notARunFolder, runLocked, runDamaged, runVersion, planIncomplete, diskFull, folderNotWritable
 */
export async function writeSupportBundle(given: string, about: Readonly<Record<string, string>>): Promise<string> {
  const { folder, parts } = await withRunRead(given, (db, found) => ({
    folder: found,
    parts: [...partsOf(db, about)],
  }));
  const file = path.join(folder, fileName);
  await replacePrivateFile(file, parts);
  return file;
}

function* partsOf(db: DatabaseSync, about: Readonly<Record<string, string>>): Generator<string> {
  const mask = new BundleMask(new Pseudonyms(randomBytes(32), givenFields(db)));
  const counts = countSubjects(db);
  const head = {
    about,
    state: runStateOf(db, counts),
    counts,
    steps: countStepsByKind(db),
    refusedByReason: countByReason(db, 'refused'),
    unchangedByReason: countByReason(db, 'unchanged'),
    failedByCode: countByCode(db),
    meta: mask.row(Object.fromEntries(metaRows(db).map(({ key, value = null }) => [requiredText(key), value]))),
    sends: sendRows(db, mostRows).map((row) => mask.row(row)),
    events: eventRows(db, mostRows).map((row) => mask.row(row)),
    subjectsLeftOut: Math.max(0, countAllSubjects(db) - mostRows),
  };
  yield `${JSON.stringify(head, undefined, 1).slice(0, -2)},\n "subjects": [`;
  let separator = '\n';
  for (const row of subjectRows(db, mostRows)) {
    const steps = stepRows(db, numberOf(row['n'])).map((step) => mask.row(step, row));
    yield `${separator}  ${JSON.stringify({ ...mask.row(row), steps })}`;
    separator = ',\n';
  }
  yield '\n ]\n}\n';
}

function givenFields(db: DatabaseSync): string[] {
  const [columns] = metaRows(db).filter(({ key }) => key === 'columns');
  const names = jsonOf(columns?.['value']);
  return Array.isArray(names) ? names.filter(isString) : [];
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

/** What licenses are called harms nobody, but the Ids of their profiles are of the org. */
function isHarmlessPart(name: string, key: string): boolean {
  return harmless.has(name) && key !== 'ids';
}

/** What becomes of each column of run.db. */
class BundleMask {
  private readonly pseudonyms: Pseudonyms;

  public constructor(pseudonyms: Pseudonyms) {
    this.pseudonyms = pseudonyms;
  }

  /** @param subject whose values the texts of the row may name */
  public row(row: Row, subject: Row = row): Record<string, unknown> {
    const known = [subject['name'], subject['accountName'], subject['username'], subject['key']].filter(isString);
    return Object.fromEntries(
      Object.entries(row).map(([name, value]) => [
        name,
        json.has(name) ? this.deep(name, jsonOf(value)) : this.value(name, value, known),
      ]),
    );
  }

  private deep(name: string, value: unknown): unknown {
    if (Array.isArray(value)) return value.map((each) => this.deep(name, each));
    if (typeof value !== 'object' || value === null) return this.value(name, value, []);
    // A text of ours: its key says which, its facts may be names of sites and profiles.
    if (name === 'check' && 'key' in value) return value.key;
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [
        this.key(key),
        this.deep(isHarmlessPart(name, key) ? name : key, each),
      ]),
    );
  }

  private value(name: string, value: unknown, known: readonly string[]): unknown {
    if (typeof value !== 'string') return value;
    if (salesforceTexts.has(name)) return this.pseudonyms.inText(value, known);
    if (conditions.has(name)) return maskLiterals(value);
    return harmless.has(name) ? value : this.pseudonyms.of(value);
  }

  /** Names of fields and codes; the headers of a file can be anything. */
  private key(key: string): string {
    return /^\w+(?:[.-]\w+)*$/.test(key) ? key : this.pseudonyms.of(key);
  }
}
