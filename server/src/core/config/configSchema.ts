import { configShape, type ConfigShape } from './configShape.ts';

/** The JSON schema of `pinwatch.toml`, for editors that complete and check TOML. */
export function configSchema(): object {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'pinwatch.toml',
    description: 'What a project says about itself to Pinwatch; in pyproject.toml the table [tool.pinwatch].',
    ...schemaOf(configShape),
  };
}

function schemaOf(shape: ConfigShape): object {
  const about = shape.about === undefined ? {} : { description: shape.about };
  switch (shape.kind) {
    case 'text':
      return { ...about, type: 'string', minLength: 1 };
    case 'day':
      return { ...about, type: 'string', pattern: String.raw`^\d{4}-\d{2}-\d{2}` };
    case 'choice':
      return { ...about, enum: shape.choices };
    case 'number':
      return { ...about, type: 'number', minimum: shape.minimum, maximum: shape.maximum };
    case 'truth':
      return { ...about, type: 'boolean' };
    case 'list':
      return { ...about, type: 'array', items: schemaOf(shape.of) };
    case 'textOrTable':
      return { ...about, anyOf: [schemaOf(shape.text), schemaOf(shape.table)] };
    case 'table': {
      const { keys, needs } = shape;
      return {
        ...about,
        type: 'object',
        additionalProperties: false,
        properties: Object.fromEntries(Object.entries(keys).map(([key, one]) => [key, schemaOf(one)])),
        ...(needs === undefined ? {} : { anyOf: needs.map((key) => ({ required: [key] })) }),
      };
    }
  }
}
