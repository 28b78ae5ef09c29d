// Loaded into a measured process: on SIGUSR2 it writes its figures to PROBE_FILE, and begins to count again.
const fs = require('node:fs');
const { monitorEventLoopDelay } = require('node:perf_hooks');
const delay = process.env.PROBE_BLOCKS ? monitorEventLoopDelay({ resolution: 1 }) : undefined;
delay?.enable();
// Of this thread alone between two ticks, whoever else wants the machine: nearly always one turn of the event loop.
const used = () => {
  const { user, system } = process.threadCpuUsage?.() ?? process.cpuUsage();
  return (user + system) / 1000;
};
let [longest, at] = [0, used()];
if (delay !== undefined) {
  setInterval(() => {
    const now = used();
    longest = Math.max(longest, now - at);
    at = now;
  }, 1).unref();
}
const counted = (names) => {
  const counts = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
};
const write = () => {
  if (process.env.PROBE_COLLECTS) globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const cpuMs = (userCPUTime + systemCPUTime) / 1000;
  const figures = {
    blockCpuMs: longest,
    blockMs: (delay?.max ?? 0) / 1e6,
    cpuMs,
    rss,
    heapUsed,
    peakRss: maxRSS * 1024,
    handles: counted(process.getActiveResourcesInfo()),
  };
  fs.writeFileSync(`${process.env.PROBE_FILE}.tmp`, JSON.stringify(figures));
  fs.renameSync(`${process.env.PROBE_FILE}.tmp`, process.env.PROBE_FILE);
  delay?.reset();
  [longest, at] = [0, used()];
};
process.on('SIGUSR2', write);
