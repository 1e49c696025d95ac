/// The answer to a sweep.
struct RetryReply: Encodable {
  var success = true
  let data: SweepReport
  /// How many wake-ups a worker accepted within this request.
  var delivered = 0
  /// What happens next, for people.
  var message = ""
  /// How many objects that nobody needed were deleted within this request; nil if this program does not collect garbage.
  var collected: Int?
  let timestamp: String
}
