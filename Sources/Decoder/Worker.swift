internal import CommandLineTool
internal import Decoding
internal import Glibc

/// The worker for which this process decodes.
enum Worker {
  static let descriptor: Int32 = 3

  /// Serves the worker until it is gone. Tells it what this host lacks, and of messages that cannot be understood.
  static func serve(_ work: (MessageSocket) throws -> Never) -> Never {
    let worker = connection
    do {
      try work(worker)
    } catch let refusal as Refusal {
      refuse(refusal, worker)
    } catch let nonsense as MalformedMessage {
      refuse(Refusal(nonsense), worker)
    } catch is SocketClosed {
      exit(0)
    } catch {
      exit(1)
    }
  }

  private static func refuse(_ refusal: Refusal, _ worker: MessageSocket) -> Never {
    // If the worker is gone, it needs no answer.
    try? worker.send(refusal)
    exit(EX_CONFIG)
  }

  /// The worker's socket, for use before the box is locked.
  private static var connection: MessageSocket {
    var kind: Int32 = 0
    var length = socklen_t(MemoryLayout.size(ofValue: kind))
    guard unsafe getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &kind, &length) == 0 else {
      options.refuse("descriptor 3 is no socket: auto-generate-thumbnail starts it")
    }
    return MessageSocket(descriptor, patience: .control)
  }
}
