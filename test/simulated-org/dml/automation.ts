/**
 * The org's own automation: validation rules and triggers that a test adds, run after Salesforce's rules
 * (docs/salesforce-facts.md#insert-of-a-user).
 */
import type { FieldValue, RowError } from '../contracts.ts';
import { RowRefusal } from './rowRefusal.ts';

export type AutomationEvent = {
  readonly sobject: string;
  readonly operation: 'insert' | 'update' | 'delete';
  /** The record as it would be stored. */
  readonly record: Readonly<Record<string, FieldValue>>;
  readonly before: Readonly<Record<string, FieldValue>> | undefined;
  /** Columns the client wrote. */
  readonly changed: readonly string[];
};

export type AutomationRule = {
  readonly sobject: string;
  /** The refusal of the row, or undefined to let it pass. */
  readonly judge: (event: AutomationEvent) => RowError | undefined;
};

export type Automation = {
  /** Adds a rule; the function returned takes it away again. */
  add(rule: AutomationRule): () => void;
  /** Throws the first refusal. */
  run(event: AutomationEvent): void;
};

export function createAutomation(): Automation {
  const rules = new Set<AutomationRule>();
  return {
    add(rule) {
      rules.add(rule);
      return () => void rules.delete(rule);
    },
    run(event) {
      for (const rule of rules) {
        const error = rule.sobject === event.sobject ? rule.judge(event) : undefined;
        if (error !== undefined) throw new RowRefusal(error.code, error.message, error.fields);
      }
    },
  };
}

/** A validation rule with its own text, shown at a field or at the top of the page. */
export function validationRule(
  sobject: string,
  fails: (event: AutomationEvent) => boolean,
  message: string,
  fields: readonly string[] = [],
): AutomationRule {
  const error: RowError = { code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message, fields };
  return { sobject, judge: (event) => (fails(event) ? error : undefined) };
}

/** A before trigger that dies on some rows. */
export function brokenTrigger(
  sobject: string,
  fails: (event: AutomationEvent) => boolean,
  triggerName = `${sobject}Trigger`,
): AutomationRule {
  return {
    sobject,
    judge(event) {
      if (!fails(event)) return undefined;
      const moment =
        event.operation === 'insert' ? 'BeforeInsert' : event.operation === 'update' ? 'BeforeUpdate' : 'BeforeDelete';
      const message = `${triggerName}: execution of ${moment}\n\ncaused by: System.NullPointerException: Attempt to de-reference a null object\n\nTrigger.${triggerName}: line 7, column 1`;
      return { code: 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', message, fields: [] };
    },
  };
}
