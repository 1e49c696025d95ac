internal import Failures

/// The text of `/metrics`, by Prometheus' conventions: base units, `_total` for counters, one family for each subject.
struct MetricsPage {
  let text: String

  /// - Parameter version: the version of the program that answers.
  init(_ s: Snapshot, version: String) {
    var page = PrometheusText()
    page.add(
      "thumbnails_build_info", .gauge, "The version of the program that answers; always 1.",
      [Self.sample("version", version, 1)])
    page.add(
      "thumbnails_videos", .gauge, "Videos by the state of their thumbnail.",
      [
        Self.sample("state", "completed", Double(s.health.completedCount)),
        Self.sample("state", "failed", Double(s.health.failedCount)),
        Self.sample("state", "pending", Double(s.health.pendingCount)),
        Self.sample("state", "processing", Double(s.health.processingCount)),
      ])
    page.add(
      "thumbnails_videos_without_thumbnail", .gauge, "Finished videos that have no thumbnail.",
      Double(s.health.needsGenerationCount))
    page.add(
      "thumbnails_failed_videos", .gauge,
      "Failed videos by class; retry is scheduled, or exhausted where only a person can start them again.",
      Self.failedVideos(s.failedClasses))
    page.add(
      "thumbnails_held_videos", .gauge, "Videos that wait because of a fault that is not theirs, by class.",
      Self.samples("class", Self.names { $0.movesBreakers || $0 == .platform }, s.held.mapValues(Double.init)))
    Self.addRates(of: s.health, to: &page)
    Self.addCounters(of: s, to: &page)
    Self.addQueue(of: s, to: &page)
    Self.addHindrances(of: s, to: &page)
    Self.addProcesses(of: s, to: &page)
    text = page.text
  }

  /// Adds the rates as the status page shows them. Those that are not known yet are left out.
  private static func addRates(of health: Snapshot.Health, to page: inout PrometheusText) {
    let rates = [
      ("all", "all", health.successRatePercent), ("all", "good", health.successRateWithoutBadUploadsPercent),
      ("day", "all", health.lastDay.successRatePercent), ("day", "good", health.lastDay.successRateWithoutBadUploadsPercent),
    ]
    page.add(
      "thumbnails_success_ratio", .gauge,
      "Share of what ended well: of all videos, and of the attempts of 24 hours; good leaves out uploads that cannot be used "
        + "(classes media and forbidden).",
      rates.compactMap { window, uploads, percent in
        percent.map {
          PrometheusText.Sample(labels: [("window", window), ("uploads", uploads)], value: ($0 * 100).rounded() / 10_000)
        }
      })
    let times = [
      ("all", "mean", health.avgGenerationTimeSeconds), ("day", "mean", health.lastDay.meanSeconds),
      ("day", "p95", health.lastDay.p95Seconds),
    ]
    page.add(
      "thumbnails_shown_generation_seconds", .gauge,
      "Time from claim to stored thumbnail: the mean of all videos; mean and 95th percentile of 24 hours.",
      times.compactMap { window, statistic, seconds in
        seconds.map { PrometheusText.Sample(labels: [("window", window), ("statistic", statistic)], value: $0) }
      })
  }

  private static func addCounters(of s: Snapshot, to page: inout PrometheusText) {
    page.add("thumbnails_announced_total", .counter, "Videos that became due for a thumbnail.", s.totals.announced)
    page.add("thumbnails_attempts_total", .counter, "Attempts that were begun.", s.totals.attempts)
    page.add(
      "thumbnails_failures_total", .counter, "Attempts that failed, by class.",
      samples("class", names(where: \.counts), s.totals.failed))
    page.add(
      "thumbnails_releases_total", .counter, "Attempts that were given back because the fault was not the video's, by class.",
      samples("class", names { $0.consequence == .release }, s.totals.released))
    page.add(
      "thumbnails_fenced_results_total", .counter, "Late results that were refused because another worker had the video.",
      s.totals.fenced)
    let bounds = s.histogramBounds.map { bound in
      PrometheusText.Sample(suffix: "_bucket", labels: [("le", bound)], value: s.totals.le[bound] ?? 0)
    }
    page.add(
      "thumbnails_generation_seconds", .histogram, "Time from the claim of a video to its stored thumbnail.",
      bounds + [
        PrometheusText.Sample(suffix: "_bucket", labels: [("le", "+Inf")], value: s.totals.completed),
        PrometheusText.Sample(suffix: "_sum", value: s.totals.seconds),
        PrometheusText.Sample(suffix: "_count", value: s.totals.completed),
      ])
    page.add(
      "thumbnails_decoder_ends_total", .counter, "Decoders that a video brought down, by how they ended.",
      samples("kind", DecoderEndKind.allCases.map(\.rawValue).sorted(), s.totals.decoder))
    page.add("thumbnails_fetched_bytes_total", .counter, "Bytes read of videos whose thumbnail was stored.", s.totals.bytes)
  }

