internal import FastCGI

/// The result of a job: its answer, and what the worker does next.
struct JobOutcome {
  let response: Response
  let next: Next

  enum Next {
    /// The next job, which was claimed in the statement that wrote the result.
    case taken(TakenJob)
    /// Nothing is due, or this host may not claim for now.
    case nothing
    /// Not known yet: the queue has to be asked.
    case unknown
  }
}
