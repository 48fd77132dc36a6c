/** State and country picklists: the fields that an org gets with them, and a short list of countries. */
import type { Switches } from '../switches.ts';
import { field } from './define.ts';
import type { FieldDefinition, PicklistValue } from './types.ts';

type Country = { readonly code: string; readonly name: string; readonly states: Readonly<Record<string, string>> };

export const countries: readonly Country[] = [
  { code: 'CA', name: 'Canada', states: { ON: 'Ontario', QC: 'Quebec' } },
  { code: 'DE', name: 'Germany', states: {} },
  { code: 'FR', name: 'France', states: {} },
  { code: 'US', name: 'United States', states: { CA: 'California', NY: 'New York' } },
];

const entry = (value: string, label: string): PicklistValue => ({ value, label, active: true, isDefault: false });
const countryCodes = countries.map(({ code, name }) => entry(code, name));
const stateCodes = countries.flatMap(({ states }) => Object.entries(states).map(([code, name]) => entry(code, name)));

/** The fields of an address in text, and what stands before their names. */
export const addressesOf: Readonly<Record<string, readonly string[]>> = {
  User: [''],
  Contact: ['Mailing', 'Other'],
  Account: ['Billing', 'Shipping'],
};

/** `StateCode` and `CountryCode` of an address, there while the picklists are on. */
export function codeFields(prefix: string, label: string): FieldDefinition[] {
  const when = ({ stateAndCountryPicklists }: Switches): boolean => stateAndCountryPicklists;
  const letters = 'CUNR';
  return [
    field('picklist', `${prefix}StateCode`, `${label}State/Province Code`, 10, letters, {
      values: () => stateCodes,
      when,
    }),
    field('picklist', `${prefix}CountryCode`, `${label}Country Code`, 10, letters, {
      values: () => countryCodes,
      when,
    }),
  ];
}
