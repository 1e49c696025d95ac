extension MetricsPage {
  /// Adds what processes tell of themselves: workers by state and by host, and the relay.
  static func addProcesses(of s: Snapshot, to page: inout PrometheusText) {
    let workers = s.workers
    page.add(
      "thumbnails_workers", .gauge,
      "Workers: busy with a video, idle, or silent for more than three minutes. They tell of themselves once a minute.",
      samples(
        "state", ["busy", "idle", "silent"],
        ["busy": Double(workers.counts.busy), "idle": Double(workers.counts.idle), "silent": Double(workers.counts.silent)]))
    page.add("thumbnails_host_processes", .gauge, "Processes by program, host, version and state.", processes(workers.list))
    page.add(
      "thumbnails_worker_attempts_total", .counter, "Attempts of a worker since it started, by what came of them.",
      workers.list.flatMap(attempts))
    page.add(
      "thumbnails_unboxed_hosts", .gauge, "Hosts that decode videos without a box (MEDIA_SANDBOX=off).",
      Double(workers.unboxedHosts.count))
    page.add(
      "thumbnails_relay", .gauge,
      "Whether the relay that was heard from last listens, polls, or is silent; all 0 where there is none.",
      ["listening", "polling", "silent"].map { sample("state", $0, s.relay?.state == $0 ? 1 : 0) })
    page.add(
      "thumbnails_relay_trouble", .gauge, "Whether the relay's posts do not reach the handlers.",
      s.relay?.trouble == nil ? 0 : 1)
  }

  private static func processes(_ list: [Snapshot.Worker]) -> [PrometheusText.Sample] {
    let counts = Dictionary(grouping: list) { worker in
      [worker.program ?? "", worker.host ?? "", worker.version ?? "", worker.state]
    }
    return counts.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { key, list in
      PrometheusText.Sample(
        labels: [("program", key[0]), ("host", key[1]), ("version", key[2]), ("state", key[3])], value: Double(list.count))
    }
  }

  /// One series for each process: a new process begins at 0, as Prometheus expects of a counter.
  private static func attempts(of worker: Snapshot.Worker) -> [PrometheusText.Sample] {
    guard worker.program == "auto-generate-thumbnail", let name = worker.name, let host = worker.host else { return [] }
    return [("completed", worker.completed ?? 0), ("failed", worker.failed ?? 0)].map { outcome, count in
      PrometheusText.Sample(labels: [("host", host), ("worker", name), ("outcome", outcome)], value: Double(count))
    }
  }
}
