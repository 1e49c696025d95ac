/// Why a request cannot be understood.
package struct BadRequest: Error, Equatable {
  /// A sentence for the reply.
  package let text: String

  package init(text: String) {
    self.text = text
  }
}
