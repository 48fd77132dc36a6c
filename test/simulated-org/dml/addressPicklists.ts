/**
 * State and country picklists: the fields in text take what the list says, and the codes and the texts follow each other
 * (docs/salesforce-facts.md#field-values).
 */
import type { FieldValue, StoredRecord } from '../contracts.ts';
import { addressesOf, countries } from '../schema/addressPicklists.ts';
import type { Chunk } from './orgForDml.ts';
import { refuse } from './rowRefusal.ts';

type Values = Record<string, FieldValue>;

/** @param values are completed: a code by its text, and the other way round @param before undefined for a new record */
export function checkAddresses(chunk: Chunk, values: Values, before?: StoredRecord): void {
  if (!chunk.org.switches.stateAndCountryPicklists) return;
  for (const prefix of addressesOf[chunk.object.name] ?? []) checkAddress(chunk, values, before, prefix);
}

function checkAddress(chunk: Chunk, values: Values, before: StoredRecord | undefined, prefix: string): void {
  const names = ['State', 'StateCode', 'Country', 'CountryCode'].map((name) => `${prefix}${name}`);
  const [stateName = '', stateCode = '', countryName = '', countryCode = ''] = names;
  if (!names.some((name) => values[name] != null)) return;
  const textOf = (name: string): string | undefined => {
    const value = values[name] === undefined ? before?.[name] : values[name];
    return value == null ? undefined : String(value);
  };
  // What is written decides; where it is the code, the text of before says nothing.
  const [code, name] =
    values[countryCode] != null ? [textOf(countryCode), undefined] : [undefined, textOf(countryName)];
  const country = countries.find((each) => (code === undefined ? each.name === name : each.code === code));
  if (country === undefined && name !== undefined)
    refuseText(chunk, countryName, 'country', 'country/territory', 'countries');
  const [stateOf, state] = values[stateCode] != null ? [stateCode, textOf(stateCode)] : [stateName, textOf(stateName)];
  if (state !== undefined && country === undefined) {
    const message = 'A country/territory must be specified before specifying a state value for field';
    refuse('FIELD_INTEGRITY_EXCEPTION', `${message}: ${labelOf(chunk, stateOf)}`, [stateOf]);
  }
  const known = Object.entries(country?.states ?? {}).find((pair) => pair.includes(state ?? ''));
  if (state !== undefined && known === undefined) refuseText(chunk, stateOf, 'state', 'state', 'states');
  if (country !== undefined) Object.assign(values, { [countryName]: country.name, [countryCode]: country.code });
  if (known !== undefined) Object.assign(values, { [stateName]: known[1], [stateCode]: known[0] });
}

function refuseText(chunk: Chunk, field: string, what: string, one: string, many: string): never {
  const problem = `There's a problem with this ${what}, even though it may appear correct.`;
  const message = `${problem} Please select a ${one} from the list of valid ${many}.: ${labelOf(chunk, field)}`;
  return refuse('FIELD_INTEGRITY_EXCEPTION', message, [field]);
}

function labelOf(chunk: Chunk, name: string): string {
  return chunk.object.fields.find((field) => field.name === name)?.label ?? name;
}
