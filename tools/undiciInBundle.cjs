// What Pinwatch uses of undici, in place of all of it: `fetch`, mocks, caches and WebSockets would be loaded at every start.
// esbuild puts it in for 'undici'; the tests run on undici itself, those in VS Code and the package's on this.
const Dispatcher = require('../node_modules/undici/lib/dispatcher/dispatcher.js');
const { connect, request } = require('../node_modules/undici/lib/api/index.js');

Object.assign(Dispatcher.prototype, { connect, request });

exports.Agent = require('../node_modules/undici/lib/dispatcher/agent.js');
exports.Client = require('../node_modules/undici/lib/dispatcher/client.js');
exports.Pool = require('../node_modules/undici/lib/dispatcher/pool.js');
exports.buildConnector = require('../node_modules/undici/lib/core/connect.js');
