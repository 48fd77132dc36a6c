/** Checks the fields that templates use (`{Email}`, `{Account.Tier__c}`) before a query fails because of them. */
import { describeFields, type FieldDescribe } from '../org/facts/describe.js';
import type { OrgClient } from '../org/orgClient.js';
import { unlessHidden } from '../org/orgErrors.js';
import { nearestNames } from '../preflight/names.js';
import type { Template } from './templates.js';
import { RunFault } from '../model/faults.js';
import { isSameName } from './templateSettings.js';

type Fields = ReadonlyMap<string, FieldDescribe>;

/**
 * One call for each object that templates reach; none where they stay with the contact.
 * @param templates by User field
 * @throws RunFault unknownTemplateField; OrgError
 */
export async function checkTemplateFields(
  client: OrgClient,
  templates: ReadonlyMap<string, Template>,
  contactFields: Fields,
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
    for (const path of template.fields) await checkPath(flag, path, contactFields, describe);
  }
}

/** Follows the relationships of a path; what can't be described, or may be one of several objects, is left to the query. */
async function checkPath(
  flag: string,
  path: string,
  contactFields: Fields,
  describe: (name: string) => Promise<Fields | undefined>,
): Promise<void> {
  const names = path.split('.');
  let fields = contactFields;
  for (const [at, name] of names.entries()) {
    const isLast = at === names.length - 1;
    const known = [...fields.values()];
    const nameOf = (field: FieldDescribe): string | undefined => (isLast ? field.name : field.relationshipName);
    const found = known.find((field) => isSameName(nameOf(field), name));
    if (found === undefined) {
      const candidates = known.flatMap((field) => nameOf(field) ?? []);
      throw unknownField(flag, path, names.slice(0, at), nearestNames(name, candidates));
    }
    const [target, ...others] = found.referenceTo;
    if (isLast || target === undefined || others.length > 0) return;
    const next = await describe(target);
    if (next === undefined) return;
    fields = next;
  }
}

function unknownField(flag: string, path: string, before: readonly string[], near: readonly string[]): RunFault {
  const paths = near.map((name) => [...before, name].join('.'));
  return paths.length > 0
    ? new RunFault('unknownTemplateField.near', { flag, field: path, near: paths.join('", "') })
    : new RunFault('unknownTemplateField', { flag, field: path });
}
