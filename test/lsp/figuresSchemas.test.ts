import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { FakeEnvironment } from '../support/fakeEnvironment.ts';
import { TestClient } from '../support/lspHarness.ts';

const schemas = path.resolve(import.meta.dirname, '../../schemas');

describe('schemas of the figures', () => {
  const ajv = new Ajv({ strict: false, allErrors: true });
  formats.default(ajv);

  for (const name of ['health', 'statistics']) {
    it(`fit the ${name} of the language server, and nothing that has more`, async () => {
      const environment = new FakeEnvironment();
      const client = await TestClient.start(environment);
      await client.open('file:///ws/requirements.txt', 'django==3.2.0\n');
      await client.waitForStatus('the answer', ({ assessed }) => assessed === 1);
      const command = `pinwatch.server.${name}`;
      const answer = await client.request<object>('workspace/executeCommand', { command });
      await client.stop();
      const validate = ajv.compile(
        JSON.parse(readFileSync(path.join(schemas, `${name}.schema.json`), 'utf8')) as object,
      );
      assert.ok(validate(answer), JSON.stringify(validate.errors));
      assert.equal(validate({ ...answer, more: 1 }), false);
    });
  }
});
