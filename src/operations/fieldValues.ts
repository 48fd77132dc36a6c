/** Checks one value against its field before it is sent: Salesforce would refuse the row, or worse, change the value. */
import { isEmailForm } from './identities.js';
import { nearestNames } from '../preflight/names.js';
import { refuse, type Refusal } from '../model/reasons.js';
import type { FieldRule } from '../model/orgFacts.js';
import { isSalesforceId } from '../model/ids.js';

/** A refusal, or undefined when the value may be sent. The value is not empty. */
export function checkFieldValue(rule: FieldRule, value: string): Refusal | undefined {
  return checkText(rule, value) ?? checkType(rule, value);
}

function checkText(rule: FieldRule, value: string): Refusal | undefined {
  // A carriage return fails the whole upload of an LF job; `#N/A` would clear the field (Bulk API 2.0, Prepare CSV Files).
  // Half a surrogate pair has no UTF-8: another character would arrive.
  if (/[\r\0]/.test(value) || !value.isWellFormed()) return refuse('BAD_VALUE.control', { field: rule.name });
  if (value === '#N/A') return refuse('BAD_VALUE.notAvailable', { field: rule.name });
  if (rule.length > 0 && value.length > rule.length) {
    return refuse('VALUE_TOO_LONG.detail', { field: rule.name, length: value.length, most: rule.length });
  }
  return undefined;
}

function checkType(rule: FieldRule, value: string): Refusal | undefined {
  switch (rule.type) {
    case 'email':
      return isEmailForm(value) ? undefined : refuse('INVALID_EMAIL.detail', { field: rule.name });
    case 'boolean':
      return /^(true|false|1|0)$/i.test(value) ? undefined : refuse('BAD_VALUE.boolean', { field: rule.name, value });
    case 'reference':
    case 'id':
      return isSalesforceId(value) ? undefined : refuse('BAD_VALUE.id', { field: rule.name, value });
    case 'int':
    case 'double':
    case 'currency':
    case 'percent':
      return Number.isFinite(Number(value)) ? undefined : refuse('BAD_VALUE.number', { field: rule.name, value });
    case 'picklist':
      return rule.restrictedPicklist ? checkPicklist(rule, value) : undefined;
    case 'multipicklist':
      return rule.restrictedPicklist ? checkPicklists(rule, value) : undefined;
    default:
      return undefined;
  }
}

function checkPicklist(rule: FieldRule, value: string): Refusal | undefined {
  if (rule.picklistValues.some((entry) => entry.value === value)) return undefined;
  const suggestions = suggestKeys(rule, value);
  return suggestions.length > 0
    ? refuse('BAD_VALUE.picklistNear', { field: rule.name, value, near: suggestions.join(', ') })
    : refuse('BAD_VALUE.picklist', { field: rule.name, value });
}

/** Several values are joined by semicolons. */
function checkPicklists(rule: FieldRule, value: string): Refusal | undefined {
  return value
    .split(';')
    .map((each) => checkPicklist(rule, each.trim()))
    .find((refusal) => refusal !== undefined);
}

/** People write the label they see in Setup ("Paris") where the key is wanted (`Europe/Paris`). */
function suggestKeys(rule: FieldRule, value: string): string[] {
  const wanted = value.toLowerCase();
  const exact = rule.picklistValues.filter((entry) =>
    [entry.value, entry.label].some((text) => text.toLowerCase() === wanted),
  );
  if (exact.length > 0) return exact.map((entry) => entry.value);
  const byText = rule.picklistValues.filter((entry) =>
    [entry.value, entry.label].some((text) => text.toLowerCase().includes(wanted)),
  );
  if (byText.length > 0) return byText.slice(0, 3).map((entry) => entry.value);
  return nearestNames(
    value,
    rule.picklistValues.map((entry) => entry.value),
  );
}
