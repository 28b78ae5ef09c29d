/**
 * OpenVEX 0.2.0 as a JSON schema. No npm package has the published one; this one has what the specification demands of documents,
 * statements, products and vulnerabilities.
 */
export const openvexSchema = {
  type: 'object',
  required: ['@context', '@id', 'author', 'timestamp', 'version', 'statements'],
  additionalProperties: false,
  properties: {
    '@context': { const: 'https://openvex.dev/ns/v0.2.0' },
    '@id': { type: 'string', format: 'uri' },
    author: { type: 'string', minLength: 1 },
    role: { type: 'string' },
    timestamp: { type: 'string', format: 'date-time' },
    last_updated: { type: 'string', format: 'date-time' },
    version: { type: 'integer', minimum: 1 },
    tooling: { type: 'string' },
    statements: { type: 'array', uniqueItems: true, items: { $ref: '#/definitions/statement' } },
  },
  definitions: {
    statement: {
      type: 'object',
      required: ['vulnerability', 'products', 'status'],
      additionalProperties: false,
      properties: {
        '@id': { type: 'string', format: 'uri' },
        vulnerability: { $ref: '#/definitions/vulnerability' },
        products: { type: 'array', minItems: 1, uniqueItems: true, items: { $ref: '#/definitions/product' } },
        status: { enum: ['not_affected', 'affected', 'fixed', 'under_investigation'] },
        status_notes: { type: 'string' },
        justification: {
          enum: [
            'component_not_present',
            'vulnerable_code_not_present',
            'vulnerable_code_not_in_execute_path',
            'vulnerable_code_cannot_be_controlled_by_adversary',
            'inline_mitigations_already_exist',
          ],
        },
        impact_statement: { type: 'string' },
        action_statement: { type: 'string', minLength: 1 },
        timestamp: { type: 'string', format: 'date-time' },
      },
      allOf: [
        {
          if: { properties: { status: { const: 'not_affected' } } },
          then: { anyOf: [{ required: ['justification'] }, { required: ['impact_statement'] }] },
          else: { not: { required: ['justification'] } },
        },
        {
          if: { properties: { status: { const: 'affected' } } },
          then: { required: ['action_statement'] },
          else: { not: { required: ['action_statement'] } },
        },
      ],
    },
    vulnerability: {
      type: 'object',
      required: ['name'],
      additionalProperties: false,
      properties: {
        '@id': { type: 'string', format: 'uri' },
        name: { type: 'string', minLength: 1 },
        description: { type: 'string' },
        aliases: { type: 'array', uniqueItems: true, items: { type: 'string' } },
      },
    },
    product: {
      type: 'object',
      required: ['@id'],
      additionalProperties: false,
      properties: {
        '@id': { type: 'string', format: 'uri' },
        identifiers: {
          type: 'object',
          minProperties: 1,
          additionalProperties: false,
          properties: { purl: { type: 'string', pattern: '^pkg:[a-z]+/' } },
        },
      },
    },
  },
};
