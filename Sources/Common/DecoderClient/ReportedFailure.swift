/// Why there is no picture, and what the libraries had to say.
struct ReportedFailure: Error {
  let error: any Error
  let log: [String]
}
