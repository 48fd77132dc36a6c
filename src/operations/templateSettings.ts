/** The templates of --username and --set, checked against the User fields that the org has. */
import type { FieldRule } from '../model/orgFacts.js';
import { checkFieldValue } from './fieldValues.js';
import { nearestNames } from '../preflight/names.js';
import { parseTemplate, type Template } from './templates.js';
import type { OrgFacts } from '../preflight/orgFacts.js';
import { BadSetValue, RunFault } from '../model/faults.js';

/** Fields that follow from the contact and the profile. */
const fixedFields: readonly string[] = ['contactid', 'profileid'];

/**
 * User field → template. `--set Username=…` wins over `--username`.
 * @throws RunFault badSet, badSetValue, fieldTwice, unknownField, notCreateable, badTemplate, sameForAll
 */
export function readTemplates(
  username: string,
  set: readonly string[],
  facts: OrgFacts,
): ReadonlyMap<string, Template> {
  const templates = new Map([['Username', requireTemplate('--username', username)]]);
  const seen = new Set<string>();
  for (const setting of set) {
    const [, name, source] = /^\s*(\w+)\s*=(.*)$/s.exec(setting) ?? [];
    if (name === undefined || source === undefined || source === '') throw new RunFault('badSet', { setting });
    const rule = requireUserField(name, facts);
    if (seen.has(rule.name)) throw new RunFault('fieldTwice', { field: rule.name });
    seen.add(rule.name);
    const template = requireTemplate(`--set ${rule.name}`, source);
    checkConstant(setting, rule, template);
    templates.set(rule.name, template);
  }
  for (const field of uniqueFields) requireDifference(field, templates.get(field));
  return templates;
}

/** No two users have the same. */
const uniqueFields: readonly string[] = ['Username', 'CommunityNickname', 'FederationIdentifier'];

/** Without a field of the contact, all but the first one of the plan would be refused. @throws RunFault sameForAll */
function requireDifference(field: string, template: Template | undefined): void {
  if (template?.fields.length === 0) throw new RunFault('sameForAll', { field, value: template.source });
}

/** Spells the fields of templates as they are queried: people write `{email}` too. */
export function spellFields(
  templates: ReadonlyMap<string, Template>,
  queried: readonly string[],
): ReadonlyMap<string, Template> {
  const spell = (field: string): string => queried.find((other) => isSameName(other, field)) ?? field;
  return new Map(
    [...templates].map(([field, template]) => [
      field,
      {
        ...template,
        parts: template.parts.map((part) => ('field' in part ? { ...part, field: spell(part.field) } : part)),
      },
    ]),
  );
}

export function isSameName(a: string | undefined, b: string): boolean {
  return a?.toLowerCase() === b.toLowerCase();
}

/** @throws RunFault unknownField, notCreateable */
function requireUserField(name: string, { userFields }: OrgFacts): FieldRule {
  const rule = userFields.get(name.toLowerCase());
  if (rule !== undefined && rule.createable && !fixedFields.includes(name.toLowerCase())) return rule;
  if (rule !== undefined) throw new RunFault('notCreateable', { field: rule.name });
  const createable = [...userFields.values()].filter((field) => field.createable).map((field) => field.name);
  const near = nearestNames(name, createable);
  throw near.length > 0
    ? new RunFault('unknownField.near', { field: name, near: near.join('", "') })
    : new RunFault('unknownField', { field: name });
}

/** A value that is the same for all rows is wrong at once, not once per row. */
function checkConstant(setting: string, rule: FieldRule, template: Template): void {
  if (template.fields.length > 0) return;
  const value = template.parts.map((part) => ('literal' in part ? part.literal : '')).join('');
  const refusal = checkFieldValue(rule, value);
  if (refusal !== undefined) throw new BadSetValue(setting, refusal);
}

function requireTemplate(flag: string, source: string): Template {
  const template = parseTemplate(source);
  if (!('fault' in template)) return template;
  const facts = { flag, template: source };
  switch (template.fault) {
    case 'unbalancedBrace':
    case 'emptyField':
      throw new RunFault(`badTemplate.${template.fault}`, { ...facts, position: template.position });
    case 'badField':
      throw new RunFault('badTemplate.badField', { ...facts, field: template.field });
    case 'unknownFilter': {
      const { filter, known } = template;
      throw new RunFault('badTemplate.unknownFilter', { ...facts, filter, filters: known.join(', ') });
    }
  }
}
