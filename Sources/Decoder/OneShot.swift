internal import CProgramMemory
internal import Decoding
internal import Media

/// Decodes by itself, locked up before the first byte: for a caller with one video.
struct OneShot {
  private let worker: MessageSocket

  init(_ worker: MessageSocket) {
    self.worker = worker
  }

  func run() throws -> Never {
    // Before the libraries are there: the box is tried with a fork, which copies what is mapped.
    let box = try Box(worker.receive().content(Confinement.self))
    try Libraries.require()
    // Else the start would be the peak of what a job takes.
    memory_release_text()
    let ready = Ready(library: Inventory.version, missing: Inventory.missing)
    try box.lock()
    JobServer().run(after: ready)
  }
}
