/** Value templates such as `{FirstName|initial}{LastName|slug}@acme.example`. */
import { RunFault } from '../model/faults.js';

const filters = {
  /** Lower case, letters and digits of any script, everything else a hyphen. */
  slug: (value: string): string =>
    withoutAccents(value)
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-+|-+$/g, ''),
  /** The first character, in lower case. */
  initial: (value: string): string => [...withoutAccents(value).trim()].slice(0, 1).join('').toLowerCase(),
} as const;

type Filter = keyof typeof filters;
type TemplatePart = { readonly literal: string } | { readonly field: string; readonly filter: Filter | undefined };

export type Template = {
  readonly source: string;
  readonly parts: readonly TemplatePart[];
  readonly fields: readonly string[];
};

/**
 * `{{` and `}}` stand for literal braces. Positions in faults are 1-based.
 * @param flag that has it, for the fault
 * @throws RunFault badTemplate
 */
export function parseTemplate(flag: string, source: string): Template {
  const parts: TemplatePart[] = [];
  for (const match of source.matchAll(/\{\{|\}\}|\{([^{}]*)\}|[{}]|[^{}]+/g)) {
    const [text, inner] = match;
    const facts = { flag, template: source, position: match.index + 1 };
    if (inner !== undefined) parts.push(parseField(inner, facts));
    else if (text === '{' || text === '}') throw new RunFault('badTemplate.unbalancedBrace', facts);
    else parts.push({ literal: text === '{{' ? '{' : text === '}}' ? '}' : text });
  }
  return { source, parts, fields: parts.flatMap((part) => ('field' in part ? [part.field] : [])) };
}

/** Fills a template from a contact's fields; a field that is empty makes no value but its own name. */
export function renderTemplate(
  template: Template,
  valueOf: (field: string) => string | null,
): { readonly value: string } | { readonly emptyField: string } {
  let value = '';
  for (const part of template.parts) {
    if ('literal' in part) {
      value += part.literal;
      continue;
    }
    const raw = valueOf(part.field);
    const filtered = raw === null || part.filter === undefined ? raw : filters[part.filter](raw);
    if (filtered === null || filtered === '') return { emptyField: part.field };
    value += filtered;
  }
  return { value };
}

/** Latin letters lose their accents; other scripts stay as they are. */
export function withoutAccents(value: string): string {
  if (/^[ -~]*$/.test(value)) return value;
  return value
    .normalize('NFD')
    .replace(/(\p{Script=Latin})\p{M}+/gu, '$1')
    .normalize('NFC');
}

function parseField(
  inner: string,
  { position, ...facts }: { readonly flag: string; readonly template: string; readonly position: number },
): TemplatePart {
  const [field = '', filter, ...rest] = inner.split('|').map((piece) => piece.trim());
  if (field === '') throw new RunFault('badTemplate.emptyField', { ...facts, position });
  if (!/^\w+(\.\w+)*$/.test(field)) throw new RunFault('badTemplate.badField', { ...facts, field });
  if (filter === undefined || (rest.length === 0 && isFilter(filter))) return { field, filter };
  const known = Object.keys(filters).join(', ');
  throw new RunFault('badTemplate.unknownFilter', { ...facts, filter: [filter, ...rest].join('|'), filters: known });
}

function isFilter(name: string): name is Filter {
  return Object.hasOwn(filters, name);
}
