/// What a delivery's reply means for the outbox row.
package enum Settlement: Sendable, Equatable {
  /// Nothing is left to do for this video.
  case done
  /// Due again after so many seconds; nil for a delay that grows with each delivery.
  case later(seconds: Double?)

  var isDone: Bool { self == .done }

  var delaySeconds: Double? {
    if case .later(let seconds) = self { seconds } else { nil }
  }
}
