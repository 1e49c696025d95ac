internal import CommandLineTool
internal import Decoding
internal import Glibc

/// Whom this process works for.
enum Worker {
  /// Where the worker's socket is.
  static let descriptor: Int32 = 3

  /// Serves it to the end. What this host lacks, or what cannot be understood, it is told.
  static func serve(_ work: (MessageSocket) throws -> Never) -> Never {
    let worker = connection
    do {
      try work(worker)
    } catch let lack as Box.Unavailable {
      refuse(lack.refusal, worker)
    } catch let nonsense as MalformedMessage {
      refuse(Refusal(nonsense), worker)
    } catch is SocketClosed {
      exit(0)
    } catch {
      exit(1)
    }
  }

  private static func refuse(_ refusal: Refusal, _ worker: MessageSocket) -> Never {
    // A worker that is gone needs no answer.
    try? worker.send(refusal)
    exit(EX_CONFIG)
  }

  /// The worker's socket, from before the box is locked.
  private static var connection: MessageSocket {
    var kind: Int32 = 0
    var length = socklen_t(MemoryLayout.size(ofValue: kind))
    guard unsafe getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &kind, &length) == 0 else {
      options.refuse("descriptor 3 is no socket: auto-generate-thumbnail starts it")
    }
    return MessageSocket(descriptor, patience: .control)
  }
}
