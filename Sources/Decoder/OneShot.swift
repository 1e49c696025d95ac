internal import CProgramMemory
internal import Decoding
internal import Media

/// Decodes a single video without a zygote. It is locked up before the first byte.
enum OneShot {
  static func run(_ worker: MessageSocket) throws -> Never {
    // Before the libraries are loaded, since the box is tested with a fork, which copies all mappings.
    let box = try Box(worker.receive().content(Confinement.self))
    try Libraries.require()
    // Otherwise the start would take more memory than the job.
    memory_release_text()
    let ready = Ready(library: Inventory.version, missing: Inventory.missing)
    try box.lock()
    JobServer().run(after: ready)
  }
}
