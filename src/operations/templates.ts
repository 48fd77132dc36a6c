/** Value templates such as `{FirstName|initial}{LastName|slug}@acme.example`. */

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
type Part = { readonly literal: string } | { readonly field: string; readonly filter: Filter | undefined };

export type Template = { readonly source: string; readonly parts: readonly Part[]; readonly fields: readonly string[] };

export type TemplateFault =
  | { readonly fault: 'unbalancedBrace'; readonly position: number }
  | { readonly fault: 'emptyField'; readonly position: number }
  | { readonly fault: 'badField'; readonly field: string }
  | { readonly fault: 'unknownFilter'; readonly filter: string; readonly known: readonly string[] };

/** Positions in faults are 1-based. `{{` and `}}` stand for literal braces. */
export function parseTemplate(source: string): Template | TemplateFault {
  const parts: Part[] = [];
  const token = /\{\{|\}\}|\{([^{}]*)\}|[{}]|[^{}]+/g;
  for (const match of source.matchAll(token)) {
    const [text, inner] = match;
    if (inner !== undefined) {
      const part = parseField(inner, match.index + 1);
      if ('fault' in part) return part;
      parts.push(part);
    } else if (text === '{' || text === '}') {
      return { fault: 'unbalancedBrace', position: match.index + 1 };
    } else {
      parts.push({ literal: text === '{{' ? '{' : text === '}}' ? '}' : text });
    }
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
  return value
    .normalize('NFD')
    .replace(/(\p{Script=Latin})\p{M}+/gu, '$1')
    .normalize('NFC');
}

function parseField(inner: string, position: number): Part | TemplateFault {
  const [field = '', filter, ...rest] = inner.split('|').map((piece) => piece.trim());
  if (field === '') return { fault: 'emptyField', position };
  if (!/^\w+(\.\w+)*$/.test(field)) return { fault: 'badField', field };
  if (filter === undefined) return { field, filter: undefined };
  if (rest.length > 0 || !isFilter(filter)) {
    return { fault: 'unknownFilter', filter: [filter, ...rest].join('|'), known: Object.keys(filters) };
  }
  return { field, filter };
}

function isFilter(name: string): name is Filter {
  return Object.hasOwn(filters, name);
}
