/** The templates of --username and --set, checked against the fields of User and Contact that the org has. */
import { BadSetValue, RunFault } from '../model/faults.js';
import type { FieldRule } from '../model/orgFacts.js';
import { describeFields, type FieldDescribe } from '../org/facts/describe.js';
import type { OrgClient } from '../org/orgClient.js';
import { unlessHidden } from '../org/orgErrors.js';
import { nearestNames } from '../preflight/names.js';
import type { OrgFacts } from '../preflight/orgFacts.js';
import { checkFieldValue, spellValue } from './fieldValues.js';
import { parseTemplate, renderTemplate, type Template } from './templates.js';

/** Fields that follow from the contact and the profile. */
const fixedFields: readonly string[] = ['contactid', 'profileid'];

/**
 * User field → template. `--set Username=…` wins over `--username`.
 * @throws RunFault badSet, badSetValue, fieldTwice, unknownField, notCreateable, badTemplate, sameForAll
 */
export function readTemplates(
  username: string,
  set: readonly string[],
  facts: Pick<OrgFacts, 'userFields'>,
): ReadonlyMap<string, Template> {
  const templates = new Map([['Username', parseTemplate('--username', username)]]);
  const seen = new Set<string>();
  for (const setting of set) {
    const [, name, source] = /^\s*(\w+)\s*=(.*)$/s.exec(setting) ?? [];
    if (name === undefined || source === undefined || source === '') throw new RunFault('badSet', { setting });
    const rule = requireUserField(name, facts);
    if (seen.has(rule.name)) throw new RunFault('fieldTwice', { field: rule.name });
    seen.add(rule.name);
    const template = parseTemplate(`--set ${rule.name}`, source);
    checkConstant(setting, rule, template);
    templates.set(rule.name, template);
  }
  for (const field of uniqueFields) {
    const template = templates.get(field);
    // Without a field of the contact, all but the first one of the plan would be refused.
    if (template?.fields.length === 0) throw new RunFault('sameForAll', { field, value: template.source });
  }
  return templates;
}

/** No two users have the same. */
const uniqueFields: readonly string[] = ['Username', 'CommunityNickname', 'FederationIdentifier'];

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
function requireUserField(name: string, { userFields }: Pick<OrgFacts, 'userFields'>): FieldRule {
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
  const rendered = template.fields.length > 0 ? undefined : renderTemplate(template, () => null);
  if (rendered === undefined || !('value' in rendered)) return;
  const refusal = checkFieldValue(rule, spellValue(rule, rendered.value));
  if (refusal !== undefined) throw new BadSetValue(setting, refusal);
}

type Fields = ReadonlyMap<string, FieldDescribe>;

/**
 * One call for each object that templates reach; none where they stay with the contact.
 * @param templates by User field
 * @param tell is told of each fault; throws it by default
 * @throws RunFault unknownTemplateField; OrgError
 */
export async function checkTemplateFields(
  client: OrgClient,
  templates: ReadonlyMap<string, Template>,
  contactFields: Fields,
  tell: (field: string, fault: RunFault) => void = throwFault,
): Promise<void> {
  const described = new Map<string, Promise<Fields | undefined>>();
  const describe = (name: string): Promise<Fields | undefined> => {
    // Undefined for an object that the running user does not see.
    const fields = described.get(name) ?? unlessHidden(describeFields(client, name), undefined);
    described.set(name, fields);
    return fields;
  };
  for (const [field, template] of templates) {
    const flag = field === 'Username' ? '--username' : `--set ${field}`;
    for (const path of template.fields) {
      const fault = await faultOfPath(flag, path, contactFields, describe);
      if (fault !== undefined) tell(field, fault);
    }
  }
}

function throwFault(_: string, fault: RunFault): never {
  throw fault;
}

/** Follows the relationships of a path; what can't be described, or may be one of several objects, is left to the query. */
async function faultOfPath(
  flag: string,
  path: string,
  contactFields: Fields,
  describe: (name: string) => Promise<Fields | undefined>,
): Promise<RunFault | undefined> {
  const names = path.split('.');
  let fields = contactFields;
  for (const [at, name] of names.entries()) {
    const isLast = at === names.length - 1;
    const known = [...fields.values()];
    const nameOf = (field: FieldDescribe): string | undefined => (isLast ? field.name : field.relationshipName);
    const found = known.find((field) => isSameName(nameOf(field), name));
    if (found === undefined) {
      const candidates = known.flatMap((field) => nameOf(field) ?? []);
      return unknownField(flag, path, names.slice(0, at), nearestNames(name, candidates));
    }
    const [target, ...others] = found.referenceTo;
    if (isLast || target === undefined || others.length > 0) return undefined;
    const next = await describe(target);
    if (next === undefined) return undefined;
    fields = next;
  }
  return undefined;
}

function unknownField(flag: string, path: string, before: readonly string[], near: readonly string[]): RunFault {
  const paths = near.map((name) => [...before, name].join('.'));
  return paths.length > 0
    ? new RunFault('unknownTemplateField.near', { flag, field: path, near: paths.join('", "') })
    : new RunFault('unknownTemplateField', { flag, field: path });
}
