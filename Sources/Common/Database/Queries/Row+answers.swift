internal import DatabaseClient

extension [Row] {
  /// The word in a column of the first row, or `unexpected` if this program does not know it.
  func word<Word: RawRepresentable<String>>(_ column: String = "outcome", of function: String) throws(DatabaseError) -> Word {
    guard let word = first?.text(column).flatMap(Word.init(rawValue:)) else { throw .unexpected(function) }
    return word
  }
}

extension Row {
  /// The uploader; nil also if the text is empty.
  var tenant: String? { text("tenant").flatMap { $0.isEmpty ? nil : $0 } }
}

extension DatabaseError {
  /// A function in the schema `thumbnails` gave an answer that this program does not know.
  static func unexpected(_ function: String) -> DatabaseError {
    DatabaseError(kind: .refused, detail: "thumbnails.\(function) answered something unknown: the migrations do not fit")
  }
}
