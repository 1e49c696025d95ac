"""What is said at the end of a run: what was lost or doubled, and how long it took to get over each fault."""

import statistics


def say(text):
    print(text, flush=True)


def percentiles(values):
    """Median and 99th percentile."""
    ordered = sorted(values)
    return statistics.median(ordered), ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]


def report(run, facts):
    w, load = run.world, run.load
    say(f"\n{len(facts['acknowledged'])} videos acknowledged, {len(facts['completions'])} results acknowledged to workers, "
        f"{load.refused} inserts refused, {len(w.lost_hints)} hints lost, {run.sweeps} sweeps")
    say_failures(w, facts["expected"])
    if run.sizes:
        middle, _ = percentiles(run.sizes)
        say(f"memory of a worker: {middle:.0f} MB, the largest {max(run.sizes)} MB")
    for title, table in (("after the end of | videos unfinished then | p50, s | p99, s", run.recovery), ("what | times | p50 | p99", w.notes)):
        rows = [(name, len(values), *percentiles(values)) for name, values in sorted(table.items()) if values]
        if rows:
            say(f"\n| {title} |\n|---|---|---|---|")
        for name, count, middle, high in rows:
            say(f"| {name} | {count} | {middle:.2f} | {high:.2f} |")
    say(f"\nseed {run.options.seed}: " + ("FAILED:\n" + "\n".join(w.failures) if w.failures else "nothing lost, nothing doubled"))


def say_failures(world, expected):
    """Good videos that failed for good, by their reasons: only where a fault may excuse it."""
    cursor = world.database.connect().cursor()
    cursor.execute("SELECT id::text, thumbnail_generation_error_code, thumbnail_generation_error FROM videos "
                   "WHERE thumbnail_generation_status = 'failed'")
    reasons = {}
    for video, code, error in cursor.fetchall():
        if expected.get(video) == "completed":
            reasons[f"{code}: {error}"] = reasons.get(f"{code}: {error}", 0) + 1
    for reason, count in sorted(reasons.items(), key=lambda item: -item[1]):
        say(f"good videos that failed three times: {count} × {reason}")
