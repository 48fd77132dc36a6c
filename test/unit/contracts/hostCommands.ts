/** Commands of the Salesforce CLI itself that our docs use. */

/** They would reach the world outside, so examples with them are checked by their flags only. */
const notedOnly = [
  'org login web',
  'org login jwt',
  'org login sfdx-url',
  'org auth show-sfdx-auth-url',
  'plugins install',
  'plugins link',
];

export function isNotedOnly(args: readonly string[]): boolean {
  const call = `${args.join(' ')} `;
  return notedOnly.some((command) => call.startsWith(`${command} `));
}
