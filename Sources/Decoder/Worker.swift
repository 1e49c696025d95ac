internal import CommandLineTool
internal import Decoding
internal import Glibc

/// Whom this process works for.
enum Worker {
  /// Where the worker's socket is.
  static let descriptor: Int32 = 3

  /// The worker's socket, from before the box is locked.
  static var connection: MessageSocket {
    var kind: Int32 = 0
    var length = socklen_t(MemoryLayout.size(ofValue: kind))
    guard unsafe getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &kind, &length) == 0 else {
      options.refuse("descriptor 3 is no socket: auto-generate-thumbnail starts it")
    }
    return MessageSocket(descriptor, patience: .control)
  }
}
