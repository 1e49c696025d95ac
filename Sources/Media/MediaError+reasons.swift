internal import Decoding

extension MediaError {
  init(_ kind: Kind, _ description: String, code: AVErrorCode?) {
    self.init(kind, description, detail: code.map { "\($0)" } ?? "")
  }
}