  private static func addQueue(of s: Snapshot, to page: inout PrometheusText) {
    page.add(
      "thumbnails_jobs", .gauge,
      "Jobs in the queue: due, leased to a worker, due later (or parked), or a result that the platform refuses and that is kept.",
      [
        sample("state", "due", Double(s.queue.due)), sample("state", "kept", Double(s.queue.kept)),
        sample("state", "later", Double(s.queue.later)), sample("state", "leased", Double(s.queue.leased)),
      ])
    page.add(
      "thumbnails_platform_refusals", .gauge,
      "Writes to the videos' rows that the platform's own rules refused in the last 24 hours.",
      Double(s.platform.refusals))
    page.add(
      "thumbnails_hints_set_aside", .gauge, "Changes of videos that could not be queued and wait for the next sweep.",
      Double(s.platform.setAside))
    page.add(
      "thumbnails_oldest_due_age_seconds", .gauge, "How long the video that waits longest for a worker has been due.",
      s.queue.oldestDueSeconds)
    page.add("thumbnails_stuck_videos", .gauge, "Videos that have been due for more than an hour.", Double(s.queue.overAnHour))
    page.add(
      "thumbnails_expired_leases", .gauge, "Videos in work whose worker has not renewed its lease in time.",
      Double(s.queue.expiredLeases))
    page.add(
      "thumbnails_last_sweep_timestamp_seconds", .gauge, "When the last sweep ended; 0 where none has run.",
      s.lastSweep?.epoch ?? 0)
  }

  /// Adds what keeps work from being done.
  private static func addHindrances(of s: Snapshot, to page: inout PrometheusText) {
    page.add(
      "thumbnails_breaker_open", .gauge, "Whether work is paused on any host because of faults of a class.",
      samples(
        "class", names(where: \.movesBreakers),
        Dictionary(s.breakers.map { ($0.class, $0.open ? 1 : 0) }, uniquingKeysWith: max)
      ))
    page.add(
      "thumbnails_breaker_faults", .gauge, "Faults of a class on the worst host since its last stored thumbnail.",
      samples(
        "class", names(where: \.movesBreakers),
        Dictionary(s.breakers.map { ($0.class, Double($0.faults)) }, uniquingKeysWith: max)))
    page.add(
      "thumbnails_host_breaker_open", .gauge, "Whether work is paused on a host, which has had faults of a class.",
      s.breakers.map {
        PrometheusText.Sample(labels: [("class", $0.class), ("host", $0.host)], value: $0.open ? 1 : 0)
      })
    page.add(
      "thumbnails_paused", .gauge, "What people have paused: everything (1), hosts, uploaders.",
      samples(
        "what", ["everything", "hosts", "uploaders"],
        Dictionary(
          s.paused.map { ($0.tenant != nil ? "uploaders" : $0.host != nil ? "hosts" : "everything", 1) }, uniquingKeysWith: +)))
    page.add("thumbnails_objects_to_delete", .gauge, "Objects that wait for the garbage collector.", Double(s.objectsToDelete))
    page.add(
      "thumbnails_objects_refused", .gauge, "Objects that the store did not delete when it was told to.",
      Double(s.objectsRefused.count))
    page.add("thumbnails_enabled", .gauge, "Whether generation is switched on in system_config.", s.enabled ? 1 : 0)
    page.add(
      "thumbnails_configuration_missing", .gauge, "Whether system_config lacks what announcements need.",
      s.missingConfiguration == nil ? 0 : 1)
  }

  /// Every known class is present, with 0 if need be, so that the first failure of a class is an increase.
  private static func failedVideos(_ failed: [Snapshot.FailedClass]) -> [PrometheusText.Sample] {
    let known = names { $0.counts || $0.movesBreakers } + ["unknown"]
    let counts = Dictionary(failed.map { ($0.class, $0) }) { $1 }
    return (known + counts.keys.filter { !known.contains($0) }.sorted()).flatMap { name in
      [("exhausted", counts[name]?.exhausted ?? 0), ("scheduled", counts[name]?.retried ?? 0)].map { retry, count in
        PrometheusText.Sample(labels: [("class", name), ("retry", retry)], value: Double(count))
      }
    }
  }

  private static func names(where isMeant: (FailureClass) -> Bool) -> [String] {
    FailureClass.allCases.filter(isMeant).map(\.rawValue).sorted()
  }

  static func sample(_ label: String, _ value: String, _ number: Double) -> PrometheusText.Sample {
    PrometheusText.Sample(labels: [(label, value)], value: number)
  }

  /// One sample for each known value, 0 if there is none yet, so that rates have a beginning; then the unknown ones.
  static func samples(_ label: String, _ known: [String], _ values: [String: Double]) -> [PrometheusText.Sample] {
    let others = values.keys.filter { !known.contains($0) }.sorted()
    return (known + others).map { sample(label, $0, values[$0] ?? 0) }
  }
}
