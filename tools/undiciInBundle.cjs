// What Pinwatch uses of undici, in place of all of it: `fetch`, mocks, caches and WebSockets would be loaded at every start.
// esbuild puts it in for 'undici'; the tests run on undici itself, those in VS Code and the package's on this.
// It is loaded when it is first used: a scan whose answers are all kept sends nothing.
const load = () => {
  const Dispatcher = require('../node_modules/undici/lib/dispatcher/dispatcher.js');
  const { connect, request } = require('../node_modules/undici/lib/api/index.js');
  Object.assign(Dispatcher.prototype, { connect, request });
  return {
    Agent: require('../node_modules/undici/lib/dispatcher/agent.js'),
    Client: require('../node_modules/undici/lib/dispatcher/client.js'),
    Pool: require('../node_modules/undici/lib/dispatcher/pool.js'),
    buildConnector: require('../node_modules/undici/lib/core/connect.js'),
  };
};

for (const name of ['Agent', 'Client', 'Pool', 'buildConnector']) {
  Object.defineProperty(exports, name, { get: () => load()[name] });
}
