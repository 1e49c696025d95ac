internal import Database
internal import FastCGI

/// The result of a job: its answer, and the next job, if the statement that wrote the result has asked for one.
struct JobOutcome {
  let response: Response
  let next: NextClaim
}
