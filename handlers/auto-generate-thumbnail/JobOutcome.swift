internal import FastCGI

/// What came of a job: its answer, and what the worker has to do next.
struct JobOutcome {
  let response: Response
  let next: Next

  enum Next {
    /// It came with the answer to the result.
    case taken(TakenJob)
    /// Nothing is due, or this host takes nothing for now.
    case nothing
    case notAsked
  }
}
