/// Why there is no picture, with the log lines of FFmpeg's libraries.
struct ReportedFailure: Error {
  let error: any Error
  let log: [String]
}
