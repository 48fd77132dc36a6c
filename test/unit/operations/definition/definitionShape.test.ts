/** The schema for editors is the shape that the reader demands, and each key in it is explained. */
import { expect } from 'chai';
import { z } from 'zod';
import { definitionShape } from '../../../../lib/operations/definition/definitionShape.js';
import { readText } from '../../contracts/project.ts';

/** A schema without its words, and where words are missing. */
function withoutWords(value: unknown, path: string, silent: string[]): unknown {
  if (Array.isArray(value)) return value.map((each) => withoutWords(each, path, silent));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, each]) => !(['title', 'description'].includes(key) && typeof each === 'string'))
      .map(([key, each]) => {
        if (key === 'properties') for (const name of silentOf(each)) silent.push(`${path}.${name}`);
        return [key, withoutWords(each, `${path}.${key}`, silent)];
      }),
  );
}

function silentOf(properties: unknown): string[] {
  return Object.entries(properties ?? {}).flatMap(([name, each]: [string, unknown]) =>
    typeof each === 'object' && each !== null && 'description' in each ? [] : [name],
  );
}

describe('schemas/portal-users.schema.json', () => {
  it('is the shape of the reader, with words for each key', () => {
    const schema: unknown = JSON.parse(readText('schemas/portal-users.schema.json'));
    const silent: string[] = [];
    expect(withoutWords(schema, '', silent)).to.deep.equal(
      z.toJSONSchema(definitionShape, { io: 'input', target: 'draft-7' }),
    );
    expect(silent).to.deep.equal([]);
  });
});
