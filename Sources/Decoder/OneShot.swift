internal import CProgramMemory
internal import Decoding
internal import Glibc
internal import Media

/// Decodes by itself, locked up before the first byte: for a caller with one video.
struct OneShot {
  private let worker: MessageSocket

  init(_ worker: MessageSocket) {
    self.worker = worker
  }

  func run() -> Never {
    do {
      // Before the libraries are there: the box is tried with a fork, which copies what is mapped.
      let box = try Box(worker.receive().content(Confinement.self))
      try Libraries.require()
      // Else the start would be the peak of what a job takes.
      memory_release_text()
      let ready = Ready(library: Inventory.version, missing: Inventory.missing)
      try box.lock()
      JobServer().run(after: ready)
    } catch let lack as Box.Unavailable {
      try? worker.send(lack.refusal)
      exit(EX_CONFIG)
    } catch let nonsense as MalformedMessage {
      try? worker.send(Refusal(nonsense))
      exit(EX_CONFIG)
    } catch {
      exit(1)
    }
  }
}
