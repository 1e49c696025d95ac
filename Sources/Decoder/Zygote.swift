internal import CProgramMemory
internal import Decoding
internal import Glibc
internal import Media

/// Loads and warms up the libraries once, and forks children that decode. It never reads a byte of a video itself.
enum Zygote {
  /// Serves until the worker is gone. The kernel then kills the children.
  static func run(_ worker: MessageSocket) throws -> Never {
    try Libraries.require()
    let box = try Box(worker.receive().content(Confinement.self))
    let missing = Inventory.missing
    if WarmUp.isPossible(without: missing) { try WarmUp.run() }
    // Children map the text that they need anyway, since a fork does not pass it on.
    memory_release_text()
    memory_release_heap()
    try worker.send(Ready(library: Inventory.version, missing: missing))
    var children = Children()
    while true {
      if !worker.hasUnread { children.reap(until: worker.descriptor) }
      let message = try worker.receive()
      if message.type == .start {
        children.add(try start(box, for: worker))
      } else {
        try worker.send(ChildEnded(status: children.end(message.content(EndChild.self).process)))
      }
    }
  }

  private static func start(_ box: Box, for worker: MessageSocket) throws -> pid_t {
    guard let job = worker.takeDescriptor() else { throw MalformedMessage("a start without a socket") }
    let child = try box.fork(job)
    if child == 0 { JobServer().run() }
    close(job)
    try worker.send(ChildStarted(process: child))
    return child
  }
}
