/** Everything in run.db that this version never writes, as SQL. */
export type Damage = readonly [what: string, sql: string];

/** Words of sets, and values of columns: of every run. */
export const damages: readonly Damage[] = [
  ['a kind of step', "UPDATE step SET kind = 'sendPostcard' WHERE n = 1"],
  ['a verdict', "UPDATE subject SET verdict = 'maybe' WHERE n = 1"],
  ['a state of a subject', "UPDATE subject SET state = 'sent' WHERE state IS NOT NULL"],
  ['a state of a step', "UPDATE step SET state = 'sent' WHERE n = 1"],
  ['a family of a step', "UPDATE step SET family = 'employee' WHERE n = 1"],
  ['a way to have been created', "UPDATE step SET created = 'perhaps' WHERE n = 1"],
  ['an operation', "UPDATE meta SET value = 'upsert' WHERE key = 'operation'"],
  ['a mode', "INSERT OR REPLACE INTO meta VALUES ('mode', 'melt')"],
  ['no operation', "DELETE FROM meta WHERE key = 'operation'"],
  ['no org', "DELETE FROM meta WHERE key = 'orgId'"],
  ['an org that is no text', "UPDATE meta SET value = x'00' WHERE key = 'orgId'"],
  ['a target that is no text', "UPDATE step SET target = x'00' WHERE n = 1"],
  ['a userId that is no text', "UPDATE subject SET userId = x'00' WHERE n = 1"],
  ['a count that is none', "UPDATE step SET refusals = 'often' WHERE n = 1"],
  ['values that are no JSON', "UPDATE step SET fieldValues = '{' WHERE n = (SELECT max(n) FROM step)"],
  ['values that are no object', `UPDATE step SET fieldValues = '["a"]' WHERE n = 1`],
  ['a value that is no text', `UPDATE step SET fieldValues = '{"Email":null}' WHERE n = 1`],
  ['what was read back that is no JSON', "UPDATE step SET after = '' WHERE n = 1"],
  ['a snapshot that is no JSON', "UPDATE subject SET snapshot = 'x' WHERE n = 1"],
  ['cells that are no JSON', "UPDATE subject SET cells = '{]' WHERE n = 1"],
  ['no table of steps', 'DROP TABLE step'],
  ['no column of a step', 'ALTER TABLE step DROP COLUMN after'],
  ['a table of another version', 'ALTER TABLE send ADD COLUMN weather TEXT'],
  ['no time at which it was planned', "UPDATE meta SET value = '' WHERE key = 'plannedAt'"],
  ['a subject without a state', 'UPDATE subject SET state = NULL WHERE state IS NOT NULL'],
  ['a step of nobody', 'UPDATE step SET subject = 9999 WHERE n = 1'],
  ['a step that is under way without a send', "UPDATE step SET state = 'sending', send = 77 WHERE n = 1"],
  [
    'an end of somebody who is not at the end',
    "UPDATE subject SET state = CASE state WHEN 'open' THEN 'succeeded' ELSE 'open' END WHERE state IS NOT NULL",
  ],
  [
    'steps of another operation',
    "UPDATE step SET kind = CASE kind WHEN 'createUser' THEN 'setFrozen' ELSE 'createUser' END",
  ],
  ['facts of a reason that are no JSON', "UPDATE subject SET detailFacts = '(' WHERE n = 1"],
];

/** What only `resume` needs, of a run of any operation. */
export const metaDamages: readonly Damage[] = [
  ...['userId', 'username', 'apiVersion', 'maxUsers', 'strict', 'allowWelcomeEmails', 'dryRun', 'keyColumn'].map(
    (key): Damage => [`no ${key}`, `DELETE FROM meta WHERE key = '${key}'`],
  ),
  ...(
    [
      ['apiVersion', 'latest'],
      ['maxUsers', 'many'],
      ['strict', 'yes'],
      ['allowWelcomeEmails', ''],
      ['dryRun', '1'],
      ['apiCalls', 'NaN'],
      ['consentAt', ''],
      ['startedAt', 'once'],
      ['plannedAt', 'true'],
      ['canaryPassed', 'createUser'],
      ['byCollections', '{}'],
      ['licenses', '[1]'],
      ['welcomeEmails', '{}'],
      ['apiBudget', '['],
    ] as const
  ).map(([key, value]): Damage => [`${key} "${value}"`, `INSERT OR REPLACE INTO meta VALUES ('${key}', '${value}')`]),
];

/** Of a run with a send that is not collected. */
export const sendDamages: readonly Damage[] = [
  ['a state of a send', "UPDATE send SET state = 'sent'"],
  ['no state of a send that is known', "UPDATE send SET state = ''"],
  ['a way of a send', "UPDATE send SET way = 'mail'"],
  ['a kind of a send', "UPDATE send SET kind = 'sendPostcard'"],
  ['a family of a send', "UPDATE send SET family = 'employee'"],
  ['an Id that is no text', "UPDATE send SET orgId = x'00'"],
];
