/// The answer to a sweep.
struct RetryReply: Encodable {
  var success = true
  let data: SweepReport
  /// Workers that were woken within this request, and said so.
  var delivered = 0
  /// What comes next, for people.
  var message = ""
  /// Objects nobody needed, deleted within this request; nil where nothing is collected here.
  var collected: Int?
  let timestamp: String
}
