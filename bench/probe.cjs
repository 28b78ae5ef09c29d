// Loaded into a measured process: on SIGUSR2 it writes its figures to PROBE_FILE, and begins to count again.
const fs = require('node:fs');
const { monitorEventLoopDelay } = require('node:perf_hooks');
const delay = process.env.PROBE_BLOCKS ? monitorEventLoopDelay({ resolution: 1 }) : undefined;
delay?.enable();
const write = () => {
  const { heapUsed, rss } = process.memoryUsage();
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const cpuMs = (userCPUTime + systemCPUTime) / 1000;
  const figures = { blockMs: (delay?.max ?? 0) / 1e6, cpuMs, rss, heapUsed, peakRss: maxRSS * 1024 };
  fs.writeFileSync(`${process.env.PROBE_FILE}.tmp`, JSON.stringify(figures));
  fs.renameSync(`${process.env.PROBE_FILE}.tmp`, process.env.PROBE_FILE);
  delay?.reset();
};
process.on('SIGUSR2', write);
