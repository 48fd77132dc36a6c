/** Checks one value against its field before it is sent: Salesforce would refuse the row, or worse, change the value. */
import { readBoolean } from '../model/booleanWords.js';
import { isEmailForm } from './identities.js';
import { nearestNames } from '../preflight/names.js';
import { refuse, type Refusal } from '../model/reasons.js';
import type { FieldRule, FieldRules, PicklistValue } from '../model/orgFacts.js';
import { isSalesforceId } from '../model/ids.js';

/** A field that is known, and what was found of the last value that it was to have. */
type KnownField = { readonly rule: FieldRule; value?: string; refusal?: Refusal | undefined };

/** What the fields of User take, row after row: time zone, profile and the like are those of the row before, and are checked once. */
export class ValueRules {
  private readonly rules: FieldRules;
  /** By the name as it is written: null for a field that isn't known. */
  private readonly fields = new Map<string, KnownField | null>();

  public constructor(rules: FieldRules) {
    this.rules = rules;
  }

  /** The value as it is sent. @param field in any case */
  public spell(field: string, value: string): string {
    const known = this.known(field);
    return known === null ? value : spellValue(known.rule, value);
  }

  /** As `checkFieldValue`. @param field in any case */
  public check(field: string, value: string): Refusal | undefined {
    const known = this.known(field);
    if (known === null) return undefined;
    if (known.value !== value) {
      known.refusal = checkFieldValue(known.rule, value);
      known.value = value;
    }
    return known.refusal;
  }

  private known(field: string): KnownField | null {
    const known = this.fields.get(field);
    if (known !== undefined) return known;
    const rule = this.rules.get(field.toLowerCase());
    const found = rule === undefined ? null : { rule };
    this.fields.set(field, found);
    return found;
  }
}

/**
 * A value as it is sent: lines end in LF, as those of the jobs do (addresses that were typed in Salesforce hold CRLF); what Data
 * Loader takes for yes and no is true and false; the lowest portal role, which Salesforce's pages call User, is `Worker`.
 */
export function spellValue({ name, type }: Pick<FieldRule, 'name' | 'type'>, value: string): string {
  if (type === 'boolean') return String(readBoolean(value) ?? value);
  if (name === 'PortalRole' && /^user$/i.test(value)) return 'Worker';
  return value.includes('\r') ? value.replaceAll(/\r\n?/g, '\n') : value;
}

/** A refusal, or undefined when the value may be sent. The value is not empty. */
export function checkFieldValue(rule: FieldRule, value: string): Refusal | undefined {
  const { name: field, length: most } = rule;
  // A carriage return fails the whole upload of an LF job; `#N/A` would clear the field (Bulk API 2.0, Prepare CSV Files).
  // Half a surrogate pair has no UTF-8: another character would arrive.
  if (/[\r\0]/.test(value) || !value.isWellFormed()) return refuse('BAD_VALUE.control', { field });
  if (value === '#N/A') return refuse('BAD_VALUE.notAvailable', { field });
  if (spreadsheetError.test(value)) return refuse('BAD_VALUE.spreadsheet', { field, value });
  return checkOfType(rule, value) ?? checkLength(field, value, most);
}

/** A label in place of a value is no matter of length: the type comes first. */
function checkLength(field: string, value: string, most: number): Refusal | undefined {
  if (most === 0 || value.length <= most) return undefined;
  const facts = { length: value.length, most };
  return field === 'Username'
    ? refuse('VALUE_TOO_LONG.username', facts)
    : refuse('VALUE_TOO_LONG.detail', { field, ...facts });
}

function checkOfType(rule: FieldRule, value: string): Refusal | undefined {
  const { name: field } = rule;
  switch (rule.type) {
    case 'email':
      return isEmailForm(value) ? undefined : refuse('INVALID_EMAIL.detail', { field });
    case 'boolean':
      return readBoolean(value) !== undefined ? undefined : refuse('BAD_VALUE.boolean', { field, value });
    case 'reference':
    case 'id':
      return isSalesforceId(value) ? undefined : refuse('BAD_VALUE.id', { field, value });
    case 'int':
    case 'double':
    case 'currency':
    case 'percent':
      return Number.isFinite(Number(value)) ? undefined : refuse('BAD_VALUE.number', { field, value });
    case 'date':
      return isDate(value) ? undefined : refuse('BAD_VALUE.date', { field, value });
    case 'datetime':
      return isDate(value) ? undefined : refuse('BAD_VALUE.datetime', { field, value });
    case 'picklist':
      return checkPicklist(rule, [value]);
    case 'multipicklist':
      return checkPicklist(
        rule,
        value.split(';').map((each) => each.trim()),
      );
    default:
      return undefined;
  }
}

/** What a spreadsheet shows, and exports, instead of a value that it can't compute or that its column has no room for. */
const spreadsheetError = /^#(#+|NV|[¡¿]?\p{Lu}[\p{Lu}\d/_]+[!?])$/u;

/** A day, or a moment with its time zone (Bulk API 2.0 guide, Valid Date Format in Records). */
function isDate(value: string): boolean {
  const [whole, day = ''] =
    /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2}))?$/.exec(value) ?? [];
  const midnight = new Date(`${day}T00:00:00Z`);
  return whole !== undefined && !Number.isNaN(midnight.valueOf()) && midnight.toISOString().startsWith(day);
}

/** @param values one, or those that were joined by semicolons */
function checkPicklist(
  { name: field, restrictedPicklist, picklistValues }: FieldRule,
  values: readonly string[],
): Refusal | undefined {
  const keys = picklistValues.map((entry) => entry.value);
  const value = restrictedPicklist ? values.find((each) => !keys.includes(each)) : undefined;
  if (value === undefined) return undefined;
  const near = suggestKeys(picklistValues, value).join(', ');
  return near === ''
    ? refuse('BAD_VALUE.picklist', { field, value })
    : refuse('BAD_VALUE.picklistNear', { field, value, near });
}

/**
 * People write the label that they see in Setup ("Paris", "(GMT+01:00) … (Europe/Paris)", en-US) where the key is wanted. The
 * label of a time zone changes with the season, so the key in it counts.
 */
function suggestKeys(entries: readonly PicklistValue[], value: string): string[] {
  const wanted = value.toLowerCase();
  const spelled = (text: string): string => text.toLowerCase().replaceAll(/[-_ ]/g, '');
  const keysWhere = (fits: (text: string) => boolean): string[] =>
    entries
      .filter((entry) => fits(entry.value.toLowerCase()) || fits(entry.label.toLowerCase()))
      .map((entry) => entry.value);
  const inParentheses = /\(([^()]+)\)[^()]*$/.exec(wanted)?.[1];
  for (const fits of [
    (text: string): boolean => text === wanted,
    (text: string): boolean => spelled(text) === spelled(wanted),
    (text: string): boolean => text === inParentheses,
  ]) {
    const exact = keysWhere(fits);
    if (exact.length > 0) return exact;
  }
  const holding = keysWhere((text) => text.includes(wanted));
  return holding.length > 0
    ? holding.slice(0, 3)
    : nearestNames(
        value,
        keysWhere(() => true),
      );
}
