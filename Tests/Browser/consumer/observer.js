// What a test asks for afterwards. Only Chromium tells what moved.
window.shifts = [];
window.unhandled = [];
if (PerformanceObserver.supportedEntryTypes.includes('layout-shift')) {
  new PerformanceObserver((list) => shifts.push(...list.getEntries().filter((e) => !e.hadRecentInput).map((e) => e.value))).observe({ type: 'layout-shift', buffered: true });
}
addEventListener('unhandledrejection', (event) => unhandled.push(String(event.reason)));
