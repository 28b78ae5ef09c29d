// By its path, since esbuild puts `cvssInBundle.cjs` in for its name.
module.exports = require('../node_modules/ae-cvss-calculator');
